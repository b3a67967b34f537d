"""Where a group of items loses its exposure, in one sentence under the page's question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.formats import SHARE, interval, number

__all__ = ["StageShares", "loss_sentence"]

LEAST_SHARE = 0.01
"""Groups that should have less than this are not named: a few places make them halve or double."""


@dataclass(frozen=True, eq=False)
class StageShares:
    """Shares of exposure by group and stage.

    Attributes
    ----------
    labels, stages : sequence of str
        Of the groups, and of the stages in the order of the pipeline.
    shares : float64 array of shape (n_groups, n_stages)
        NaN where undefined.
    target : float64 array of shape (n_groups,)
        The share that each is held against, which is that of ``target_words``.
    ends : sequence of (float, float)
        95 % interval of the share at the last stage.
    n : int
        People.
    """

    labels: Sequence[str]
    stages: Sequence[str]
    shares: NDArray[np.float64]
    target: NDArray[np.float64]
    target_words: str
    ends: Sequence[tuple[float, float]]
    n: int


def loss_sentence(found: StageShares) -> str:
    """Name the group that ends farthest below its target, and the step at which most is lost.

    Where the interval of every group reaches its target, or lies above, nothing is lost.
    """
    high = np.array([end for _, end in found.ends])
    is_below = (found.target >= LEAST_SHARE) & (high < found.target)
    if not is_below.any():
        return (
            f"No group of items is shown clearly less than its share of {found.target_words} "
            f"(n = {found.n:,})."
        )
    now = np.where(is_below, found.shares[:, -1] / np.maximum(found.target, LEAST_SHARE), np.inf)
    at = int(np.argmin(now))
    row = found.shares[at]
    known = [(name, share) for name, share in zip(found.stages, row, strict=True) if share == share]
    course = ", ".join(f"{number(share, SHARE)} {name}" for name, share in known[:-1])
    low, high_end = found.ends[at]
    return (
        f"{found.labels[at]}: {number(found.target[at], SHARE)} of {found.target_words}, "
        f"{number(row[-1], SHARE)} of what is shown now ({interval(low, high_end, SHARE)}, "
        f"n = {found.n:,}). On the way: {course}.{_lost_at(known)}"
    )


def _lost_at(known: Sequence[tuple[str, float]]) -> str:
    """Say the step that takes most, in shares of exposure; empty where none takes any."""
    drops = [before - after for (_, before), (_, after) in pairwise(known)]
    if not drops or max(drops) <= 0:
        return ""
    place = int(np.argmax(drops))
    return f" Most is lost from {known[place][0]} to {known[place + 1][0]}."
