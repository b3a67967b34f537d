"""All audience-wide figures at once, with each block of people left out in turn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.metrics.concentration import concentration
from engine.metrics.item_group_exposure import group_exposure, item_group_figures
from engine.metrics.item_groups import ItemGroups
from engine.metrics.kernels.exposure_blocks import Exposure

__all__ = ["audience_wide"]


def audience_wide(
    blocks: Exposure, groups: ItemGroups, target: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute the figures of ``registry.AUDIENCE_METRICS``, in that order.

    Returns
    -------
    float64 array of shape (1 + n_blocks, n_figures)
        Row 0: everyone. Row 1 + b: everyone but block ``b``; NaN where that block is empty.
        O(blocks · items · log items).
    """
    by_item = concentration(blocks)
    return np.hstack([by_item, item_group_figures(group_exposure(blocks, groups, target))])
