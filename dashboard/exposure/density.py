"""Count points in the cells of a grid, to draw a hundred thousand of them as one picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Density", "count_cells"]


@dataclass(frozen=True, eq=False)
class Density:
    """Counts in a grid of cells.

    Attributes
    ----------
    x, y : float32 arrays of shape (n_x,) and (n_y,)
        Middles of the cells.
    count : float32 array of shape (n_y, n_x)
        Points in each cell; NaN where there are none, so that nothing is drawn.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    count: NDArray[np.float32]


def count_cells(
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    *,
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    shape: tuple[int, int] = (72, 48),
) -> Density:
    """Count the points in each cell; those outside the ranges are clipped into the edge cells.

    Parameters
    ----------
    x, y : float32 arrays of shape (n,)
        Finite.
    x_range, y_range : pair of float
        What the grid covers.
    shape : pair of int
        Number of cells along x and y.

    Returns
    -------
    Density
        Counts add up to ``n``.
    """
    (n_x, n_y), cells, middles = shape, [], []
    for values, (low, high), n_cells in ((x, x_range, n_x), (y, y_range, n_y)):
        width = (high - low) / n_cells
        cells.append(np.clip(((values - low) / width).astype(np.int64), 0, n_cells - 1))
        middles.append((low + width * (np.arange(n_cells) + 0.5)).astype(np.float32))
    count = np.bincount(cells[1] * n_x + cells[0], minlength=n_x * n_y).reshape(n_y, n_x)
    drawn = np.where(count > 0, count, np.nan).astype(np.float32)
    return Density(middles[0], middles[1], drawn)
