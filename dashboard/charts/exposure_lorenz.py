"""Lorenz curves of exposure at every stage, before and after, in one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, key_line, steady_figure
from dashboard.charts.read_out import ends_in_words, read_out
from dashboard.palette import BASELINE
from engine.formats import number

__all__ = ["StageCurve", "stage_lorenz", "stage_lorenz_alt"]


DASHES = {
    "solid": "━━",
    "longdash": "━ ━",
    "dash": "╍╍",
    "dashdot": "━ ·",
    "dot": "····",
}
"""Plotly's word for a line → the sign for it in text."""


@dataclass(frozen=True, eq=False)
class StageCurve:
    """One curve, its points as shares in [0, 1] from (0, 0) to (1, 1), and its looks."""

    name: str
    items: NDArray[np.floating]
    exposure: NDArray[np.floating]
    gini: float
    colour: str
    dash: str = "solid"
    width: float = 2.0


def stage_lorenz(curves: Sequence[StageCurve], *, height: int = 380) -> go.Figure:
    """Draw the curves beside the line of equal exposure; both axes always 0 to 100 %."""
    ticks = {"range": [0, 100], "ticksuffix": " %", "nticks": 6}
    equal = {
        "type": "scatter",
        "x": [0, 100],
        "y": [0, 100],
        "mode": "lines",
        "line": {"color": BASELINE, "width": 1, "dash": "dot"},
        "name": "all equal",
        "hoverinfo": "skip",
    }
    figure = steady_figure(
        "Who gets the exposure, stage by stage",
        axis("share of all items, least exposed first", **ticks),
        axis("share of all exposure", **ticks),
        [equal, *map(_line, curves)],
        marks=key_line(*((DASHES[curve.dash], curve.name, curve.colour) for curve in curves)),
        height=height,
    )
    return figure.update_layout(margin={"r": 26})  # half of the label "100 %"


def _line(curve: StageCurve) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": (curve.items * 100).astype(np.float32),
        "y": (curve.exposure * 100).astype(np.float32),
        "mode": "lines",
        "line": {"color": curve.colour, "width": curve.width, "dash": curve.dash},
        "name": curve.name,
        "hovertemplate": "the least exposed %{x:.1f} % of items hold %{y:.1f} %"
        f"<extra>{curve.name}</extra>",
    }


def stage_lorenz_alt(curves: Sequence[StageCurve]) -> str:
    """Say the chart in words."""
    ginis = "; ".join(f"{curve.name} {number(curve.gini)}" for curve in curves)
    most = ends_in_words([curve.name for curve in curves], [curve.gini for curve in curves])
    return read_out(
        most and f"Gini, {most}",
        "Lorenz curves of exposure over all items, those never shown included",
        f"Gini {ginis}; 0 is equal, 1 is one item only",
    )
