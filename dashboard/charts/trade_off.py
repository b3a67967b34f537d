"""Two metrics against each other, with a trail of where the last settings stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.canvas import axis, doubling_range, key_line, steady_figure
from dashboard.charts.read_out import read_out
from dashboard.charts.ticks import percent_ticks
from dashboard.palette import BASELINE, SETTING
from dashboard.plain_text import as_plotly
from engine.data.wording import counted
from engine.formats import number

__all__ = ["Measure", "Stop", "trade_off", "trade_off_alt"]


@dataclass(frozen=True)
class Stop:
    """One setting on the trail: where it stood and what to call it."""

    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Measure:
    """One of the two metrics: its axis title, and how far its axis reaches at least."""

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

    Up and to the right is better where higher is better on both axes. The baseline stays where
    it is, and each side of it widens only by doubling, so that the picture stands still while a
    slider moves.
    """
    hover = f"%{{text}}<br>{x.title} %{{x:.3f}}<br>{y.title} %{{y:.3f}}<extra></extra>"
    earlier = {
        "mode": "lines+markers",
        "line": {"color": BASELINE, "width": 1},
        "marker": {
            "size": 7,
            "color": SETTING,
            "opacity": np.linspace(0.25, 0.8, max(len(trail), 1)),
        },
    }
    return steady_figure(
        "",
        _axis(x, baseline.x, [stop.x for stop in trail], n_ticks=8),
        _axis(y, baseline.y, [stop.y for stop in trail], n_ticks=5),
        [
            _points(trail, hover, earlier),
            _points([baseline], hover, _large("circle-open", BASELINE)),
            _points(trail[-1:], hover, _large("circle", SETTING)),
        ],
        marks=key_line(("○", "before", BASELINE), ("●", "now", SETTING), ("•", "earlier", SETTING)),
        height=height,
    )


def _points(stops: Sequence[Stop], hover: str, looks: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": np.array([stop.x for stop in stops]),
        "y": np.array([stop.y for stop in stops]),
        "text": [as_plotly(stop.label) for stop in stops],
        "hovertemplate": hover,
        **looks,
    }


def _large(symbol: str, colour: str) -> dict[str, Any]:
    line = {"width": 2, "color": colour}
    return {
        "mode": "markers",
        "marker": {"size": 12, "symbol": symbol, "color": colour, "line": line},
    }


def _axis(
    measure: Measure, home: float, values: Sequence[float], *, n_ticks: int
) -> dict[str, Any]:
    low, high = doubling_range(home, values, step=measure.step)
    margin = 0.1 * (high - low)
    form = percent_ticks(is_share=measure.is_share, span=high - low)
    return axis(measure.title, range=[low - margin, high + margin], nticks=n_ticks, **form)


def trade_off_alt(trail: Sequence[Stop], baseline: Stop, *, x: Measure, y: Measure) -> str:
    """Say the chart in words."""
    now = trail[-1] if trail else baseline
    moved = "; ".join(
        f"{one.title} {number(before)} to {number(after)}"
        for one, before, after in ((y, baseline.y, now.y), (x, baseline.x, now.x))
    )
    return read_out(
        moved,
        f"{y.title} against {x.title}, before and now",
        f"{counted(len(trail), 'setting')} on the trail",
    )
