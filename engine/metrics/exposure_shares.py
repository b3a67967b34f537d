"""Each item group's share of exposure against its share of catalogue, history and merit."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from engine.metrics.audience import Audience
from engine.metrics.intervals import jackknife, jackknife_error
from engine.metrics.item_group_exposure import group_exposure
from engine.metrics.item_groups import ItemGroups
from engine.metrics.overshoot import is_either_way, passed
from engine.metrics.statistics.evidence import Evidence, student
from engine.metrics.statistics.policy import POLICY, Policy
from engine.metrics.statistics.verdict import Verdict, judge
from engine.metrics.targets import TARGETS, group_shares
from engine.metrics.user_matrix import Measured

__all__ = ["ExposureShares", "exposure_shares"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ExposureShares:
    """Shares of exposure; float64 arrays of shape (n_groups,), NaN where undefined.

    Attributes
    ----------
    groups : ItemGroups
    n : int
        People whose lists count.
    share, low, high : arrays
        Share of attention, with its 95 % interval (delete-a-block jackknife over people).
    before, change, error : arrays
        Share in the baseline's lists of the same people, the change from it, and the standard
        error of that; NaN without a baseline.
    freedom : int
        Degrees of freedom of ``error``.
    targets : dict
        ``catalogue``, ``history``, ``merit`` → shares, shape (n_groups,).
    """

    groups: ItemGroups
    n: int
    share: Floats
    low: Floats
    high: Floats
    before: Floats
    change: Floats
    error: Floats
    freedom: int
    targets: dict[str, Floats]

    def judged(self, target: str, *, policy: Policy = POLICY) -> list[Verdict]:
        """Judge each group's change as nearer to or further from its target, all groups together.

        Parameters
        ----------
        target : str
            Key of ``targets``.
        policy : Policy
        """
        aims = self.targets[target].tolist()
        return judge([self._evidence(group, aim) for group, aim in enumerate(aims)], policy)

    def passed(self, target: str) -> list[bool]:
        """Return which groups now stand clearly on the other side of their target."""
        rows = zip(self.before, self.low, self.high, self.targets[target], strict=True)
        return [passed(*map(float, row)) for row in rows]

    def _evidence(self, group: int, aim: float) -> Evidence:
        change, before = float(self.change[group]), float(self.before[group])
        error = float(self.error[group])
        p, ends = student(change, error, self.freedom)
        reach = float(self.high[group] - self.low[group]) + 2 * error
        if is_either_way(before, before + change, aim, reach):
            aim = nan
        return Evidence(
            change,
            p,
            ends,
            self.n,
            direction="target",
            before=before,
            target=aim,
            reason="No list holds an item, now or before.",
        )


def exposure_shares(
    audience: Audience, measured: Measured, name: str, *, baseline: Measured | None = None
) -> ExposureShares:
    """Share out exposure over one grouping of items; O(blocks · items).

    Parameters
    ----------
    audience : Audience
    measured : Measured
        Lists of any stage.
    name : str
        Key of ``audience.item_groups``.
    baseline : Measured, optional
        Other lists of the same people.
    """
    groups = audience.item_groups[name]
    targets = {target: group_shares(audience, groups, target) for target in TARGETS}
    now = group_exposure(measured.blocks, groups, targets["catalogue"]).share
    share, low, high, _ = jackknife(now)
    change, old, error, freedom = (*(np.full(groups.n_groups, np.nan),) * 3, 0)
    if baseline is not None:
        before = group_exposure(baseline.blocks, groups, targets["catalogue"]).share
        old, change = before[0], share - before[0]
        error, freedom = jackknife_error(now - before)
    bounded = np.maximum(low, 0.0), np.minimum(high, 1.0)
    return ExposureShares(
        groups, len(measured.users), share, *bounded, old, change, error, freedom, targets
    )
