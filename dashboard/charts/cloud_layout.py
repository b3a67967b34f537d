"""Where a hundred thousand points go: a logarithmic axis with a lane for zero, and cells counted.

Most items of a catalogue are in nobody's list; on a plain logarithmic axis they would silently be
left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Density", "LogLane", "count_cells"]

GAP = 0.8
"""Decades between the smallest power of ten shown and the lane of zero."""


@dataclass(frozen=True)
class LogLane:
    """Positions on an axis from ``10 ** low`` to ``10 ** high``, with zero below.

    ``low`` and ``high`` do not depend on the values shown, so the axis stays where it is.
    """

    low: int
    high: int

    @classmethod
    def spanning(cls, smallest: float, largest: float) -> LogLane:
        """Make the axis that holds every value between two positive numbers."""
        low = int(np.floor(np.log10(smallest)))
        return cls(low, max(int(np.ceil(np.log10(largest))), low + 1))

    @property
    def zero(self) -> float:
        """Where zero is drawn."""
        return self.low - GAP

    @property
    def range(self) -> tuple[float, float]:
        """Ends of the axis, a little beyond what it holds."""
        return self.zero - 0.35, self.high + 0.1

    @property
    def ticks(self) -> tuple[list[float], list[str]]:
        """Positions and labels: ``0``, then the powers of ten."""
        powers = range(self.low, self.high + 1)
        return [self.zero, *map(float, powers)], ["0", *(f"{10.0**power:,g}" for power in powers)]

    def place(self, values: NDArray[Any]) -> NDArray[np.float32]:
        """Return positions on the axis, float32 of the values' shape; NaN for NaN or below 0."""
        values = np.asarray(values, dtype=np.float64)
        safe = np.where(values > 0, values, 1.0)
        place = np.where(values == 0, self.zero, np.log10(safe))
        place[~(values >= 0)] = np.nan
        return place.astype(np.float32)


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
