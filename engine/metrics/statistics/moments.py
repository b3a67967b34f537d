"""Size, mean and spread of a metric by group of people; how many have anything unusual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Moments", "moments", "share_of_events"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Moments:
    """Arrays of shape (n_groups,); the mean is NaN for nobody.

    ``squares`` are summed about the group's mean.
    """

    n: NDArray[np.int64]
    mean: Floats
    squares: Floats


def moments(values: NDArray[np.floating], codes: NDArray[np.integer], n_groups: int) -> Moments:
    """Add up a metric by group; O(n_users).

    Parameters
    ----------
    values : float array of shape (n_users,)
        No NaN; summed in float64.
    codes : integer array of shape (n_users,)
        Group in [0, n_groups).
    n_groups : int
    """
    wide = np.asarray(values, dtype=np.float64)
    n = np.bincount(codes, minlength=n_groups).astype(np.int64)
    total = np.bincount(codes, weights=wide, minlength=n_groups)
    mean = np.divide(total, n, out=np.full(n_groups, np.nan), where=n > 0)
    squares = np.bincount(codes, weights=(wide - mean[codes]) ** 2, minlength=n_groups)
    return Moments(n, mean, squares.astype(np.float64))


def share_of_events(values: NDArray[np.floating]) -> float:
    """Return the share of people with anything but the most common value; 0 for nobody.

    Of most metrics that value is 0: no hit, nothing of the long tail, no change.

    Examples
    --------
    >>> share_of_events(np.array([0.0, 0.0, 0.0, 0.5]))
    0.25
    """
    _, count = np.unique(values, return_counts=True)
    return float(1 - count.max() / len(values)) if len(values) else 0.0
