"""Which groups of people are served worst, over all intersections, at a false-discovery rate.

Looking at hundreds of intersections finds a low mean somewhere by chance alone. Here each group's
mean is held against the means of random groups of its size, and the Benjamini-Hochberg step keeps
the expected share of false findings at the rate asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from engine.metrics.audience import Audience
from engine.metrics.crossing import cross
from engine.metrics.small_groups import MIN_N

__all__ = ["Finding", "adjust_for_discoveries", "random_group_p", "worst_groups"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Finding:
    """One group of people against everyone else.

    Attributes
    ----------
    attributes : tuple of str
        One to three.
    label : str
        The group in words.
    n : int
        People with a value in it.
    mean, rest_mean : float
        Of the group, and of everyone else.
    difference, low, high : float
        Mean minus rest, with Welch's 95 % interval.
    p : float
        One-sided: a random group of this size does as badly.
    q : float
        The least false-discovery rate at which it is a finding.
    is_found : bool
        ``q`` is at most the rate asked for.
    """

    attributes: tuple[str, ...]
    label: str
    n: int
    mean: float
    rest_mean: float
    difference: float
    low: float
    high: float
    p: float
    q: float
    is_found: bool


def worst_groups(
    audience: Audience,
    values: NDArray[np.floating],
    *,
    users: NDArray[np.int64] | None = None,
    higher_is_better: bool = True,
    depth: int = 3,
    min_n: int = MIN_N,
    rate: float = 0.05,
) -> list[Finding]:
    """Test every group of one to ``depth`` attributes; O(intersections · users), worst first.

    Parameters
    ----------
    audience : Audience
    values : float array of shape (n_rows,)
        One metric; NaN left out.
    users : int64 array of shape (n_rows,), optional
        Whose values they are; everyone's by default.
    higher_is_better : bool
    depth : int
        1 to 3.
    min_n : int
        Smaller groups are not looked at.
    rate : float
        False-discovery rate, in (0, 1).

    Returns
    -------
    list of Finding
        Every group tested, sorted by ``p``.
    """
    rows = np.arange(audience.n_users) if users is None else users
    has = ~np.isnan(values)
    good = values[has].astype(np.float64) * (1.0 if higher_is_better else -1.0)
    tested = []
    for size in range(1, depth + 1):
        for chosen in combinations(audience.attributes, size):
            labels, codes = cross(audience, chosen)
            tested += _test(chosen, labels, codes[rows][has], good, min_n)
    if not tested:
        return []
    q = adjust_for_discoveries(np.array([row[-1] for row in tested]))
    sign = 1.0 if higher_is_better else -1.0
    findings = [
        _finding(row, sign, float(q_value), rate) for row, q_value in zip(tested, q, strict=True)
    ]
    return sorted(findings, key=lambda finding: (finding.p, finding.label))


def _test(
    attributes: tuple[str, ...],
    labels: tuple[str, ...],
    codes: NDArray[np.int64],
    values: Floats,
    min_n: int,
) -> list[tuple]:
    """Attributes, label, n, mean, rest mean, half width, p of each group that is large enough."""
    n_groups = len(labels)
    known = codes >= 0
    n = np.bincount(codes[known], minlength=n_groups)
    total = np.bincount(codes[known], values[known], n_groups)
    squares = np.bincount(codes[known], values[known] ** 2, n_groups)
    n_rest = len(values) - n
    is_tested = (n >= max(min_n, 2)) & (n_rest >= 2)
    mean = total / np.maximum(n, 1)
    rest_mean = (values.sum() - total) / np.maximum(n_rest, 1)
    error = _variance(squares, total, n) / np.maximum(n, 1)
    rest_error = _variance(float((values**2).sum()) - squares, float(values.sum()) - total, n_rest)
    rest_error = rest_error / np.maximum(n_rest, 1)
    half = _welch_half(error, n, rest_error, n_rest)
    p = random_group_p(values, mean, n)
    return [
        (attributes, labels[g], int(n[g]), mean[g], rest_mean[g], half[g], p[g])
        for g in np.flatnonzero(is_tested)
    ]


def _variance(squares: NDArray, total: NDArray, n: NDArray[np.int64]) -> Floats:
    about = squares - total**2 / np.maximum(n, 1)
    return np.maximum(about, 0.0) / np.maximum(n - 1, 1)


def _welch_half(
    error: Floats, n: NDArray[np.int64], rest_error: Floats, n_rest: NDArray[np.int64]
) -> Floats:
    both = error + rest_error
    spent = error**2 / np.maximum(n - 1, 1) + rest_error**2 / np.maximum(n_rest - 1, 1)
    freedom = np.divide(both**2, spent, out=np.ones(len(both)), where=spent > 0)
    return stats.t.ppf(0.975, np.maximum(freedom, 1)) * np.sqrt(both)


def random_group_p(values: Floats, means: Floats, sizes: NDArray[np.integer]) -> Floats:
    """Return the chance that a random group of the same size has a mean as low.

    The first three moments of the mean of a random draw without replacement are known exactly; a
    gamma (Pearson type III) with these moments stands in for its distribution. With the skewness
    of list metrics the normal distribution would be far off in the tail, where it matters.

    Parameters
    ----------
    values : float64 array of shape (n,)
        Of everyone.
    means, sizes : arrays of shape (n_groups,)

    Returns
    -------
    float64 array of shape (n_groups,)
        1 where all values are equal, or the group is everyone or nobody.

    Source: Kazi-Aoual et al. 1995; Josse, Pagès, Husson 2008.
    """
    total = len(values)
    centred = values - values.mean() if total else values
    variance = float((centred**2).mean()) if total else 0.0
    size = np.asarray(sizes, dtype=np.float64)
    p = np.ones(len(size))
    fits = (size > 0) & (size < total)
    if not variance > 1e-24 or total < 3:
        return p
    skewness = float((centred**3).mean()) / variance**1.5
    m = size[fits]
    spread = np.sqrt(variance / m * (total - m) / (total - 1))
    z = (means[fits] - values.mean()) / spread
    drawn = skewness * (total - 2 * m) / np.sqrt(m * (total - m))
    drawn *= np.sqrt(total - 1) / (total - 2)
    p[fits] = stats.pearson3.cdf(z, drawn)
    return p


def adjust_for_discoveries(p: Floats) -> Floats:
    """Return the least false-discovery rate at which each is a finding (Benjamini-Hochberg 1995).

    Examples
    --------
    >>> adjust_for_discoveries(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    order = np.argsort(p)[::-1]
    n = len(p)
    stepped = np.minimum.accumulate(p[order] * n / np.arange(n, 0, -1))
    q = np.empty(n)
    q[order] = np.minimum(stepped, 1.0)
    return q


def _finding(row: tuple, sign: float, q: float, rate: float) -> Finding:
    attributes, label, n, mean, rest_mean, half, p = row
    difference = sign * (mean - rest_mean)
    return Finding(
        attributes,
        label,
        n,
        float(sign * mean),
        float(sign * rest_mean),
        float(difference),
        float(difference - half),
        float(difference + half),
        float(p),
        q,
        q <= rate,
    )
