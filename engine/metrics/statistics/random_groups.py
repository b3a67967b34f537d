"""What chance makes of a group of people: studentised, from random groups of its size.

The mean of a small group of a skewed metric with many zeros is far from normal, and its own spread
a poor guide: of 23 people none may have a hit, and their spread is 0. So a group is held against
random groups of the same size out of everyone, and each mean is divided by an error in which
everyone's spread counts like :data:`LENT` people of the group's own.

The tests are exact for groups dealt at random, whatever the metric (Pitman 1937; Janssen 1997 and
Chung & Romano 2013 for studentising: they hold, in larger groups, where spreads differ as well).
Ends of intervals are the values that the test does not refuse; for a single mean, those of groups
drawn with replacement (the bootstrap-t of Efron 1982, with everyone's shape for the group's).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import special

from engine.metrics.kernels.random_groups import dealt_sums, drawn_sums

__all__ = ["LENT", "Null", "RandomGroups", "Student", "blended", "dealt_nulls", "drawn_nulls"]

LENT = 4.0
"""People's worth of everyone's spread that each group is lent."""

MOST_DEALT = 2000
"""Larger groups (on both sides) are held against Student's t, which is right by then."""

TIE = 1e-9
"""Two ways of adding up the same values differ by less, relative to the statistic."""

Floats = NDArray[np.float64]


class Null(Protocol):
    """What a studentised difference is where nothing but chance is at work."""

    def p(self, statistic: float) -> float:
        """Return the two-sided p: twice that of the rarer side, at most 1."""

    def critical(self, alpha: float) -> tuple[float, float]:
        """Return the ends that a statistic lies outside exactly where its p is below ``alpha``."""

    def spread(self, alpha: float) -> tuple[float, float]:
        """Return the ends between which it lies with a chance of 1 − alpha."""


@dataclass(frozen=True, eq=False)
class RandomGroups:
    """The statistic of many random groups.

    Attributes
    ----------
    values : float64 array of shape (n_deals,)
        Ascending.
    """

    values: Floats

    def p(self, statistic: float) -> float:
        """Return the two-sided p; the real group is one of the deals (Phipson & Smyth 2010)."""
        slack = TIE * max(1.0, abs(statistic))
        n = len(self.values)
        below = int(np.searchsorted(self.values, statistic + slack, side="right"))
        above = n - int(np.searchsorted(self.values, statistic - slack, side="left"))
        return min(1.0, 2.0 * (min(below, above) + 1) / (n + 1))

    def critical(self, alpha: float) -> tuple[float, float]:
        """Return the ends of what ``p`` does not refuse; infinite where it cannot refuse."""
        n = len(self.values)
        # p < alpha where at most this many deals are as extreme, on that side:
        most = int(np.ceil(alpha * (n + 1) / 2 - 1e-9)) - 2
        if most < 0:
            return -np.inf, np.inf
        low, high = float(self.values[most]), float(self.values[n - 1 - most])
        return low - TIE * max(1.0, abs(low)), high + TIE * max(1.0, abs(high))

    def spread(self, alpha: float) -> tuple[float, float]:
        """Return the quantiles."""
        low, high = np.quantile(self.values, [alpha / 2, 1 - alpha / 2])
        return float(low), float(high)


@dataclass(frozen=True)
class Student:
    """Student's t, for large groups."""

    freedom: float

    def p(self, statistic: float) -> float:
        """Return the two-sided p."""
        return float(2 * special.stdtr(self.freedom, -abs(statistic)))

    def critical(self, alpha: float) -> tuple[float, float]:
        """Return the quantiles."""
        end = float(special.stdtrit(self.freedom, 1 - alpha / 2))
        return -end, end

    def spread(self, alpha: float) -> tuple[float, float]:
        """Return the quantiles."""
        return self.critical(alpha)


