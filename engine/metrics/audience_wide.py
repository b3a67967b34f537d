"""All audience-wide figures at once, with each block of people left out in turn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.metrics.concentration import concentration
from engine.metrics.item_group_exposure import GroupExposure, item_group_figures
from engine.metrics.kernels.exposure_blocks import Exposure

__all__ = ["audience_wide"]


def audience_wide(blocks: Exposure, by_item_group: GroupExposure) -> NDArray[np.float64]:
    """Compute the figures of ``registry.AUDIENCE_METRICS``, in that order.

    Parameters
    ----------
    blocks : Exposure
    by_item_group : GroupExposure
        The same, added up over item groups.

    Returns
    -------
    float64 array of shape (1 + n_blocks, n_figures)
        Row 0: everyone. Row 1 + b: everyone but block ``b``; NaN where that block is empty.
        O(blocks · items · log items).
    """
    return np.hstack([concentration(blocks), item_group_figures(by_item_group)])
