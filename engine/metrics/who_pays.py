"""Who pays for a change: people better, worse and unchanged by group, and tenths of the change.

Two per-user vectors go in, the metric before and after, over the same people. A mean that stays
put can hide that many people lose a little, or that a few lose a lot; these figures show it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.kernels.group_sums import TOLERANCE

__all__ = ["TOLERANCE", "Tenths", "WhoPays", "changes", "tenths_of_change", "who_pays"]


@dataclass(frozen=True, eq=False)
class WhoPays:
    """Counts of people by what the change did to them; every array has shape (n_groups,).

    Attributes
    ----------
    better, same, worse : int64 arrays
        People whose value went the good way, stayed, went the bad way.
    undefined : int64 array
        People with no value before or after (nothing held out, for instance); counted apart.
    mean_gain, mean_loss : float64 arrays
        Mean size (>= 0) of the change among the better and among the worse; NaN where nobody is.
    """

    better: NDArray[np.int64]
    same: NDArray[np.int64]
    worse: NDArray[np.int64]
    undefined: NDArray[np.int64]
    mean_gain: NDArray[np.float64]
    mean_loss: NDArray[np.float64]

    @property
    def n(self) -> NDArray[np.int64]:
        """People with a value before and after."""
        return self.better + self.same + self.worse

    def shares(self) -> NDArray[np.float64]:
        """Shares of (better, same, worse), shape (n_groups, 3); NaN for an empty group."""
        counts = np.stack([self.better, self.same, self.worse], axis=1).astype(np.float64)
        total = self.n[:, None]
        return np.divide(counts, total, out=np.full(counts.shape, np.nan), where=total > 0)


@dataclass(frozen=True, eq=False)
class Tenths:
    """People in order of their change, cut into ten equal parts; arrays of shape (10,).

    Attributes
    ----------
    mean : float64 array
        Mean change in each tenth, those who lost most first; NaN where a tenth is empty.
    low, high : float64 arrays
        Smallest and largest change in each tenth.
    n : int64 array
        People in each tenth; they differ by at most one.
    """

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    n: NDArray[np.int64]


def changes(
    before: ArrayLike, after: ArrayLike, *, higher_is_better: bool = True
) -> NDArray[np.float64]:
    """Change of each person's value, positive where it is for the better.

    Parameters
    ----------
    before, after : float arrays of shape (n_users,)
        The same metric for the same people; NaN where undefined.
    higher_is_better : bool
        False turns the sign, so that a fall counts as better.

    Returns
    -------
    float64 array of shape (n_users,)
        NaN where either is undefined; exactly 0 where the change is within :data:`TOLERANCE`.

    Examples
    --------
    >>> changes([0.5, 0.5, float("nan")], [0.7, 0.5, 0.1]).round(3).tolist()
    [0.2, 0.0, nan]
    """
    old = np.asarray(before, dtype=np.float64)
    change = np.asarray(after, dtype=np.float64) - old
    change[np.abs(change) <= TOLERANCE * np.maximum(np.abs(old), 1.0)] = 0.0
    return change if higher_is_better else 0.0 - change


def who_pays(change: NDArray[np.float64], codes: NDArray[np.integer], n_groups: int) -> WhoPays:
    """Count the better, the unchanged and the worse in each group. O(n_users).

    Parameters
    ----------
    change : float64 array of shape (n_users,)
        From :func:`changes`.
    codes : integer array of shape (n_users,)
        Group of each person, in [0, n_groups); -1 for nobody's group, which is left out.
    n_groups : int

    Examples
    --------
    >>> pays = who_pays(np.array([0.2, -0.1, 0.0, np.nan]), np.array([0, 0, 1, 1]), 2)
    >>> pays.better.tolist(), pays.worse.tolist(), pays.same.tolist(), pays.undefined.tolist()
    ([1, 0], [1, 0], [0, 1], [0, 1])
    """
    codes = np.asarray(codes)
    gained, lost = change > 0, change < 0
    better, worse = _count(codes, gained, n_groups), _count(codes, lost, n_groups)
    return WhoPays(
        better=better,
        same=_count(codes, change == 0, n_groups),
        worse=worse,
        undefined=_count(codes, np.isnan(change), n_groups),
        mean_gain=_mean_size(codes, change, gained, n_groups, better),
        mean_loss=_mean_size(codes, change, lost, n_groups, worse),
    )


def tenths_of_change(change: NDArray[np.float64]) -> Tenths:
    """Cut people, in order of their change, into ten parts of equal size. O(n log n).

    People with an undefined change are left out. With fewer than ten people some tenths are empty.

    Examples
    --------
    >>> tenths_of_change(np.arange(20.0)).mean.tolist()[:3]
    [0.5, 2.5, 4.5]
    """
    ordered = np.sort(change[~np.isnan(change)])
    edges = (np.arange(11) * len(ordered)) // 10
    parts = [ordered[start:end] for start, end in itertools.pairwise(edges)]
    nothing = np.array([np.nan])
    filled = [part if len(part) else nothing for part in parts]
    return Tenths(
        mean=np.array([part.mean() for part in filled]),
        low=np.array([part[0] for part in filled]),
        high=np.array([part[-1] for part in filled]),
        n=np.array([len(part) for part in parts], dtype=np.int64),
    )


def _count(
    codes: NDArray[np.integer], is_counted: NDArray[np.bool_], n_groups: int
) -> NDArray[np.int64]:
    return np.bincount(codes[is_counted & (codes >= 0)], minlength=n_groups).astype(np.int64)


def _mean_size(
    codes: NDArray[np.integer],
    change: NDArray[np.float64],
    is_counted: NDArray[np.bool_],
    n_groups: int,
    counts: NDArray[np.int64],
) -> NDArray[np.float64]:
    chosen = is_counted & (codes >= 0)
    sums = np.bincount(codes[chosen], weights=np.abs(change[chosen]), minlength=n_groups)
    return np.divide(sums, counts, out=np.full(n_groups, np.nan), where=counts > 0)
