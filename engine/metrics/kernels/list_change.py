"""The columns that compare a list with its baseline and with the ranker's order."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import inner, kernel
from engine.metrics.audience import Audience

__all__ = ["fill_change"]

OVERLAP, RBO, PROMOTION = range(3)
"""Columns, in the order of ``discovery_definitions.CHANGE``."""


@inner
def _find(items: NDArray, stop: int, item: int) -> int:
    """Place of ``item`` among the first ``stop``; -1 where it is not there."""
    for place in range(min(stop, len(items))):
        if items[place] == item:
            return place
    return -1


@inner
def _agreement(now: NDArray, before: NDArray, patience: float, row: NDArray) -> None:
    """Jaccard overlap and rank-biased overlap of two lists without padding."""
    depth = max(len(now), len(before))
    if depth == 0:
        return
    shared, agreement, norm, weight = 0, 0.0, 0.0, 1.0
    for d in range(depth):
        if d < len(now) and _find(before, d + 1, now[d]) >= 0:
            shared += 1
        if d < len(before) and _find(now, d, before[d]) >= 0:
            shared += 1
        agreement += weight * shared / (d + 1)
        norm += weight
        weight *= patience
    row[OVERLAP] = shared / (len(now) + len(before) - shared)
    row[RBO] = agreement / norm


@inner
def _promotion(shown: NDArray, ranking: NDArray, k: int) -> float:
    """Places below the end of the list from which the deepest item came; NaN where unranked."""
    deepest = -1
    for item in shown:
        place = _find(ranking, len(ranking), item)
        if place < 0:
            return np.nan
        deepest = max(deepest, place)
    return max(deepest + 1 - k, 0) if deepest >= 0 else np.nan


@kernel
def _fill(
    items: NDArray,
    users: NDArray,
    ranking: NDArray,
    baseline: NDArray,
    has_baseline: bool,
    patience: float,
    first: int,
    out: NDArray,
) -> None:
    k = items.shape[1]
    for r in prange(len(items)):
        row, now = out[r, first:], items[r]
        shown = now[now >= 0]
        row[PROMOTION] = _promotion(shown, ranking[users[r]], k)
        if has_baseline:
            before = baseline[r]
            _agreement(shown, before[before >= 0], patience, row)


def fill_change(
    audience: Audience,
    items: NDArray[np.int32],
    users: NDArray[np.int64],
    baseline: NDArray[np.int32] | None,
    out: NDArray[np.float32],
    *,
    patience: float,
    first: int,
) -> None:
    """Fill the columns of change from column ``first`` on; O(users · k · (k + candidates)).

    Parameters
    ----------
    audience : Audience
    items, users, out
        As in :func:`engine.metrics.kernels.relevance.fill_relevance`.
    baseline : int32 array of shape (n_rows, any), or None
        The lists to compare with, row by row; without them overlap and RBO stay NaN.
    patience : float
        Weight of each further depth of the RBO, in (0, 1).
    first : int
        Column of ``overlap``.
    """
    before = items if baseline is None else baseline
    _fill(items, users, audience.ranking, before, baseline is not None, patience, first, out)
