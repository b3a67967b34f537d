"""Intervals of means in closed form, from sums alone: fast enough for the path of a slider.

The statistic is the mean's distance from the truth over its error, in which everyone's spread
counts like :data:`LENT` people of the group's own. How far it strays is known from its first
cumulants, by everyone's skewness, and undone by a cubic that never turns back (Hall 1992, "On the
removal of skewness by transformation"). For audits, which may take longer, :mod:`.group_means`
draws random groups instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from engine.metrics.statistics.policy import POLICY, Policy

__all__ = ["Shape", "shape_of", "skewed_interval"]

LENT = 10.0
"""People's worth of everyone's spread that each group is lent."""

DUST = 1e-12
"""What is left of the spread of a constant after rounding, as a share of its squares."""

FLAT = 1e-9
"""Below this the cubic is a straight line."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shape:
    """How a metric is spread over everyone; arrays of shape (n_metrics,).

    Attributes
    ----------
    variance, skewness : float64 arrays
        Skewness is 0 where there is no spread.
    events : float64 array
        Share of people with anything but 0; of a metric that is only ever 0 or 1, with the rarer.
    """

    variance: Floats
    skewness: Floats
    events: Floats


def shape_of(
    n: NDArray[np.integer],
    total: Floats,
    squares: Floats,
    cubes: Floats,
    n_moved: NDArray[np.integer],
) -> Shape:
    """Return everyone's shape from sums over everyone; O(metrics).

    Parameters
    ----------
    n, total, squares, cubes, n_moved : arrays of shape (n_metrics,)
        People, the sums of values, squares and cubes, and how many are not 0.
    """
    size = np.maximum(n, 1)
    mean, second, third = total / size, squares / size, cubes / size
    variance = second - mean**2
    variance = np.where(variance > DUST * second, variance, 0.0)
    about = third - 3 * mean * second + 2 * mean**3
    skewness = np.zeros(len(size))
    np.divide(about, variance**1.5, out=skewness, where=variance > 0)
    events = n_moved / size
    is_yes_or_no = (np.abs(total - squares) <= DUST * size) & (np.abs(total - cubes) <= DUST * size)
    return Shape(variance, skewness, np.where(is_yes_or_no, np.minimum(events, 1 - mean), events))


def skewed_interval(
    n: NDArray[np.integer],
    mean: Floats,
    squares_about: Floats,
    everyone: Shape,
    *,
    bounds: tuple[ArrayLike, ArrayLike] | None = None,
    policy: Policy = POLICY,
) -> tuple[Floats, Floats]:
    """Return the ends of each group's interval by the policy's level and no correction.

    Parameters
    ----------
    n, mean, squares_about : arrays of shape (n_groups, n_metrics)
        People, their mean and the sum of squares about it.
    everyone : Shape
        Of all people who may be in a group.
    bounds : pair of float or arrays of shape (n_metrics,), optional
        The metric's range, which the intervals keep to.
    policy : Policy

    Returns
    -------
    low, high : float64 arrays of shape (n_groups, n_metrics)
        NaN below two people, and where fewer than the policy's least number of people would be
        expected to have anything but the usual value. Where nobody differs from anybody, the
        interval reaches as far as a share of ``1 − level^(1/n)`` of people at an end of the range
        could move the mean (the "rule of three", Hanley & Lippman-Hand 1983).
    """
    size = np.maximum(n, 1)
    own = np.maximum(n - 1, 0) / (np.maximum(n - 1, 0) + LENT)
    blended = (squares_about + LENT * everyone.variance) / (np.maximum(n - 1, 0) + LENT)
    error = np.sqrt(blended / size)
    below, above = _quantiles(everyone.skewness / np.sqrt(size), own, policy.level)
    low, high = mean - above * error, mean - below * error
    is_flat = np.broadcast_to(everyone.variance == 0, low.shape)
    has_events = (n * everyone.events >= policy.least_events) | is_flat
    is_known = (n >= 2) & has_events
    low, high = np.where(is_known, low, np.nan), np.where(is_known, high, np.nan)
    if bounds is None:
        return low, high
    least, most = (np.asarray(bound, dtype=np.float64) for bound in bounds)
    unseen = np.where(is_flat, 1 - policy.level ** (1 / size), 0.0)
    down = np.where(np.isfinite(least), unseen * (mean - np.where(np.isfinite(least), least, 0)), 0)
    up = np.where(np.isfinite(most), unseen * (np.where(np.isfinite(most), most, 0) - mean), 0)
    return np.maximum(low - down, least), np.minimum(high + up, most)


def _quantiles(skew: Floats, own: Floats, level: float) -> tuple[Floats, Floats]:
    """Return what the statistic lies between, with a chance of 1 − level.

    Parameters
    ----------
    skew : float64 array
        Skewness of the mean: everyone's over √n.
    own : float64 array
        Share of the group's own spread in its error: at 1 the statistic is Student's, at 0 the
        error is known. Its first cumulant is ``−own · skew / 2``, its third ``skew · (1 − 3 own)``.
    level : float
    """
    third = skew * (1 - 3 * own)
    bend = -third / 6
    shift = own * skew / 2 + third / 6
    straight = np.abs(bend) <= FLAT
    safe = np.where(straight, 1.0, bend)
    z = float(special.ndtri(1 - level / 2))
    below, above = (
        np.where(straight, end - shift, (np.cbrt(1 + 3 * safe * (end - shift)) - 1) / safe)
        for end in (-z, z)
    )
    return below, above
