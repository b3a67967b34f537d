"""All that figures come from, as sums that add up over audiences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.metrics.groups import GroupTable
from engine.metrics.item_groups import ItemGroups
from engine.metrics.kernels.exposure_blocks import Exposure

__all__ = ["Sums"]


@dataclass(frozen=True, eq=False)
class Sums:
    """All that figures come from; adding two gives that of both audiences together.

    Attributes
    ----------
    now, before, change : GroupTable
        Per-user metrics, those of the baseline, and each person's change; one group: everyone.
    blocks, baseline_blocks : Exposure
        Exposure now and in the baseline.
    groups : ItemGroups
    target : float64 array of shape (n_groups,)
        Of the figures by item group.
    aims : dict
        Metric → target, of those whose target the data and the settings give.
    """

    now: GroupTable
    before: GroupTable
    change: GroupTable
    blocks: Exposure
    baseline_blocks: Exposure
    groups: ItemGroups
    target: NDArray[np.float64]
    aims: dict[str, float]

    def __add__(self, other: Sums) -> Sums:
        """Add the sums of two disjoint audiences."""
        return Sums(
            self.now + other.now,
            self.before + other.before,
            self.change + other.change,
            self.blocks + other.blocks,
            self.baseline_blocks + other.baseline_blocks,
            self.groups,
            self.target,
            self.aims,
        )
