"""Which settings are beaten by none: the Pareto front, its knee and the area that it holds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["hypervolume", "is_on_front", "knee"]

Floats = NDArray[np.float64]


def is_on_front(points: Floats) -> NDArray[np.bool_]:
    """Mark the points that no other one dominates: as good in all, better in one. O(n² · m).

    Parameters
    ----------
    points : float64 array of shape (n, m)
        More is better in every column. A point with a NaN is on no front and dominates none.

    Returns
    -------
    bool array of shape (n,)
        Of equal points, all or none are marked.

    Examples
    --------
    >>> is_on_front(np.array([[1.0, 3.0], [2.0, 2.0], [1.0, 2.0]])).tolist()
    [True, True, False]
    """
    is_known = ~np.isnan(points).any(axis=1)
    is_beaten = np.zeros(len(points), dtype=np.bool_)
    for one in np.flatnonzero(is_known):
        as_good = np.all(points[one] >= points, axis=1)
        is_beaten |= as_good & np.any(points[one] > points, axis=1)
    return is_known & ~is_beaten


def hypervolume(points: Floats, reference: Floats) -> float:
    """Area that two-dimensional points dominate, down to a reference point. O(n log n).

    Parameters
    ----------
    points : float64 array of shape (n, 2)
        More is better in both columns; NaN rows are left out.
    reference : float64 array of shape (2,)
        What is worse than this in a column counts for nothing.

    Source
    ------
    Zitzler and Thiele, "Multiobjective optimization using evolutionary algorithms", PPSN 1998.

    Examples
    --------
    >>> hypervolume(np.array([[1.0, 3.0], [2.0, 2.0]]), np.zeros(2))
    5.0
    """
    gained = points[~np.isnan(points).any(axis=1)] - reference
    gained = gained[(gained > 0).all(axis=1)]
    gained = gained[np.lexsort((-gained[:, 1], -gained[:, 0]))]
    area, height = 0.0, 0.0
    for width, tall in gained:
        area += width * max(0.0, tall - height)
        height = max(height, tall)
    return float(area)


def knee(front: Floats) -> int | None:
    """Return the row of the point farthest above the line between the front's two ends.

    Both axes are scaled to the front's span first. ``None`` for fewer than three points, or where
    no point lies above the line: such a front has no knee.

    Parameters
    ----------
    front : float64 array of shape (n, 2)
        Points of a front; more is better in both columns.

    Source
    ------
    Das, "On characterizing the 'knee' of the Pareto curve", Structural Optimization 1999.
    """
    span = np.ptp(front, axis=0) if len(front) else np.zeros(2)
    if len(front) < 3 or not (span > 0).all():
        return None
    scaled = (front - front.min(axis=0)) / span
    height = scaled.sum(axis=1) - 1.0
    best = int(np.argmax(height))
    return best if height[best] > 1e-9 else None
