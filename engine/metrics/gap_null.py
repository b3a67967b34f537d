"""The permutation null of a group gap: how wide a gap chance alone makes.

A gap of extremes (highest minus lowest mean) is positive even where no group differs, the more so
the more and the smaller the groups. So it stands beside the gaps that come about when the same
values are dealt to the people at random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.metrics.between_groups import GROUP_MEASURES
from engine.metrics.kernels.resampling import shuffled_sums
from engine.metrics.small_groups import MIN_N

__all__ = ["GapNull", "gap_null"]


@dataclass(frozen=True)
class GapNull:
    """A measure of distance between groups, beside what chance makes of it.

    Attributes
    ----------
    measure : str
        Key of ``GROUP_MEASURES``.
    value : float
        As measured; NaN with fewer than two groups that are large enough.
    expected : float
        Mean over random deals.
    limit : float
        What 95 % of random deals stay within (below it; for ``ratio`` above it).
    p : float
        Share of random deals, the real one among them, at least as uneven.
    n : int
        People counted.
    n_groups, n_suppressed : int
        Groups compared, and groups with anybody in them that were too small.
    """

    measure: str
    value: float
    expected: float
    limit: float
    p: float
    n: int
    n_groups: int
    n_suppressed: int


def gap_null(
    values: NDArray[np.floating],
    codes: NDArray[np.integer],
    n_groups: int,
    *,
    measure: str = "gap",
    min_n: int = MIN_N,
    n_shuffles: int = 1000,
    seed: int = 0,
) -> GapNull:
    """Measure the distance between groups and its permutation null; O(shuffles · users).

    Parameters
    ----------
    values : float array of shape (n_users,)
        One metric; NaN left out.
    codes : integer array of shape (n_users,)
        Group in [0, n_groups); -1 for none.
    n_groups : int
    measure : str
        Key of ``GROUP_MEASURES``.
    min_n : int
        Groups with fewer values are left out.
    n_shuffles : int
    seed : int

    Source: Good, "Permutation, Parametric and Bootstrap Tests of Hypotheses", 2005.
    """
    is_counted = ~np.isnan(values) & (codes >= 0)
    size = np.bincount(codes[is_counted], minlength=n_groups)
    is_kept = size >= max(min_n, 1)
    is_counted &= is_kept[np.maximum(codes, 0)]
    kept = np.flatnonzero(is_kept)
    n_suppressed = int(((size > 0) & ~is_kept).sum())
    if len(kept) < 2:
        nan = np.nan
        return GapNull(measure, nan, nan, nan, nan, int(is_counted.sum()), len(kept), n_suppressed)
    order = np.argsort(codes[is_counted], kind="stable")
    ordered = values[is_counted][order].astype(np.float64)
    sizes = size[kept].astype(np.float64)
    bounds = np.concatenate([[0], np.cumsum(size[kept])])
    sums = np.empty((n_shuffles, len(kept)))
    shuffled_sums(seed, ordered, bounds, sums)
    compute = GROUP_MEASURES[measure].compute
    value = float(compute(np.add.reduceat(ordered, bounds[:-1]) / sizes, sizes))
    null = compute(sums / sizes, sizes)
    sign = -1.0 if measure in ("ratio", "worst") else 1.0
    uneven = sign * null >= sign * value - 1e-12 * abs(value)
    return GapNull(
        measure,
        value,
        float(null.mean()),
        float(sign * np.quantile(sign * null, 0.95)),
        float((1 + uneven.sum()) / (1 + n_shuffles)),
        len(ordered),
        len(kept),
        n_suppressed,
    )
