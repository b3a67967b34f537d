"""What all figures have in common: size, margins, axes that stay put, a legend above the plot."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from dashboard.charts.ticks import FORMS, number_ticks
from dashboard.palette import GRID, TICKS
from dashboard.plain_text import as_plotly

__all__ = [
    "add_trace",
    "axis",
    "canvas",
    "colour_scale",
    "config",
    "doubling_range",
    "key_line",
    "nice_ceiling",
    "steady_figure",
]

TEMPLATE: dict[str, Any] = {
    "data": {"scatter": [{"type": "scatter", "marker": {"line": {"width": 0}}}]}
}
"""What our charts need of Streamlit's template; its front end adds fonts and the theme's colours.

The whole one, for forty kinds of charts, was a fifth of the time that a chart took to draw.
"""

CLEAR = "rgba(0,0,0,0)"
LETTER_WIDTH, NUMBERS_WIDTH, UNDER_THE_PLOT = 5.7, 62, 44
"""Pixels: of a letter of a tick's label, of numbers with their title, of what is below the plot."""
ABOVE, ABOVE_UNTITLED = 66, 32
"""Pixels above the plot: of a title, its question and its marks in three lines; of marks alone."""
STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def axis(title: str, **more: Any) -> dict[str, Any]:
    """Return an axis with its title (and unit) that neither zooms nor drags by accident."""
    return {
        "title": {"text": title, "font": {"size": 12, "color": TICKS}, "standoff": 6},
        "fixedrange": True,
        "gridcolor": GRID,
        "zeroline": False,
        "tickfont": {"size": 11, "color": TICKS},
        "tickangle": 0,
        "automargin": True,
        **({} if FORMS & more.keys() else number_ticks(more.get("type"))),
        **more,
    }


def colour_scale(colours: Sequence[str]) -> list[list[Any]]:
    """Return colours at even steps as a browser reads a scale; a plain list of them is none to it.

    >>> colour_scale(["#FFFFFF", "#000000"])
    [[0.0, '#FFFFFF'], [1.0, '#000000']]
    """
    return [[at / (len(colours) - 1), colour] for at, colour in enumerate(colours)]


def key_line(*entries: tuple[str, str, str]) -> str:
    """Return the words under a title that say which mark is which.

    A line of text, unlike Plotly's legend, never pushes the plot aside when its words change.

    >>> key_line(("○", "before", "#7A8594"))
    '<span style="color:#7A8594">○</span> before'
    """
    return " ".join(
        f'<span style="color:{colour}">{mark}</span> {as_plotly(words)}'
        for mark, words, colour in entries
    )


def canvas(
    title: str,
    x: dict[str, Any],
    y: dict[str, Any],
    *,
    marks: str = "",
    height: int = 240,
) -> go.Figure:
    """Return an empty figure on a clear background that reads in light and in dark.

    Parameters
    ----------
    title : str
        Stands above the plot, and so in a downloaded picture too; may be empty.
    x, y : dict
        From :func:`axis`.
    marks : str
        From :func:`key_line`; with none, Plotly's own legend stands above the plot.
    height : int
        Pixels.
    """
    return _figure([], _layout(title, x, y, marks, height))


def add_trace(figure: go.Figure, kind: str, **trace: Any) -> None:
    """Add a trace of Plotly's ``kind`` ("bar", "scatter") to a :func:`canvas`."""
    figure.add_trace({"type": kind, **trace})


def steady_figure(
    title: str,
    x: dict[str, Any],
    y: dict[str, Any],
    traces: Sequence[dict[str, Any]],
    *,
    marks: str,
    height: int = 240,
    shapes: Sequence[dict[str, Any]] = (),
) -> go.Figure:
    """Return a whole figure for a chart that is drawn anew at every move of a control.

    Its margins follow from the length of the labels: Plotly's own are found by drawing, measuring
    and drawing again at every change.

    Parameters
    ----------
    title, x, y, marks, height
        As in :func:`canvas`.
    traces, shapes : sequences of dict
        As Plotly has them.
    """
    labels = y.get("ticktext")
    longest = max((len(_as_read(label)) for label in labels), default=0) if labels else 0
    left = 16 + LETTER_WIDTH * longest if labels else NUMBERS_WIDTH
    still = {"automargin": False}
    layout = _layout(title, {**x, **still}, {**y, **still}, marks, height)
    layout["margin"] |= {"l": left, "b": UNDER_THE_PLOT}
    layout["shapes"] = list(shapes)
    return _figure(list(traces), layout)


def _figure(traces: list[dict[str, Any]], layout: dict[str, Any]) -> go.Figure:
    """Make a figure unchecked (:mod:`dashboard.charts.figure_check` does it where it is drawn)."""
    return go.Figure({"data": traces, "layout": layout | {"template": TEMPLATE}}, _validate=False)


def _as_read(label: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", label))


def _layout(
    title: str, x: dict[str, Any], y: dict[str, Any], marks: str, height: int
) -> dict[str, Any]:
    return {
        "title": {
            "text": title,
            "font": {"size": 13},
            "x": 0,
            "xref": "container",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 4, "l": 4},
            "subtitle": {"text": marks, "font": {"size": 11, "color": TICKS}},
        },
        "height": height,
        "margin": {"l": 8, "r": 12, "t": ABOVE if title else ABOVE_UNTITLED, "b": 8},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "uirevision": "keep",
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": not marks,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "font": {"size": 11, "color": TICKS},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "xaxis": x,
        "yaxis": y,
    }


def config(file_name: str) -> dict[str, Any]:
    """Return Plotly's settings of a figure: one button above it, which saves a picture."""
    return {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "scale": 3, "filename": file_name},
    }


def nice_ceiling(value: float) -> float:
    """Return the next round number at or above ``value``: 0.27 → 0.3.

    >>> nice_ceiling(0.27), nice_ceiling(1300), nice_ceiling(0)
    (0.3, 1500.0, 1.0)
    """
    if not math.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    step = next(step for step in STEPS if step * power >= value * (1 - 1e-9))
    return float(f"{step * power:.6g}")


def doubling_range(home: float, values: Sequence[float], *, step: float) -> tuple[float, float]:
    """Return a range about ``home`` whose sides are the step, doubled until all values are inside.

    It stands still while values wander, and changes seldom while they run away.

    >>> doubling_range(0.5, [0.47, 0.61], step=0.05)
    (0.45, 0.7)
    """
    known = [value - home for value in values if math.isfinite(value - home)]
    below, above = max(0.0, -min(known, default=0.0)), max(0.0, max(known, default=0.0))
    middle = home if math.isfinite(home) else 0.0
    return round(middle - _doubled(step, below), 10), round(middle + _doubled(step, above), 10)


def _doubled(step: float, reach: float) -> float:
    return step * 2.0 ** max(0, math.ceil(math.log2(reach / step) - 1e-9)) if reach else step
