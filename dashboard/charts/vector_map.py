"""Points in two dimensions, coloured by a class: near points have vectors that are alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, colour_scale, key_line, steady_figure
from dashboard.palette import BASELINE, CATEGORICAL, CIVIDIS, HIGHLIGHT
from dashboard.plain_text import as_plotly

__all__ = ["MapPoints", "vector_map"]

MARKS = (
    ("circle", "●"),
    ("square", "■"),
    ("diamond", "◆"),
    ("triangle-up", "▲"),
    ("triangle-down", "▼"),
    ("cross", "✚"),
    ("x", "✖"),
    ("star", "★"),
)
"""Told apart by shape as well as by colour, one for each colour of the palette."""

UNKNOWN = "not known"


@dataclass(frozen=True, eq=False)
class MapPoints:
    """What to draw; arrays of shape (n,).

    Attributes
    ----------
    places : float array of shape (n, 2)
    rows : int64 array
        Handed back by a click, as ``customdata[0]``.
    names : sequence of str
        As they are in the data.
    codes : int64 array
        Class of each, a place in ``labels``; -1 where unknown.
    labels : sequence of str
    is_ordered : bool
        Whether the classes go from low to high: then a scale colours them.
    class_words : str
        What the class is.
    """

    places: NDArray[np.floating]
    rows: NDArray[np.int64]
    names: Sequence[str]
    codes: NDArray[np.int64]
    labels: Sequence[str]
    is_ordered: bool
    class_words: str


def vector_map(
    points: MapPoints, *, title: str, chosen: int | None = None, height: int = 480
) -> go.Figure:
    """Draw the points, and a ring around the chosen row where it is among them.

    The axes have no unit: t-SNE keeps who is near, not how far the others are.
    """
    traces = _scaled(points) if points.is_ordered else _classes(points)
    unknown = np.flatnonzero(points.codes < 0)
    if len(unknown):
        traces.insert(0, _points(points, unknown, UNKNOWN, {"color": BASELINE, "size": 5}))
    entries = [] if points.is_ordered else list(_key(points))
    if len(unknown):
        entries.append(("●", UNKNOWN, BASELINE))
    at = np.flatnonzero(points.rows == chosen) if chosen is not None else np.empty(0, int)
    if len(at):
        traces.append(_ring(points, int(at[0])))
        entries.append(("○", "chosen", HIGHLIGHT))
    bare = {"showticklabels": False, "ticks": "", "showgrid": False}
    figure = steady_figure(
        title, axis("", **bare), axis("", **bare), traces, marks=key_line(*entries), height=height
    )
    figure.update_layout(margin={"l": 12, "b": 12, "r": 90 if points.is_ordered else 12})
    if not entries:
        figure.update_layout(showlegend=False)
    return figure


def _key(points: MapPoints) -> list[tuple[str, str, str]]:
    return [
        (MARKS[place % len(MARKS)][1], str(label), CATEGORICAL[place % len(CATEGORICAL)])
        for place, label in enumerate(points.labels)
        if (points.codes == place).any()
    ]


def _classes(points: MapPoints) -> list[dict[str, Any]]:
    traces = []
    for place, label in enumerate(points.labels):
        own = np.flatnonzero(points.codes == place)
        if len(own):
            colour, symbol = CATEGORICAL[place % len(CATEGORICAL)], MARKS[place % len(MARKS)][0]
            marker = {"color": colour, "symbol": symbol, "size": 6}
            traces.append(_points(points, own, str(label), marker))
    return traces


def _scaled(points: MapPoints) -> list[dict[str, Any]]:
    known = np.flatnonzero(points.codes >= 0)
    n = len(points.labels)
    bar = {
        "title": {"text": as_plotly(points.class_words.partition(",")[0]), "side": "right"},
        "thickness": 12,
        "tickvals": list(range(n)),
        "ticktext": [as_plotly(str(label)) for label in points.labels],
        "outlinewidth": 0,
    }
    marker = {
        "color": points.codes[known],
        "colorscale": colour_scale(CIVIDIS),
        "cmin": 0,
        "cmax": n - 1,
        "colorbar": bar,
        "size": 6,
    }
    return [_points(points, known, "", marker)]


def _points(
    points: MapPoints, own: NDArray[np.integer], name: str, marker: dict[str, Any]
) -> dict[str, Any]:
    labels = [points.labels[code] if code >= 0 else UNKNOWN for code in points.codes[own]]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": points.places[own, 0],
        "y": points.places[own, 1],
        "name": as_plotly(name),
        "text": [
            f"{as_plotly(str(points.names[at]))}<br>{as_plotly(str(label))}"
            for at, label in zip(own, labels, strict=True)
        ],
        "customdata": points.rows[own, None],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {**marker, "opacity": 0.75},
        "unselected": {"marker": {"opacity": 0.75}},
    }


def _ring(points: MapPoints, at: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": points.places[[at], 0],
        "y": points.places[[at], 1],
        "name": "chosen",
        "marker": {
            "symbol": "circle-open",
            "size": 18,
            "color": HIGHLIGHT,
            "line": {"color": HIGHLIGHT, "width": 3},
        },
        "unselected": {"marker": {"opacity": 1}},
        "hoverinfo": "skip",
    }
