"""From figures to places on the paper: linear and logarithmic scales, and their ticks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from engine.formats import percent

__all__ = ["Scale", "scale_of", "ticks"]

NICE_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """Maps figures in [``low``, ``high``] to pixels from ``start`` to ``end``.

    On a logarithmic scale ``low`` and ``high`` are powers of ten, as Plotly has them.
    """

    low: float
    high: float
    start: float
    end: float
    is_log: bool = False

    def __call__(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return pixels; NaN stays NaN, and a figure that a log scale cannot show becomes NaN."""
        figures = np.asarray(values, dtype=np.float64)
        if self.is_log:
            positive = np.where(figures > 0, figures, np.nan)
            figures = np.log10(positive)
        share = (figures - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def scale_of(axis: go.layout.XAxis | go.layout.YAxis, start: float, end: float) -> Scale:
    """Return the scale of a Plotly axis, which must have its range set.

    Raises
    ------
    ValueError
        The axis has no range: a still picture does not guess one.
    """
    if axis.range is None:
        raise ValueError("the axis of a still picture needs a range")
    low, high = (float(end) for end in axis.range)
    return Scale(low, high, start, end, axis.type == "log")


def ticks(axis: go.layout.XAxis | go.layout.YAxis) -> list[tuple[float, str]]:
    """Return the ticks inside the axis's range with their labels, Plotly's own tags still in.

    >>> ticks(go.layout.XAxis(range=[0, 0.4], nticks=5))
    [(0.0, '0.0'), (0.1, '0.1'), (0.2, '0.2'), (0.3, '0.3'), (0.4, '0.4')]
    >>> ticks(go.layout.XAxis(range=[0, 1], nticks=3, tickformat=".0%"))[-1]
    (1.0, '100 %')
    """
    if axis.tickvals is not None:
        places = np.asarray(axis.tickvals, dtype=np.float64)
        texts = axis.ticktext if axis.ticktext is not None else [f"{place:g}" for place in places]
        found = list(zip(places.tolist(), map(str, texts), strict=True))
    else:
        marks, step = _nice_places(axis)
        found = [(place, _label(place, axis, _decimals(step))) for place in marks]
    low, high = sorted(float(end) for end in axis.range)
    if axis.type == "log":
        low, high = 10.0**low, 10.0**high
    return [(place, text) for place, text in found if low <= place <= high]


def _nice_places(axis: go.layout.XAxis | go.layout.YAxis) -> tuple[list[float], float]:
    low, high = sorted(float(end) for end in axis.range)
    rough = (high - low) / max((axis.nticks or 6) - 1, 1)
    power = 10.0 ** np.floor(np.log10(rough))
    step = next(step * power for step in NICE_STEPS if step * power >= rough * (1 - 1e-9))
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    places = [float(round(place * step, 10)) + 0.0 for place in np.arange(first, last + 1)]
    return places, step


def _decimals(step: float) -> int:
    """Count those that a step between ticks needs: all labels have as many."""
    return len(f"{step:.6f}".rstrip("0").partition(".")[2])


def _label(place: float, axis: go.layout.XAxis | go.layout.YAxis, digits: int) -> str:
    if axis.tickformat == ".0%":
        return percent(place, max(0, digits - 2))
    return f"{place:,.{digits}f}".replace("-", "−") + (axis.ticksuffix or "")
