"""A logarithmic axis with a lane of its own for zero, which a logarithm cannot show.

Most items of a catalogue are in nobody's list; on a plain logarithmic axis they would silently be
left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LogLane"]

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

    def place(self, values: NDArray) -> NDArray[np.float32]:
        """Return positions on the axis, float32 of the values' shape; NaN for NaN or below 0."""
        values = np.asarray(values, dtype=np.float64)
        safe = np.where(values > 0, values, 1.0)
        place = np.where(values == 0, self.zero, np.log10(safe))
        place[~(values >= 0)] = np.nan
        return place.astype(np.float32)
