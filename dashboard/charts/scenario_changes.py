"""What each scenario changes: a panel a metric, a row a scenario, the margin as a band around 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, key_line, nice_ceiling, steady_figure
from dashboard.charts.read_out import read_out
from dashboard.charts.row_marks import Marks, trace_of
from dashboard.palette import BASELINE, GREY, HIGHLIGHT, SETTING, translucent
from dashboard.plain_text import as_plotly, shorten
from engine.formats import rounded

__all__ = ["TONES", "ChangePanel", "scenario_changes", "scenario_changes_alt"]

GAP = 0.02
ROW_HEIGHT, AROUND, UNDER = 34, 134, 60
LEAST_ROWS = 2

TONES = {"good": SETTING, "bad": HIGHLIGHT, "moved": SETTING, "none": GREY}
"""Tone of a verdict → colour; the words in the table say it as well."""


@dataclass(frozen=True, eq=False)
class ChangePanel:
    """One metric: the changes of all scenarios.

    Attributes
    ----------
    title : str
        The metric's name and unit.
    change, low, high : float64 arrays of shape (n_scenarios,)
        NaN where undefined.
    margin : float
        Half of the band around 0, in the metric's unit; NaN for none.
    tones : sequence of str
        Keys of :data:`TONES`.
    is_share : bool
    """

    title: str
    change: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    margin: float
    tones: Sequence[str]
    is_share: bool


def scenario_changes(
    names: Sequence[str], panels: Sequence[ChangePanel], *, title: str, share: float
) -> go.Figure:
    """Draw the panels from left to right, the scenarios from top to bottom.

    Parameters
    ----------
    names : sequence of str
    panels : sequence of ChangePanel
    title : str
    share : float
        The margin as a share of the baseline's value, for the key.
    """
    rows = np.arange(len(names))
    said = [as_plotly(shorten(name, 30)) for name in names]
    traces = [_trace(panel, rows, place, said) for place, panel in enumerate(panels)]
    shapes = [shape for place, panel in enumerate(panels) for shape in _shapes(panel, place)]
    ends = [max(len(rows), LEAST_ROWS) - 0.5, -0.5]
    figure = steady_figure(
        as_plotly(title),
        _x_axis(panels[0], 0, len(panels)),
        axis("", tickvals=rows, ticktext=said, range=ends,
             showgrid=False),
        traces,
        marks=key_line(
            ("●", "clear for the better, or without a better way", SETTING),
            ("●", "clear for the worse", HIGHLIGHT),
            ("●", "no clear change", GREY),
            ("▮", f"within {100 * share:.3g} % of the baseline", GREY),
        ),
        height=AROUND + ROW_HEIGHT * max(len(names), LEAST_ROWS),
        shapes=shapes,
    )  # fmt: skip
    others = {
        f"xaxis{place + 1}": _x_axis(panel, place, len(panels))
        for place, panel in enumerate(panels)
        if place
    }
    return figure.update_layout(margin_b=UNDER, **others)


def _signed(value: float) -> str:
    """Write a tick: ``+2.5``, ``−0.02``, and 0 without a sign."""
    return f"{'+' if value > 0 else ''}{rounded(value, 3)}"


def _on_two_lines(title: str) -> str:
    """Put the unit under the metric's name: a panel is a sixth of the chart's width."""
    name, comma, unit = title.partition(", ")
    return f"{as_plotly(name)},<br>{as_plotly(unit)}" if comma else as_plotly(title)


def _x_axis(panel: ChangePanel, place: int, n_panels: int) -> dict[str, Any]:
    width = (1 - GAP * (n_panels - 1)) / n_panels
    start = place * (width + GAP)
    known = np.concatenate([panel.low, panel.high, panel.change, [panel.margin]])
    reach = nice_ceiling(float(np.nanmax(np.abs(known), initial=0.0)))
    ends = [-reach / 2, 0.0, reach / 2]  # at the ends the neighbours' would touch
    unit = 100 if panel.is_share else 1
    return axis(
        _on_two_lines(f"{panel.title}, pts" if panel.is_share else panel.title),
        domain=[start, start + width],
        range=[-1.08 * reach, 1.08 * reach],
        tickvals=ends,
        ticktext=[_signed(unit * one) for one in ends],
        automargin=False,
    )


def _trace(
    panel: ChangePanel, rows: NDArray[np.integer], place: int, names: list[str]
) -> dict[str, Any]:
    colours = [TONES[tone] for tone in panel.tones]
    marks = Marks(panel.title, panel.change, panel.low, panel.high, colours)
    number = "" if place == 0 else str(place + 1)
    trace = trace_of(marks, rows.astype(float), names, is_share=panel.is_share, text=())
    return trace | {"xaxis": f"x{number}", "yaxis": "y"}


def _shapes(panel: ChangePanel, place: int) -> list[dict[str, Any]]:
    number = "" if place == 0 else str(place + 1)
    common = {"xref": f"x{number}", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    line = {"type": "line", "x0": 0, "x1": 0, "line": {"color": BASELINE, "width": 1}}
    if not np.isfinite(panel.margin):
        return [common | line]
    band = {
        "type": "rect",
        "x0": -panel.margin,
        "x1": panel.margin,
        "fillcolor": translucent(GREY, 0.28),
        "line": {"width": 0},
    }
    return [common | band, common | line]


def scenario_changes_alt(
    names: Sequence[str], panels: Sequence[ChangePanel], words: Sequence[Sequence[str]], title: str
) -> str:
    """Say the chart in words; ``words`` has a verdict for each scenario of each panel."""
    rows = [
        f"{name}: "
        + ", ".join(f"{panel.title} {said[row]}" for panel, said in zip(panels, words, strict=True))
        for row, name in enumerate(names)
    ]
    return read_out(rows[0] if rows else "", title, rows)
