"""Estimates side by side, with their intervals, beside what was logged and what is true."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from dashboard.charts.canvas import axis, key_line, steady_figure
from dashboard.charts.read_out import read_out
from dashboard.charts.ticks import percent_ticks
from dashboard.palette import BASELINE, HIGHLIGHT, SETTING
from dashboard.plain_text import as_plotly
from engine.formats import Style, interval, number

__all__ = ["Dot", "estimate_dots", "estimate_dots_alt"]

ROW, REST = 26, 112
STYLE = Style(3)


@dataclass(frozen=True)
class Dot:
    """One estimate; NaN is not drawn."""

    name: str
    value: float
    low: float
    high: float


def _words(dot: Dot, style: Style) -> str:
    return f"{dot.name}: {number(dot.value, style)} ({interval(dot.low, dot.high, style)})"


def estimate_dots(
    title: str,
    dots: Sequence[Dot],
    *,
    logged: float,
    truth: float,
    x_title: str,
    style: Style = STYLE,
) -> go.Figure:
    """Draw one row for each estimate, the first on top, and lines where logged and truth lie.

    A line that is NaN is not drawn; figures are written in ``style``.
    """
    rows = list(range(len(dots)))
    marks, lines = [("●", "estimate, 95 % interval", SETTING)], []
    if math.isfinite(logged):
        marks.append(("╌", "logged", BASELINE))
        lines.append((logged, BASELINE, "dash"))
    if math.isfinite(truth):
        marks.append(("━", "truth", HIGHLIGHT))
        lines.append((truth, HIGHLIGHT, "solid"))
    shapes = [
        {
            "type": "line",
            "x0": x,
            "x1": x,
            "y0": -0.5,
            "y1": len(dots) - 0.5,
            "line": {"color": colour, "width": 2, "dash": dash},
        }
        for x, colour, dash in lines
    ]
    known = [end for dot in dots for end in (dot.low, dot.high) if math.isfinite(end)]
    ticks = percent_ticks(is_share=style.as_percent, span=max(known) - min(known) if known else 1)
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [dot.value for dot in dots],
        "y": rows,
        "marker": {"color": SETTING, "size": 9},
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [dot.high - dot.value for dot in dots],
            "arrayminus": [dot.value - dot.low for dot in dots],
            "color": SETTING,
            "thickness": 1.4,
            "width": 4,
        },
        "customdata": [as_plotly(_words(dot, style)) for dot in dots],
        "hovertemplate": "%{customdata}<extra></extra>",
    }
    return steady_figure(
        as_plotly(title),
        axis(x_title, nticks=6, **ticks),
        axis(
            "",
            tickvals=rows,
            ticktext=[as_plotly(dot.name) for dot in dots],
            range=[len(dots) - 0.5, -0.5],
        ),
        [trace],
        marks=key_line(*marks),
        height=REST + ROW * len(dots),
        shapes=shapes,
    )


def estimate_dots_alt(
    title: str, dots: Sequence[Dot], logged: float, truth: float, style: Style = STYLE
) -> str:
    """Say the chart in words."""
    lines = [
        f"{name} {number(value, style)}"
        for name, value in (("logged", logged), ("truth", truth))
        if math.isfinite(value)
    ]
    known = [dot for dot in dots if math.isfinite(dot.value)]
    finding = ", ".join([_words(known[0], style), *lines]) if known else ", ".join(lines)
    return read_out(finding, title, [*lines, *(_words(dot, style) for dot in dots)])
