"""The columns that compare a list with its baseline and with the ranker's order."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner
from engine.metrics.kernels.columns import any_asked, located
from engine.metrics.kernels.inputs import People, Reading, Rows

__all__ = ["AT", "change_rows"]


class Change(NamedTuple):
    """The columns that this kernel fills, by the names of the metrics."""

    overlap: int
    rbo: int
    promotion: int


AT = located(Change)


@inner
def _find(items: NDArray[Any], stop: int, item: int) -> int:
    """Place of ``item`` among the first ``stop``; -1 where it is not there."""
    for place in range(min(stop, len(items))):
        if items[place] == item:
            return place
    return -1


@inner
def _agreement(now: NDArray[Any], before: NDArray[Any], patience: float, row: NDArray[Any]) -> None:
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
    row[AT.overlap] = shared / (len(now) + len(before) - shared)
    row[AT.rbo] = agreement / norm


@inner
def _promotion(shown: NDArray[Any], ranking: NDArray[Any], k: int) -> float:
    """Places below the end of the list from which the deepest item came; NaN where unranked."""
    deepest = -1
    for item in shown:
        place = _find(ranking, len(ranking), item)
        if place < 0:
            return np.nan
        deepest = max(deepest, place)
    return max(deepest + 1 - k, 0) if deepest >= 0 else np.nan


@inner
def change_rows(rows: Rows, people: People, reading: Reading, start: int, stop: int) -> None:
    """Fill the columns of change of lists ``start`` to ``stop``.

    Overlap and RBO stay NaN where there is no baseline.
    """
    k, asked = rows.items.shape[1], reading.asked
    has_baseline = rows.baseline.shape[1] > 0 and any_asked(asked, (AT.overlap, AT.rbo))
    if not (has_baseline or asked[AT.promotion]):
        return
    for r in range(start, stop):
        items, row = rows.items[r], rows.out[r]
        shown = items[items >= 0]
        if asked[AT.promotion]:
            row[AT.promotion] = _promotion(shown, people.ranking[rows.users[r]], k)
        if has_baseline:
            before = rows.baseline[r]
            _agreement(shown, before[before >= 0], reading.patience, row)
