"""Two metrics against each other, with a trail of where the last settings stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.canvas import axis, canvas, key_line, stable_range, steady
from dashboard.palette import BASELINE, SETTING

__all__ = ["Measure", "Stop", "trade_off", "trade_off_alt"]


@dataclass(frozen=True)
class Stop:
    """One setting on the trail: where it stood and what to call it."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Measure:
    """One of the two metrics: its axis title, and the width of the steps its axis moves in."""

    title: str
    step: float
    is_share: bool = False


def trade_off(
    trail: Sequence[Stop],
    baseline: Stop,
    *,
    x: Measure,
    y: Measure,
    height: int = 240,
) -> go.Figure:
    """Draw the trail, oldest first: the last stop is the current setting.

    Up and to the right is better where higher is better on both axes; the axes move only in
    whole steps, so that the picture stands still while a slider moves.
    """
    stops = [baseline, *trail]
    figure = canvas(
        "",
        _axis(x, [stop.x for stop in stops]),
        _axis(y, [stop.y for stop in stops]),
        marks=key_line(("○", "before", BASELINE), ("●", "now", SETTING), ("•", "earlier", SETTING)),
        height=height,
    )
    opacity = np.linspace(0.25, 0.8, max(len(trail), 1))
    figure.add_scatter(
        x=np.array([stop.x for stop in trail]),
        y=np.array([stop.y for stop in trail]),
        mode="lines+markers",
        name="earlier settings",
        line={"color": BASELINE, "width": 1},
        marker={"size": 7, "color": SETTING, "opacity": opacity},
        text=[stop.label for stop in trail],
        hovertemplate=_hover(x, y),
    )
    _add_point(figure, baseline, "before", {"symbol": "circle-open", "color": BASELINE}, (x, y))
    if trail:
        _add_point(figure, trail[-1], "after", {"symbol": "circle", "color": SETTING}, (x, y))
    return steady(figure)


def _axis(measure: Measure, values: Sequence[float]) -> dict:
    known = [value for value in values if np.isfinite(value)] or [0.0]
    low, high = stable_range(min(known), max(known), step=measure.step)
    margin = 0.06 * (high - low)
    form = ".0%" if measure.is_share else None
    return axis(measure.title, range=[low - margin, high + margin], nticks=6, tickformat=form)


def _hover(x: Measure, y: Measure) -> str:
    return f"%{{text}}<br>{x.title} %{{x:.3f}}<br>{y.title} %{{y:.3f}}<extra></extra>"


def _add_point(
    figure: go.Figure, stop: Stop, name: str, looks: dict, measures: tuple[Measure, Measure]
) -> None:
    figure.add_scatter(
        x=np.array([stop.x]),
        y=np.array([stop.y]),
        mode="markers",
        name=name,
        text=[stop.label],
        marker={"size": 12, "line": {"width": 2, "color": looks["color"]}, **looks},
        hovertemplate=_hover(*measures),
    )


def trade_off_alt(trail: Sequence[Stop], baseline: Stop, *, x: Measure, y: Measure) -> str:
    """Say the chart in words."""
    now = trail[-1] if trail else baseline
    return (
        f"{y.title} against {x.title}. Before: {baseline.x:.3f} and {baseline.y:.3f}; "
        f"now: {now.x:.3f} and {now.y:.3f}; {len(trail)} settings on the trail."
    )