def blended(squares_about: Floats | float, n: NDArray[np.integer] | int, everyone: float) -> Floats:
    """Return the squared error of means, lent :data:`LENT` people's worth of everyone's variance.

    Parameters
    ----------
    squares_about : float64 array or float
        Sum of squares about the group's mean.
    n : integer array of the same shape, or int
        People, at least 1.
    everyone : float
        Variance over everyone.
    """
    about = np.maximum(squares_about, 0.0) + LENT * everyone
    return about / ((n - 1 + LENT) * n)


@dataclass(frozen=True, eq=False)
class _Deck:
    """Everyone's values about their mean."""

    values: Floats

    @cached_property
    def variance(self) -> float:
        return float((self.values**2).mean())

    @property
    def n(self) -> int:
        return len(self.values)


def _deck(values: NDArray[np.floating]) -> _Deck:
    wide = np.asarray(values, dtype=np.float64)
    centred = np.ascontiguousarray(wide - wide.mean())
    centred[np.abs(centred) <= 1e-12 * np.abs(wide).max(initial=0.0)] = 0.0
    return _Deck(centred)


def dealt_nulls(
    values: NDArray[np.floating], sizes: Sequence[int], *, n_deals: int, seed: int = 0
) -> dict[int, Null]:
    """Return what chance makes of a group of each size against all others. O(deals · people).

    Parameters
    ----------
    values : float array of shape (n_people,)
        Everyone's who may be in the group; no NaN.
    sizes : sequence of int
        From 1 to n_people − 1.
    n_deals : int
    seed : int

    Returns
    -------
    dict
        Size → null of (mean − mean of the others) over its error; empty where all values are equal.
    """
    deck = _deck(values)
    if deck.variance == 0:
        return {}
    drawn = np.unique([min(n, deck.n - n) for n in sizes])
    small = drawn[drawn <= MOST_DEALT]
    sums, squares = (np.empty((len(small), n_deals)) for _ in range(2))
    if len(small):
        dealt_sums(seed, deck.values, small.astype(np.int64), sums, squares)
    total = float((deck.values**2).sum())
    for at, n in enumerate(small.tolist()):  # a size at a time, in place: deals may be many
        rest = deck.n - n
        error = blended(squares[at] - sums[at] ** 2 / n, n, deck.variance)
        error += blended(total - squares[at] - sums[at] ** 2 / rest, rest, deck.variance)
        sums[at] *= (1 / n + 1 / rest) / np.sqrt(error)
        sums[at].sort()
    place = {int(size): at for at, size in enumerate(small)}
    found: dict[int, Null] = {}
    for size in map(int, sizes):
        row = place.get(min(size, deck.n - size))
        if row is None:
            found[size] = Student(float(deck.n - 2))
        elif size * 2 <= deck.n:
            found[size] = RandomGroups(sums[row])
        else:  # the group is what is left: its statistic is the other's, turned over
            found[size] = RandomGroups(-sums[row][::-1])
    return found


def drawn_nulls(
    values: NDArray[np.floating], sizes: Sequence[int], *, n_deals: int, seed: int = 0
) -> dict[int, Null]:
    """Return what chance makes of the mean of a group of each size drawn from people like these.

    As :func:`dealt_nulls`, but of (mean − everyone's mean) over its error, with replacement:
    everyone stands for a population of which the group is a sample.
    """
    deck = _deck(values)
    if deck.variance == 0:
        return {}
    small = np.unique([size for size in sizes if size <= MOST_DEALT]).astype(np.int64)
    sums, squares = (np.empty((len(small), n_deals)) for _ in range(2))
    if len(small):
        drawn_sums(seed, deck.values, small, sums, squares)
    for at, n in enumerate(small.tolist()):
        sums[at] /= n * np.sqrt(blended(squares[at] - sums[at] ** 2 / n, n, deck.variance))
        sums[at].sort()
    place = {int(size): at for at, size in enumerate(small)}
    return {
        int(size): RandomGroups(sums[place[int(size)]])
        if int(size) in place
        else Student(float(size - 1))
        for size in sizes
    }
