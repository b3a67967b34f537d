"""Lorenz curves: how unequally exposure is spread over all items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, key_line, steady_figure
from dashboard.charts.read_out import read_out
from dashboard.palette import BASELINE
from engine.formats import number

__all__ = ["PERCENT", "Curve", "lorenz", "lorenz_alt", "lorenz_points"]

N_POINTS = 101
PERCENT = np.linspace(0, 100, N_POINTS)
DASH_MARKS = {"solid": "━", "dash": "╍", "dot": "┈"}


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve: its name, the exposure of every item, its Gini coefficient and its looks."""

    name: str
    exposure: NDArray[np.floating]
    gini: float
    colour: str
    dash: str = "solid"


def lorenz_points(exposure: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the share of all exposure that the least exposed 0 %, 1 %, ... 100 % of items hold.

    Parameters
    ----------
    exposure : float array of shape (n_items,)
        Exposure of every item, those never shown included, each at least 0.

    Returns
    -------
    float64 array of shape (101,)
        Rising from 0 to 1; NaN throughout where nothing was shown at all.
    """
    total = exposure.sum(dtype=np.float64)
    if total <= 0:
        return np.full(N_POINTS, np.nan)
    summed = np.concatenate([[0.0], np.cumsum(np.sort(exposure), dtype=np.float64)]) / total
    items = np.linspace(0, 1, len(summed))
    return np.interp(np.linspace(0, 1, N_POINTS), items, summed)


def lorenz(curves: Sequence[Curve], *, height: int = 240) -> go.Figure:
    """Draw Lorenz curves beside the line of equal exposure; both axes always 0 to 100 %."""
    ticks = {"range": [0, 100], "ticksuffix": " %", "nticks": 6}
    even = {
        "type": "scatter",
        "x": PERCENT,
        "y": PERCENT,
        "mode": "lines",
        "line": {"color": BASELINE, "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
    }
    marks = (
        (DASH_MARKS[curve.dash], f"{curve.name}, Gini {curve.gini:.3f}", curve.colour)
        for curve in curves
    )
    return steady_figure(
        "Who gets the exposure",
        axis("items, least exposed first", **ticks),
        axis("share of exposure", **ticks),
        [even, *(_line(curve) for curve in curves)],
        marks=key_line(*marks),
        height=height,
    )


def _line(curve: Curve) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": PERCENT,
        "y": lorenz_points(curve.exposure) * 100,
        "mode": "lines",
        "line": {"color": curve.colour, "width": 2.5, "dash": curve.dash},
        "name": curve.name,
        "hovertemplate": "the least exposed %{x:.0f} % of items hold %{y:.1f} %"
        f"<extra>{curve.name}</extra>",
    }


def lorenz_alt(curves: Sequence[Curve]) -> str:
    """Say the chart in words."""
    ginis = [f"{curve.name}: Gini {number(curve.gini)}" for curve in curves]
    return read_out(
        more_or_less_even(curves),
        "Lorenz curves of exposure over all items",
        f"{'; '.join(ginis)}; 0 is equal, 1 is one item only",
    )


def more_or_less_even(curves: Sequence[Curve]) -> str:
    """Say whether exposure is on fewer items from the last but one curve to the last."""
    if len(curves) < 2:
        return f"Gini {number(curves[0].gini)}" if curves else ""
    before, after = curves[-2].gini, curves[-1].gini
    if number(before) == number(after):
        return f"Exposure is spread as before, Gini {number(after)}"
    way = "on fewer" if after > before else "over more"
    return f"Exposure is spread {way} items, Gini {number(before)} to {number(after)}"
