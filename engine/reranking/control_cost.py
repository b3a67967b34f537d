"""What a control costs here: the ranker's score and the NDCG that lists lose by it alone.

Measured beside all other controls: everyone's lists against those without this one. It is made of
two sets of lists that are at hand anyway, and re-ranks nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.artifacts import Artifacts
from engine.formats import SHARE, change, interval, number
from engine.held_out import is_in_rows, ndcg_at
from engine.metrics.statistics.evidence import student
from engine.metrics.statistics.policy import POLICY
from engine.reranking.candidate_pool import pool_of
from engine.reranking.lists import Lists, kept_of

__all__ = ["ControlCost", "control_cost", "ndcg_change"]


class NdcgChange(NamedTuple):
    """Mean change of NDCG in points with its interval, NDCG without the control, and people.

    The change is NaN where too few people have something held out, or none of it is reached.
    """

    mean: float
    low: float
    high: float
    level: float
    n: int


@dataclass(frozen=True)
class ControlCost:
    """What one control costs, beside the others.

    Attributes
    ----------
    effort : float
        Share of the ranker's score that lists hold less than without it; below 0 where they hold
        more. NaN where nobody has a score to lose.
    ndcg, low, high : float
        Mean change of NDCG by the control, as a share of NDCG without it, and the interval, paired
        over the same people. NaN where nothing was held out.
    n : int
        People behind the change of NDCG.
    level : float
        NDCG without it.
    """

    effort: float
    ndcg: float
    low: float
    high: float
    n: int
    level: float = np.nan

    @property
    def text(self) -> str:
        """The cost in words; empty where nothing is known.

        >>> ControlCost(0.008, -0.02, -0.03, -0.01, 942, 0.25).text
        "Costs 0.8 % of the ranker's score; NDCG −2.0 % (−0.005, −0.007 to −0.003), n = 942."
        >>> ControlCost(0.008, -0.004, -0.011, 0.003, 942).text
        "Costs 0.8 % of the ranker's score; NDCG no clear change (−1.1 to 0.3 %, n = 942)."
        """
        if not np.isfinite(self.effort):
            return ""
        verb = "Costs" if self.effort >= 0 else "Gives back"
        size = number(abs(self.effort), SHARE) if abs(self.effort) >= 5e-4 else "under 0.1 %"
        score = f"{verb} {size} of the ranker's score"
        if not np.isfinite(self.low):
            return f"{score}."
        if self.low <= 0 <= self.high:
            ends = interval(self.low, self.high, SHARE)
            return f"{score}; NDCG no clear change ({ends}, n = {self.n:,})."
        exact = (self.level * self.low, self.level * self.high)
        moved = change(self.level * self.ndcg, self.level, ends=exact)
        return f"{score}; NDCG {moved}, n = {self.n:,}."


def control_cost(
    artifacts: Artifacts,
    lists: Lists,
    without: Lists,
    users: NDArray[np.integer],
    *,
    n_controls: int = 1,
) -> ControlCost:
    """Return what a control costs; O(users · k).

    Parameters
    ----------
    lists, without : Lists
        Of ``users``: with the control, and without it alone.
    users : int64 array of shape (n_users,)
    n_controls : int
        Controls whose costs are shown together: the interval allows for as many (Bonferroni).
    """
    pool = pool_of(artifacts)
    lost = kept_of(pool, without, users).astype(np.float64) - kept_of(pool, lists, users)
    lost = lost[np.isfinite(lost)]
    effort = float(lost.mean()) if len(lost) else np.nan
    held = artifacts.holdout.take(users)
    mean, low, high, level, n = ndcg_change(held, lists, without, artifacts.n_items, n_controls)
    if not np.isfinite(mean):
        return ControlCost(effort, np.nan, np.nan, np.nan, n)
    return ControlCost(effort, mean / level, low / level, high / level, n, level)


def ndcg_change(
    held: Ragged, lists: Lists, without: Lists, n_items: int, n_controls: int
) -> NdcgChange:
    """Return what a control does to the NDCG of what was held out, paired over the same people.

    Parameters
    ----------
    held : Ragged
        A row of items for each list.
    lists, without : Lists
        With the control, and without it alone.
    n_items : int
    n_controls : int
        Controls whose figures are shown together: the interval allows for as many (Bonferroni).
    """
    before, after = (
        ndcg_at(one.items.shape[1], is_in_rows(one.items, held, n_items), held.lengths())
        for one in (without, lists)
    )
    is_known = np.isfinite(before)
    change, n = (after - before)[is_known], int(is_known.sum())
    level = float(before[is_known].mean()) if n else np.nan
    if n < POLICY.least_n or not level > 0:
        return NdcgChange(np.nan, np.nan, np.nan, level, n)
    mean, error = float(change.mean()), float(change.std(ddof=1) / np.sqrt(n))
    _, ends = student(mean, error, n - 1)
    return NdcgChange(mean, *ends(POLICY.level / n_controls), level, n)
