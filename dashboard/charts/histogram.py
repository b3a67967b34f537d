"""Bars of how many there are of each value, with a line where something begins."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.charts.canvas import axis, canvas, key_line
from dashboard.charts.read_out import read_out
from dashboard.palette import BASELINE, CATEGORICAL, HIGHLIGHT
from dashboard.plain_text import as_plotly

__all__ = ["histogram", "histogram_alt"]

HEIGHT = 220


def histogram(
    labels: Sequence[str],
    counts: Sequence[int],
    *,
    title: str,
    x_title: str,
    y_title: str,
    first: int | None = None,
    marked: str = "",
) -> go.Figure:
    """Draw a bar for each label; from ``first`` on they are filled, and called ``marked``."""
    begins = len(labels) if first is None else first
    colours = [BASELINE if place < begins else HIGHLIGHT for place in range(len(labels))]
    if first is None:
        colours = [CATEGORICAL[0]] * len(labels)
    places = list(range(len(labels)))
    step = max(len(labels) // 12, 1)
    x = axis(
        x_title,
        tickvals=places[::step],
        ticktext=[as_plotly(labels[place]) for place in places[::step]],
        range=[-0.6, len(labels) - 0.4],
    )
    words = key_line(("■", marked, HIGHLIGHT), ("■", "the others", BASELINE)) if marked else ""
    figure = canvas(title, x, axis(y_title, rangemode="tozero"), marks=words, height=HEIGHT)
    figure.add_trace(
        go.Bar(
            x=places,
            y=list(counts),
            marker={"color": colours},
            customdata=[[as_plotly(label)] for label in labels],
            hovertemplate="%{customdata[0]}: %{y:,}<extra></extra>",
            showlegend=False,
        )
    )
    return figure


def histogram_alt(labels: Sequence[str], counts: Sequence[int], title: str) -> str:
    """Say the bars in words: the largest, and the ends."""
    if not len(counts):
        return read_out("", title, "")
    top = max(range(len(counts)), key=lambda place: counts[place])
    return read_out(
        f"Most at {labels[top]}: {counts[top]:,}",
        title,
        f"from {labels[0]} ({counts[0]:,}) to {labels[-1]} ({counts[-1]:,})",
    )
