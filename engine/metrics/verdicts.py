"""What can be said of a change: better, worse, changed, or no clear change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.metrics.metric import Metric

__all__ = ["SIGNIFICANCE", "VERDICTS", "holm", "verdict"]

VERDICTS = ("better", "worse", "changed", "no clear change")
SIGNIFICANCE = 0.05


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjust p values for looking at all of them at once (Holm 1979); NaN stays NaN.

    Parameters
    ----------
    p : float64 array
        NaN values are not tests and do not count.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, np.nan, 0.03])).round(2).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    adjusted = np.full(len(p), np.nan)
    order = np.argsort(p, kind="stable")[: int((~np.isnan(p)).sum())]
    stepped = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def verdict(metric: Metric, difference: float, p: float) -> str:
    """Say a change in a word of :data:`VERDICTS`.

    ``changed`` is for a clear change of a metric for which neither direction is better.
    """
    if not p < SIGNIFICANCE or difference == 0:
        return "no clear change"
    if metric.direction == "neither":
        return "changed"
    return "better" if (difference > 0) == (metric.direction == "higher") else "worse"
