"""Means and ratios over people with 95 % intervals: of everyone, and by group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.metrics.intervals import t_quantile
from engine.metrics.statistics.disclosure import hidden_groups
from engine.metrics.statistics.group_means import mean_intervals
from engine.metrics.statistics.moments import moments
from engine.metrics.statistics.policy import POLICY
from engine.metrics.statistics.skewed_means import shape_of, skewed_interval

__all__ = [
    "Estimate",
    "GroupEstimates",
    "group_means",
    "mean_of",
    "ratio_of",
    "said_estimate",
]

SHARES = (0.0, 1.0)


class Estimate(NamedTuple):
    """A figure, the ends of its 95 % interval over people, and how many are behind it."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, eq=False)
class GroupEstimates:
    """A mean by group, NaN where a group is not to be shown; arrays of shape (n_groups,).

    Attributes
    ----------
    labels : tuple of str
    n : int64 array
        People with a value.
    value, low, high : float64 arrays
    is_hidden : bool array
        Too few people, or it would give one such group away.
    """

    labels: tuple[str, ...]
    n: NDArray[np.int64]
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    is_hidden: NDArray[np.bool_]


def mean_of(values: NDArray[np.floating], bounds: tuple[float, float] | None = SHARES) -> Estimate:
    """Return the mean of what is not NaN, with an interval over people that minds their skewness.

    Its ends are NaN where hardly anybody has anything but 0.

    Parameters
    ----------
    values : float array of shape (n_people,)
        NaN where undefined.
    bounds : (float, float), optional
        The range of the values, which the interval keeps to; None for differences.

    Examples
    --------
    >>> mean_of(np.array([0.0, 1.0, np.nan, 0.5])).n
    3
    """
    known = np.asarray(values, np.float64)
    known = known[~np.isnan(known)]
    n = len(known)
    if not n:
        return Estimate(nan, nan, nan, 0)
    size, moved = np.array([n]), np.array([np.count_nonzero(known)])
    total, squares, cubes = (np.array([(known**power).sum()]) for power in (1, 2, 3))
    everyone = shape_of(size, total, squares, cubes, moved)
    mean = known.mean()
    about = np.array([((known - mean) ** 2).sum()])
    low, high = skewed_interval(size, np.array([mean]), about, everyone, bounds=bounds)
    return Estimate(float(mean), float(low[0]), float(high[0]), n)


def ratio_of(above: NDArray[np.number], below: NDArray[np.number]) -> Estimate:
    """Return ``Σ above / Σ below`` over people, each of whom brings both.

    The error is that of the residuals ``above − ratio · below`` (linearisation), so that what one
    person brings counts as one observation. Where nobody brings anything above, or all do, the
    interval is widened by the rule of three (Hanley & Lippman-Hand 1983).

    Parameters
    ----------
    above, below : arrays of shape (n_people,)
        ``0 ≤ above ≤ below``; people with nothing below do not count.

    Source
    ------
    Cochran, "Sampling Techniques", 3rd ed. 1977, equation 6.13.

    Examples
    --------
    >>> ratio_of(np.array([1, 0, 2]), np.array([2, 2, 4])).value
    0.375
    """
    counts = np.asarray(below) > 0
    top, bottom = (np.asarray(part, np.float64)[counts] for part in (above, below))
    n, total = len(bottom), bottom.sum()
    if not n:
        return Estimate(np.nan, np.nan, np.nan, 0)
    ratio = float(top.sum() / total)
    if n < 2:
        return Estimate(ratio, np.nan, np.nan, n)
    if ratio in SHARES:
        unseen = 1 - 0.05 ** (1 / n)
        return Estimate(ratio, max(ratio - unseen, 0.0), min(ratio + unseen, 1.0), n)
    residual = top - ratio * bottom
    error = np.sqrt(n / (n - 1) * (residual**2).sum()) / total
    half = float(t_quantile(np.array([n - 1]))[0] * error)
    return Estimate(ratio, max(ratio - half, 0.0), min(ratio + half, 1.0), n)


def said_estimate(figures: Mapping[str, float | None], value: str, half_width: str) -> Estimate:
    """Read a share and half of its interval, as a manifest holds them; NaN where undefined.

    >>> said_estimate({"ndcg": 0.5, "half": 0.1, "n": 7}, "ndcg", "half")
    Estimate(value=0.5, low=0.4, high=0.6, n=7)
    """
    mean, half = (
        nan if (said := figures.get(name)) is None else float(said) for name in (value, half_width)
    )
    n = int(figures.get("n") or 0)
    if not half >= 0:
        return Estimate(mean, nan, nan, n)
    return Estimate(mean, max(mean - half, 0.0), min(mean + half, 1.0), n)


def group_means(
    artifacts: Artifacts, attribute: str, values: NDArray[np.floating]
) -> GroupEstimates:
    """Return the mean of a share by group of an attribute, with calibrated intervals.

    Parameters
    ----------
    artifacts : Artifacts
    attribute : str
    values : float array of shape (n_users,)
        In [0, 1]; NaN where undefined.
    """
    labels = artifacts.attributes[attribute]
    column = list(artifacts.attributes).index(attribute)
    codes = np.asarray(artifacts.user_groups)[:, column].astype(np.int64)
    is_in = (codes >= 0) & ~np.isnan(values)
    everyone = np.asarray(values, np.float64)[is_in]
    own = moments(everyone, codes[is_in], len(labels))
    low, high = mean_intervals(everyone, own, bounds=SHARES)
    hidden = hidden_groups(own.n, POLICY.least_n)
    value, low, high = (np.where(hidden, np.nan, part) for part in (own.mean, low, high))
    return GroupEstimates(labels, own.n, value, low, high, hidden)
