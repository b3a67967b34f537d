"""What a setting does to the popularity lift of each group of people, paired over its people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.metrics.audience import Audience
from engine.metrics.intervals import t_p_value, t_quantile
from engine.metrics.user_matrix import Measured

__all__ = ["LiftChange", "lift_change"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LiftChange:
    """Change of ΔGAP from one set of lists to another; arrays of shape (n_groups,).

    Attributes
    ----------
    n : int64 array
        People with a history and both lists.
    value, low, high : float64 arrays
        (GAP_after − GAP_before) / GAP_p with its 95 % interval (delta method); NaN for groups of
        fewer than two people, or whose history nobody knows.
    p : float64 array
        Of no change; as it stands, not corrected for the number of groups.
    """

    n: NDArray[np.int64]
    value: Floats
    low: Floats
    high: Floats
    p: Floats


def lift_change(
    audience: Audience,
    after: Measured,
    before: Measured,
    codes: NDArray[np.integer],
    n_groups: int,
) -> LiftChange:
    """Compare the popularity lift of the same people's lists; O(users).

    GAP_p, the popularity of the histories, is the same on both sides, so the change of
    ΔGAP = (GAP_r − GAP_p) / GAP_p is the mean change of the lists' popularity over GAP_p.

    Parameters
    ----------
    audience : Audience
    after, before : Measured
        Lists of the same people in the same order.
    codes : integer array of shape (n_rows,)
        Group of each row in [0, n_groups); -1 for none.
    n_groups : int

    Source: Abdollahpouri et al. 2019 for ΔGAP.
    """
    change = after.column("arp").astype(np.float64) - before.column("arp")
    past = audience.history_popularity[after.users]
    is_counted = np.isfinite(change) & np.isfinite(past) & (codes >= 0)
    code, change, past = codes[is_counted], change[is_counted], past[is_counted]
    n = np.bincount(code, minlength=n_groups)
    mean_past = _divide(np.bincount(code, past, n_groups), n)
    value = _divide(_divide(np.bincount(code, change, n_groups), n), mean_past)
    # Linear part of the ratio in each person: (d_u − value · p_u) / mean p.
    residual = (change - value[code] * past) / mean_past[code]
    spread = np.sqrt(_divide(np.bincount(code, residual**2, n_groups), n - 1))
    half = t_quantile(n - 1) * spread / np.sqrt(np.maximum(n, 1))
    return LiftChange(n, value, value - half, value + half, t_p_value(n, value, spread))


def _divide(above: NDArray, below: NDArray) -> Floats:
    out = np.full(np.shape(above), np.nan)
    return np.divide(above, below, out=out, where=below > 0)
