"""A group's mean against a reference mean: difference and ratio, from one test.

The statistic is the difference over its error, held against random groups of the same size
(:mod:`.random_groups`). The interval of the ratio is Fieller's (1954): the ratios r at which
``mean − r · reference`` is not refused, with the same critical values. At r = 1 that is the test of
the difference, so ratio, difference and verdict never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, isfinite, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from engine.metrics.statistics.moments import Moments
from engine.metrics.statistics.random_groups import Null, blended, dealt_nulls

__all__ = ["EVERYONE", "REST", "Contrast", "against_rest", "contrasts"]

REST = -1
"""Reference: everyone outside the group itself."""
EVERYONE = -2
"""Reference: everyone, the group itself included."""

POWER = 0.8416
"""Normal quantile of 80 %: so many errors beyond the critical value."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Contrast:
    """One group against its reference.

    Attributes
    ----------
    mean, reference : float
        Of the group, and of what it is compared with.
    own_error, cross_error, reference_error : float
        Variance of the group's mean, covariance with the reference mean, variance of that.
    null : Null or None
        What chance makes of the studentised difference; None where nobody differs from anybody.
    """

    mean: float
    reference: float
    own_error: float
    cross_error: float
    reference_error: float
    null: Null | None

    @property
    def difference(self) -> float:
        """Mean minus reference mean."""
        return self.mean - self.reference

    @property
    def error(self) -> float:
        """Standard error of the difference."""
        squared = self.own_error - 2 * self.cross_error + self.reference_error
        return sqrt(squared) if squared > 0 else nan

    @property
    def p(self) -> float:
        """Two-sided p of no difference; NaN where nothing can be tested."""
        if self.null is None or not self.error > 0:
            return nan
        return self.null.p(self.difference / self.error)

    def ends(self, alpha: float) -> tuple[float, float]:
        """Return the ends of the interval of the difference."""
        if self.null is None:
            return nan, nan
        low, high = self.null.critical(alpha)
        return self.difference - high * self.error, self.difference - low * self.error

    def ratio_ends(self, alpha: float) -> tuple[float, float]:
        """Return the ends of the interval of the ratio; the upper may be infinite."""
        if self.null is None or not self.reference > 0:
            return nan, nan
        low, high = self.null.critical(alpha)
        return max(self._ratio_at(high, -1.0), 0.0), self._ratio_at(low, 1.0)

    def _ratio_at(self, critical: float, side: float) -> float:
        """Solve (mean − r · reference) = critical · error(r) for r; ``side`` picks the root."""
        if not isfinite(critical):
            return side * inf
        square = critical**2
        a = self.reference**2 - square * self.reference_error
        b = self.mean * self.reference - square * self.cross_error
        c = self.mean**2 - square * self.own_error
        if not a > 0:
            return side * inf
        return (b + side * sqrt(max(b * b - a * c, 0.0))) / a

    def detectable(self, alpha: float) -> float:
        """Return how far below the reference a group is found four times in five.

        Parameters
        ----------
        alpha : float
            Error of the test.

        Returns
        -------
        float
            The difference, above 0; NaN where not even a group of zeros would be found. Where the
            reference is above 0, a group that gets less also varies less, in proportion.
        """
        if self.null is None:
            return nan
        reach = POWER - self.null.critical(alpha)[0]
        if not self.reference > 0:
            return reach * self.error
        square, whole = reach**2, self.reference**2
        scale = (self.reference / self.mean) ** 2 if self.mean > 0 else 1.0
        a, c = whole - square * self.own_error * scale, whole - square * self.reference_error
        if not c > 0:
            return nan
        # (reference · (1 − x))² = reach² · (reference's error + own error · x²), for x = 1 / ratio
        return self.reference * (1 - c / (whole + sqrt(max(whole**2 - a * c, 0.0))))


def against_rest(
    group: tuple[int, float, float],
    everyone: tuple[int, float, float],
    null: Null | None,
    *,
    is_part: bool = False,
) -> Contrast:
    """Hold one group against the others, or against everyone.

    Parameters
    ----------
    group, everyone : (int, float, float)
        Size, mean and sum of squares about the mean.
    null : Null or None
        From :func:`.random_groups.dealt_nulls` of everyone's values, for this size.
    is_part : bool
        The reference holds the group itself.
    """
    (n, mean, squares), (n_all, centre, about) = group, everyone
    rest = n_all - n
    rest_mean = (n_all * centre - n * mean) / rest
    between = n * (mean - centre) ** 2 + rest * (rest_mean - centre) ** 2
    own, other = (
        float(blended(part, size, about / n_all))
        for part, size in ((squares, n), (about - squares - between, rest))
    )
    share = n / n_all if is_part else 0.0
    return Contrast(
        mean,
        share * mean + (1 - share) * rest_mean,
        own,
        share * own,
        share**2 * own + (1 - share) ** 2 * other,
        null,
    )


def contrasts(
    values: NDArray[np.floating],
    codes: NDArray[np.integer],
    own: Moments,
    tested: NDArray[np.bool_],
    reference: int,
    *,
    n_deals: int,
    seed: int = 0,
    nulls: Mapping[int, Null] | None = None,
) -> dict[int, Contrast]:
    """Hold every tested group against the reference; O(deals · people).

    Parameters
    ----------
    values : float array of shape (n_users,)
        No NaN.
    codes : integer array of shape (n_users,)
        Group of each person, at least 0.
    own : Moments
        Of the groups.
    tested : bool array of shape (n_groups,)
    reference : int
        A group's code, :data:`REST` or :data:`EVERYONE`.
    n_deals : int
    seed : int
    nulls : mapping, optional
        Those of the group sizes, where they are known from before.

    Returns
    -------
    dict
        Group → contrast. Against one group, people are dealt between the two only.
    """
    groups = [g for g in np.flatnonzero(tested).tolist() if 0 < own.n[g] < len(values)]
    if reference >= 0:
        return {
            g: _against_one(values, codes, own, (g, reference), n_deals, seed)
            for g in groups
            if g != reference
        }
    sizes = [int(own.n[g]) for g in groups]
    if nulls is None:
        nulls = dealt_nulls(values, sizes, n_deals=n_deals, seed=seed) if groups else {}
    centre = float(values.mean()) if groups else nan
    everyone = len(values), centre, float(((values - centre) ** 2).sum())
    return {
        g: against_rest(
            (size, float(own.mean[g]), float(own.squares[g])),
            everyone,
            nulls.get(size),
            is_part=reference == EVERYONE,
        )
        for g, size in zip(groups, sizes, strict=True)
    }


def _against_one(
    values: NDArray[np.floating],
    codes: NDArray[np.integer],
    own: Moments,
    pair: tuple[int, int],
    n_deals: int,
    seed: int,
) -> Contrast:
    group, reference = pair
    both = values[(codes == group) | (codes == reference)]
    size = int(own.n[group])
    null = dealt_nulls(both, [size], n_deals=n_deals, seed=seed).get(size)
    spread = float(both.var())
    errors = [float(blended(float(own.squares[g]), int(own.n[g]), spread)) for g in pair]
    return Contrast(
        float(own.mean[group]), float(own.mean[reference]), errors[0], 0.0, errors[1], null
    )
