"""Curves through measured points with intervals: recall against speed, likes against scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, key_line, steady_figure
from dashboard.charts.read_out import read_out
from dashboard.charts.ticks import percent_ticks
from dashboard.plain_text import as_plotly

__all__ = ["Curve", "measured_curve", "measured_curve_alt"]


@dataclass(frozen=True, eq=False)
class Curve:
    """One line of points.

    Attributes
    ----------
    name : str
    x, y, low, high : float arrays of shape (n_points,)
        ``low`` and ``high`` are the ends of the interval of ``y``.
    words : sequence of str
        What each point is.
    colour, symbol, sign : str
        Plotly's symbol, and the same mark in text.
    """

    name: str
    x: NDArray[np.floating]
    y: NDArray[np.floating]
    low: NDArray[np.floating]
    high: NDArray[np.floating]
    words: Sequence[str]
    colour: str
    symbol: str = "circle"
    sign: str = "●"


def measured_curve(
    curves: Sequence[Curve],
    *,
    title: str,
    x_title: str,
    y_title: str,
    is_share: bool = True,
    is_log: bool = False,
    ticks: Sequence[str] = (),
    height: int = 330,
) -> go.Figure:
    """Draw the curves.

    Parameters
    ----------
    curves : sequence of Curve
    title, x_title, y_title : str
    is_share : bool
        ``y`` is written in per cent.
    is_log : bool
        The horizontal axis is logarithmic.
    ticks : sequence of str
        Words for x = 0, 1, 2 …, in place of numbers.
    height : int
        Pixels.
    """
    x_axis = axis(x_title, **({"type": "log", "nticks": 6} if is_log else {}))
    if ticks:
        x_axis |= {"tickvals": list(range(len(ticks))), "ticktext": list(ticks)}
    return steady_figure(
        title,
        x_axis,
        axis(y_title, nticks=6, **percent_ticks(is_share=is_share, span=_span(curves))),
        [_trace(curve) for curve in curves],
        marks=key_line(*((one.sign, one.name, one.colour) for one in curves)),
        height=height,
    )


def _span(curves: Sequence[Curve]) -> float:
    known = np.concatenate(
        [np.asarray(v, float) for one in curves for v in (one.y, one.low, one.high)]
    )
    return float(np.ptp(known[np.isfinite(known)])) if np.isfinite(known).any() else 1.0


def _trace(curve: Curve) -> dict[str, Any]:
    values, low, high = (np.asarray(part, float) for part in (curve.y, curve.low, curve.high))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": as_plotly(curve.name),
        "x": curve.x,
        "y": values,
        "line": {"color": curve.colour, "width": 2},
        "marker": {"symbol": curve.symbol, "size": 9, "color": curve.colour},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": high - values,
            "arrayminus": values - low,
            "color": curve.colour,
            "thickness": 1.2,
            "width": 3,
        },
        "customdata": [as_plotly(words) for words in curve.words],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def measured_curve_alt(curves: Sequence[Curve], title: str) -> str:
    """Say the chart in words."""
    said = [f"{one.name}: " + ", ".join(one.words) for one in curves]
    first = next((one for one in curves if len(one.words)), None)
    ends = "" if first is None else f"{first.name}, from {first.words[0]} to {first.words[-1]}"
    return read_out(ends, title, said)
