"""What a setting does to the popularity lift of each group of people, paired over its people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import quotient
from engine.metrics.audience import Audience
from engine.metrics.statistics.evidence import Evidence, student
from engine.metrics.statistics.policy import POLICY, Policy
from engine.metrics.statistics.verdict import Verdict, judge
from engine.metrics.user_matrix import Measured
from engine.metrics.who_pays import changes

__all__ = ["LiftChange", "lift_change"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LiftChange:
    """Change of ΔGAP from one set of lists to another; arrays of shape (n_groups,).

    Attributes
    ----------
    n : int64 array
        People with a history and both lists.
    n_moved : int64 array
        Those of them whose list's popularity changed.
    before : float64 array
        ΔGAP of the baseline.
    value, error : float64 arrays
        (GAP_after − GAP_before) / GAP_p with its standard error (delta method); NaN for groups of
        fewer than two people, or whose history nobody knows.
    """

    n: NDArray[np.int64]
    n_moved: NDArray[np.int64]
    before: Floats
    value: Floats
    error: Floats

    def judged(self, *, policy: Policy = POLICY) -> list[Verdict]:
        """Judge each group's change: nearer to the popularity of what it chose, or further.

        All groups are one family. The target is a lift of 0.
        """
        return judge([self._evidence(group) for group in range(len(self.n))], policy)

    def _evidence(self, group: int) -> Evidence:
        n, value = int(self.n[group]), float(self.value[group])
        p, ends = student(value, float(self.error[group]), n - 1)
        return Evidence(
            value,
            p,
            ends,
            n,
            n_events=int(self.n_moved[group]),
            direction="target",
            before=float(self.before[group]),
            target=0.0,
            reason="Nobody of the group has a list and a history.",
        )


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
    old = before.column("arp").astype(np.float64)
    change = changes(old, after.column("arp"))
    past = audience.history_popularity[after.users]
    is_counted = np.isfinite(change) & np.isfinite(past) & (codes >= 0)
    code = codes[is_counted]
    change, past, old = (part[is_counted] for part in (change, past, old))
    n = np.bincount(code, minlength=n_groups)
    mean_past = quotient(np.bincount(code, past, n_groups), n)
    value = quotient(quotient(np.bincount(code, change, n_groups), n), mean_past)
    # Linear part of the ratio in each person: (d_u − value · p_u) / mean p.
    residual = (change - value[code] * past) / mean_past[code]
    spread = np.sqrt(quotient(np.bincount(code, residual**2, n_groups), n - 1))
    lift = quotient(quotient(np.bincount(code, old, n_groups), n), mean_past) - 1
    n_moved = np.bincount(code[change != 0], minlength=n_groups)
    return LiftChange(n, n_moved, lift, value, spread / np.sqrt(np.maximum(n, 1)))
