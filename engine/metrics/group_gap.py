"""The gap between the best and the worst served group: its interval, its change, what chance makes.

All three follow from the groups' means and standard errors and a fixed set of normal draws, so they
cost the same for a hundred people as for a million.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray

from engine.arrays import read_only
from engine.metrics.groups import GroupTable
from engine.metrics.intervals import Z95, t_quantile
from engine.metrics.statistics.evidence import Ends
from engine.metrics.statistics.policy import POLICY

__all__ = ["GroupGap", "group_gap"]

Floats = NDArray[np.float64]

N_DRAWS = 2000
DUST = 1e-12
"""A change of the gap of at most this is rounding."""


@dataclass(frozen=True, eq=False)
class GroupGap:
    """Highest minus lowest group mean, of the groups with enough people.

    Attributes
    ----------
    n, n_groups : int
        People and groups counted.
    value, low, high : float
        Now, with an interval that holds the true gap at least 95 % of the time: the range that the
        errors of all groups together stay within is allowed on both sides. Noise alone makes a
        gap, so ``low`` is 0 unless the groups differ beyond it.
    before, difference : float
        In the baseline, and now minus then.
    p : float
        Of no change of the gap: how often a change at least as large comes out where each person's
        change has a random sign.
    ends : callable
        Error → interval of the change, by the same draws as ``p``: 0 lies outside exactly where
        ``p`` is below the error.
    chance : float
        Dealing these people to groups of these sizes at random, 95 % of gaps stay below this.
    """

    n: int
    n_groups: int
    value: float
    low: float
    high: float
    before: float
    difference: float
    p: float
    ends: Ends
    chance: float

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the gap is wider than chance makes it 95 times in 100."""
        return self.value > self.chance


def group_gap(
    now: GroupTable,
    before: GroupTable,
    change: GroupTable,
    name: str,
    *,
    least_n: int = POLICY.least_n,
) -> GroupGap | None:
    """Measure the gap of one metric now, before and paired; O(draws · groups).

    Parameters
    ----------
    now, before, change : GroupTable
        The same groups; ``change`` adds up each person's change.
    name : str
        Metric.
    least_n : int
        Groups with fewer people who have a value, or a change, are left out.

    Returns
    -------
    GroupGap or None
        ``None`` with fewer than two groups.

    Source: the sign-flip test (Fisher 1935) with the groups' mean changes taken as normal; Tukey
    1949 for the range of all groups at once.
    """
    at = now.column(name)
    kept = np.minimum(now.n_defined[:, at], change.n_defined[:, at]) >= max(least_n, 2)
    if kept.sum() < 2:
        return None
    means, old = now.mean[kept, at], before.mean[kept, at]
    draws = _draws(int(kept.sum()))
    spread = float(np.quantile(np.ptp(draws * _errors(now, kept, at), axis=1), POLICY.confidence))
    value, gap_before = float(np.ptp(means)), float(np.ptp(old))
    difference = value - gap_before
    if abs(difference) <= DUST:
        difference = 0.0
    p, ends = _flips(difference, (means + old) / 2, draws * _errors(change, kept, at))
    n = now.n_defined[kept, at]
    return GroupGap(
        n=int(n.sum()),
        n_groups=len(n),
        value=value,
        low=max(value - spread, 0.0),
        high=value + spread,
        before=gap_before,
        difference=difference,
        p=p,
        ends=ends,
        chance=_sd(now, kept, at) * _range_by_chance(tuple(n.tolist())),
    )


def _flips(difference: float, middle: Floats, changes: Floats) -> tuple[float, Ends]:
    """Compare the change of the gap with what it is where the sign of each change is random.

    A gap of two groups that hardly differ cannot shrink by much, whatever their changes are. An
    interval that holds 0 is therefore no narrower than the range of the changes themselves.
    """
    half = changes / 2
    flipped = np.sort(np.abs(np.ptp(middle + half, axis=1) - np.ptp(middle - half, axis=1)))[::-1]
    range_ = np.sort(np.ptp(changes, axis=1))[::-1]
    slack = 1e-12 * (np.ptp(middle) + abs(difference))
    p = (1 + int((flipped >= abs(difference) - slack).sum())) / (1 + N_DRAWS)

    def ends(error: float) -> tuple[float, float]:
        # As many flips may reach the change as leave p below the error.
        most = ceil(error * (1 + N_DRAWS)) - 2
        if most < 0:
            return -inf, inf
        if p < error:
            reach = float(flipped[most + 1])
            return difference - reach, difference + reach
        reach = max(float(range_[most + 1]), abs(difference))
        return min(difference - reach, 0.0), max(difference + reach, 0.0)

    return p, ends


def _errors(table: GroupTable, kept: NDArray[np.bool_], at: int) -> Floats:
    """Return standard errors of group means, widened as Student's t is for few people."""
    n = table.n_defined[kept, at]
    return table.sd[kept, at] / np.sqrt(n) * t_quantile(n - 1) / Z95


def _sd(table: GroupTable, kept: NDArray[np.bool_], at: int) -> float:
    """Return the standard deviation over the people of all groups together."""
    n, total = table.n_defined[kept, at].sum(), table.total[kept, at].sum()
    about = table.squares[kept, at].sum() - total**2 / n
    return float(np.sqrt(max(about, 0.0) / (n - 1)))


@lru_cache(maxsize=64)
def _range_by_chance(sizes: tuple[int, ...]) -> float:
    """Return the 95 % quantile of the range of group means of people with standard deviation 1."""
    noise = _draws(len(sizes)) / np.sqrt(np.array(sizes, dtype=np.float64))
    return float(np.quantile(np.ptp(noise, axis=1), POLICY.confidence))


@lru_cache(maxsize=16)
def _draws(n_groups: int) -> Floats:
    """Return the same standard normal draws at every call, (:data:`N_DRAWS`, n_groups)."""
    return read_only(np.random.default_rng(20_231).standard_normal((N_DRAWS, n_groups)))
