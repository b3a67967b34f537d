"""Panels side by side that share their rows: dots with intervals, or bars, in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, key_line, nice_ceiling, steady_figure
from dashboard.charts.read_out import ends_in_words, read_out
from dashboard.charts.row_marks import Marks, trace_of
from dashboard.charts.ticks import percent_ticks
from dashboard.palette import TICKS
from dashboard.plain_text import as_plotly, shorten
from engine.formats import SHARE, number, rounded

__all__ = ["Panel", "dot_panels", "dot_panels_alt"]

GAP = 0.035
"""Room between panels, as a share of the width."""

ROW_HEIGHT, AROUND = 40, 118
LOG_ENDS = 10.0
EDGE = 0.04


@dataclass(frozen=True, eq=False)
class Panel:
    """One panel.

    Attributes
    ----------
    title : str
        Of its axis, with the unit.
    series : sequence of Marks
    is_share : bool
        Write the axis in per cent.
    is_log : bool
    text : sequence of str, optional
        Beside the first series, one a row.
    """

    title: str
    series: Sequence[Marks]
    is_share: bool = True
    is_log: bool = False
    text: Sequence[str] = ()


def dot_panels(labels: Sequence[str], panels: Sequence[Panel], *, title: str) -> go.Figure:
    """Draw the panels from left to right, rows from top to bottom.

    Parameters
    ----------
    labels : sequence of str
        Of the rows.
    panels : sequence of Panel
    title : str
    """
    rows = np.arange(len(labels))
    traces = [
        trace
        for place, panel in enumerate(panels)
        for trace in _traces(panel, rows, place, [as_plotly(label) for label in labels])
    ]
    ticks = [as_plotly(shorten(label, 34)) for label in labels]
    figure = steady_figure(
        as_plotly(title),
        _x_axis(panels[0], 0, len(panels)),
        axis("", tickvals=rows, ticktext=ticks, range=[len(rows) - 0.4, -0.6], showgrid=False),
        traces,
        marks=_key(panels),
        height=AROUND + ROW_HEIGHT * max(len(labels), 2),
    )
    others = {
        f"xaxis{place + 1}": _x_axis(panel, place, len(panels))
        for place, panel in enumerate(panels)
        if place
    }
    return figure.update_layout(**others, barmode="overlay", bargap=0.5)


def _x_axis(panel: Panel, place: int, n_panels: int) -> dict[str, Any]:
    width = (1 - GAP * (n_panels - 1)) / n_panels
    start = place * (width + GAP)
    span = _span(panel)
    form = percent_ticks(is_share=panel.is_share, span=span[1] - span[0])
    kind = {"type": "log", "dtick": 1} if panel.is_log else {}
    return axis(
        as_plotly(panel.title),
        domain=[start, start + width],
        range=span,
        nticks=5,
        automargin=False,
        **form,
        **kind,
    )


def _span(panel: Panel) -> list[float]:
    """From zero, or below where values are, to a round number that leaves room for text."""
    ends = [part for one in panel.series for part in (one.values, one.low, one.high)]
    known = np.concatenate([np.asarray(part, float) for part in ends])
    known = known[np.isfinite(known)]
    most, least = known.max(initial=0.0), known.min(initial=0.0)
    if panel.is_log:
        return [0.0, float(np.log10(max(most, 1.0) * LOG_ENDS))]
    high = nice_ceiling(most * (1.3 if panel.text else 1.0))
    low = -nice_ceiling(-least) if least < -1e-6 else 0.0
    if all(one.symbol == "bar" for one in panel.series):
        return [low, high]
    edge = EDGE * (high - low)  # a mark on the end of the scale is whole
    return [low - edge, high + edge]


def _traces(
    panel: Panel, rows: NDArray[np.integer], place: int, names: list[str]
) -> list[dict[str, Any]]:
    number = "" if place == 0 else str(place + 1)
    n = len(panel.series)
    dots = sum(one.symbol != "bar" for one in panel.series)
    step = 0.0 if dots < 2 else min(0.2, 0.6 / dots)
    return [
        trace_of(
            one,
            rows + (0.0 if one.symbol == "bar" else step * (at - (n - 1) / 2)),
            names,
            is_share=panel.is_share,
            text=panel.text if at == 0 else (),
        )
        | {"xaxis": f"x{number}", "yaxis": "y"}
        for at, one in enumerate(panel.series)
    ]


def _key(panels: Sequence[Panel]) -> str:
    entries = {
        one.name: (one.sign, one.name, one.colours if isinstance(one.colours, str) else TICKS)
        for panel in panels
        for one in panel.series
        if one.name
    }
    return key_line(*entries.values()) or " "


def dot_panels_alt(labels: Sequence[str], panels: Sequence[Panel], title: str) -> str:
    """Say the chart in words."""
    rows = []
    for row, label in enumerate(labels):
        figures = [
            ", ".join(filter(None, (panel.title, one.name)))
            + f": {_said(float(one.values[row]), panel.is_share)}"
            for panel in panels
            for one in panel.series
        ]
        rows.append(f"{label}: " + ", ".join(figures))
    return read_out(_finding(labels, panels), title, rows)


def _finding(labels: Sequence[str], panels: Sequence[Panel]) -> str:
    """Name the ends of the first panel's first series."""
    first = next((panel for panel in panels if panel.series), None)
    if first is None:
        return ""
    one = first.series[0].values
    ends = ends_in_words(
        labels, one, lambda value: _said(value, first.is_share), what=("most", "least")
    )
    return ends and f"{first.title}, {ends}"


def _said(value: float, is_share: bool) -> str:
    if not np.isfinite(value):
        return "not known"
    return number(value, SHARE) if is_share else rounded(value)
