"""How much more popular are the items that a group of people gets than those it chose itself.

Popularity lift: Abdollahpouri et al. 2019.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import quotient
from engine.metrics.audience import Audience
from engine.metrics.intervals import t_quantile
from engine.metrics.user_matrix import Measured

__all__ = ["PopularityLift", "popularity_lift"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PopularityLift:
    """Popularity of lists against histories; arrays of shape (n_groups,), NaN where undefined.

    Attributes
    ----------
    n, n_undefined : int64 arrays
        People with a list and a history, and without one of them.
    history, lists : float64 arrays
        Mean share of people who know the items of the history (GAP_p) and of the list (GAP_r).
    value, low, high : float64 arrays
        Lift ΔGAP = (GAP_r − GAP_p) / GAP_p with its 95 % interval (delta method).
    """

    n: NDArray[np.int64]
    n_undefined: NDArray[np.int64]
    history: Floats
    lists: Floats
    value: Floats
    low: Floats
    high: Floats


def popularity_lift(
    audience: Audience, measured: Measured, codes: NDArray[np.integer], n_groups: int
) -> PopularityLift:
    """Compute the popularity lift of each group of people; O(users).

    Parameters
    ----------
    audience : Audience
    measured : Measured
    codes : integer array of shape (n_rows,)
        Group of each row in [0, n_groups); -1 for none.
    n_groups : int
    """
    now = measured.column("arp").astype(np.float64)
    past = audience.history_popularity[measured.users]
    is_counted = ~np.isnan(now) & ~np.isnan(past) & (codes >= 0)
    code, now, past = codes[is_counted], now[is_counted], past[is_counted]
    n = np.bincount(code, minlength=n_groups)
    n_all = np.bincount(codes[codes >= 0], minlength=n_groups)
    gap_r = quotient(np.bincount(code, now, n_groups), n)
    gap_p = quotient(np.bincount(code, past, n_groups), n)
    ratio = quotient(gap_r, gap_p)
    # Linear part of the ratio in each person: (r_u − ratio · p_u) / mean p.
    residual = (now - ratio[code] * past) / gap_p[code]
    variance = quotient(np.bincount(code, residual**2, n_groups), n * (n - 1))
    half = t_quantile(n - 1) * np.sqrt(variance)
    lift = ratio - 1
    return PopularityLift(n, n_all - n, gap_p, gap_r, lift, lift - half, lift + half)
