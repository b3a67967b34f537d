"""All audience-wide figures at once, with each block of people left out in turn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.metrics.concentration import SPREAD, concentration
from engine.metrics.item_group_exposure import FORMULAS, GroupExposure, item_group_figures
from engine.metrics.kernels.exposure_blocks import Exposure
from engine.metrics.registry import AUDIENCE_METRICS

__all__ = ["audience_wide", "order_by_name"]


def order_by_name(computed: tuple[str, ...], metrics: tuple[str, ...]) -> list[int]:
    """Return, for each metric, the place of its formula among those computed.

    Raises
    ------
    ImportError
        A metric has no formula, or two; or a formula is of no metric.
    """
    if sorted(computed) != sorted(metrics):
        odd = sorted(set(computed) ^ set(metrics)) or list(computed)
        raise ImportError(
            f"{', '.join(map(repr, odd))}: each metric of the whole audience needs one definition "
            "in exposure_definitions.py and one formula, in concentration.py (SPREAD) or "
            "item_group_exposure.py (FORMULAS), of the same name."
        )
    return [computed.index(name) for name in metrics]


_ORDER = order_by_name((*SPREAD, *FORMULAS), AUDIENCE_METRICS)


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
    figures = np.hstack([concentration(blocks), item_group_figures(by_item_group)])
    return np.take(figures, _ORDER, axis=1)
