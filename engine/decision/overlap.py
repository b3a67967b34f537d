"""How much the lists of two settings have in common, person by person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.metrics.intervals import t_quantile

__all__ = ["Overlap", "overlap_frame", "overlap_of"]

ROWS = 100_000
"""People at once: the arrays of a block stay small whatever the audience."""


@dataclass(frozen=True)
class Overlap:
    """What two settings' lists have in common.

    Attributes
    ----------
    shared, low, high : float
        Mean number of items in both lists of a person, with its 95 % interval.
    same_items, same_lists : float
        Share of people whose lists hold the same items, and the same in the same order.
    k : int
        Length of the longer lists.
    n : int
        People.
    """

    shared: float
    low: float
    high: float
    same_items: float
    same_lists: float
    k: int
    n: int


def overlap_of(one: NDArray[np.int32], other: NDArray[np.int32]) -> Overlap:
    """Compare two settings' lists of the same people; O(people · k log k).

    Parameters
    ----------
    one, other : int32 arrays of shapes (n_people, k)
        Items, each once a list, padded with -1.

    Examples
    --------
    >>> found = overlap_of(np.array([[1, 2, 3], [4, 5, 6]]), np.array([[3, 2, 9], [4, 5, 6]]))
    >>> found.shared, found.same_items, found.same_lists
    (2.5, 0.5, 0.5)
    """
    blocks = range(0, len(one), ROWS)
    shared = np.concatenate(
        [_shared(one[at : at + ROWS], other[at : at + ROWS]) for at in blocks] or [np.empty(0)]
    )
    lengths = np.maximum((one >= 0).sum(axis=1), (other >= 0).sum(axis=1))
    n, k = len(shared), min(one.shape[1], other.shape[1])
    are_alike = (one[:, :k] == other[:, :k]).all(axis=1)
    are_alike &= (one[:, k:] < 0).all(axis=1) & (other[:, k:] < 0).all(axis=1)
    if not n:
        nan = float("nan")
        return Overlap(nan, nan, nan, nan, nan, k, 0)
    mean, sd = float(shared.mean()), shared.std(ddof=1) if n > 1 else np.nan
    half = float(t_quantile(np.array([n - 1]))[0] * sd / np.sqrt(n))
    return Overlap(
        mean,
        max(mean - half, 0.0) if half == half else half,
        min(mean + half, float(max(one.shape[1], other.shape[1]))) if half == half else half,
        float((shared == lengths).mean()),
        float(are_alike.mean()),
        max(one.shape[1], other.shape[1]),
        n,
    )


def _shared(one: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.float64]:
    """Count items in both lists of a row: an item of both stands twice, side by side, if sorted."""
    both = np.sort(np.concatenate([one, other], axis=1), axis=1)
    return ((both[:, 1:] == both[:, :-1]) & (both[:, 1:] >= 0)).sum(axis=1).astype(np.float64)


def overlap_frame(names: Sequence[str], lists: Sequence[NDArray[np.int32]]) -> pd.DataFrame:
    """Return a row per pair of settings."""
    rows = []
    for (name, one), (other_name, other) in combinations(zip(names, lists, strict=True), 2):
        found = overlap_of(one, other)
        rows.append(
            {
                "scenario": name, "and": other_name, "items in common": found.shared,
                "low": found.low, "high": found.high, "of": found.k,
                "people with the same items": found.same_items,
                "people with the same lists": found.same_lists, "n": found.n,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)
