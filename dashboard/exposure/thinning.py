"""Draw a long curve with few points, so that its size does not grow with the catalogue."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.metrics.concentration import lorenz

__all__ = ["Curve", "curve_of", "thin_curve"]

Curve = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Shares of the items, least exposed first, and of the exposure that they hold."""

DRAWN = 100
"""Points of a drawn curve: between two of them a chord is less than a pixel off."""


def curve_of(exposure: NDArray[np.float64]) -> Curve:
    """Return the Lorenz curve of every item's exposure, shape (n_items,), to be drawn."""
    return thin_curve(*lorenz(exposure), DRAWN)


def thin_curve(
    x: NDArray[np.floating], y: NDArray[np.floating], max_points: int = 200
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Pick points of a rising curve, evenly along its length, both ends among them.

    On a curve that rises in both coordinates, a straight line between two picked points is off by
    at most the length of one step, ``2 / (max_points - 1)`` for a Lorenz curve.

    Parameters
    ----------
    x, y : float arrays of shape (n,)
        Neither ever falls.
    max_points : int
        At least 2.

    Returns
    -------
    x, y : float32 arrays of shape (min(n, max_points),) or fewer
    """
    if len(x) <= max_points:
        return x.astype(np.float32), y.astype(np.float32)
    way = np.concatenate([[0.0], np.cumsum(np.diff(x) + np.diff(y))])
    steps = np.linspace(0.0, way[-1], max_points)
    picked = np.unique(np.append(np.searchsorted(way, steps[:-1]), len(x) - 1))
    return x[picked].astype(np.float32), y[picked].astype(np.float32)
