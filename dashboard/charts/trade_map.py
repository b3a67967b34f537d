"""A map of two figures over many settings, and methods as lines on the same axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, colour_scale, key_line, steady_figure
from dashboard.charts.ticks import number_ticks, percent_ticks
from dashboard.palette import BASELINE, CATEGORICAL, CIVIDIS, HIGHLIGHT, SETTING
from dashboard.plain_text import as_plotly

__all__ = ["Cloud", "Place", "Side", "Track", "method_chart", "trade_map"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """An axis: its title and whether it is a percentage."""

    title: str
    is_share: bool = False

    @property
    def text(self) -> str:
        """The title as Plotly shows it: it may hold a group's name."""
        return as_plotly(self.title)

    @property
    def form(self) -> str:
        """How its numbers are written in a hover."""
        return ".1%" if self.is_share else ".3f"


@dataclass(frozen=True)
class Place:
    """One setting's place."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, eq=False)
class Cloud:
    """Settings of a map; arrays of shape (n,).

    ``half_x`` and ``half_y`` are half widths of 95 % intervals of the change from the baseline;
    ``places`` are the settings' places in the sweep, which a click hands back.
    """

    x: Floats
    y: Floats
    half_x: Floats
    half_y: Floats
    colour: Floats | None
    labels: Sequence[str]
    places: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Track:
    """A method's way through the picture; arrays of shape (n,)."""

    name: str
    x: Floats
    y: Floats
    weights: Floats


def trade_map(
    estimates: Cloud,
    others: Cloud,
    front: Cloud,
    *,
    now: Place,
    before: Place,
    knee: int | None,
    x: Side,
    y: Side,
    colour: Side | None,
    saved: Sequence[Place] = (),
    height: int = 460,
) -> go.Figure:
    """Draw the map.

    Parameters
    ----------
    estimates : Cloud
        Settings that only a sample of people was tried on.
    others : Cloud
        Measured again on everyone or on many, and beaten.
    front : Cloud
        Measured so, and beaten by none; in order along the front.
    now, before : Place
        Where the controls stand, and the baseline.
    knee : int, optional
        Row of the front.
    x, y : Side
    colour : Side, optional
        What the clouds' ``colour`` is.
    saved : sequence of Place
        Saved scenarios.
    height : int
    """
    hover = f"%{{text}}<br>{x.text} %{{x:{x.form}}}<br>{y.text} %{{y:{y.form}}}<extra></extra>"
    scale = _scale(colour, [estimates, others, front])
    line = {"color": BASELINE, "width": 1.2}
    traces = [
        _cloud(estimates, hover, {"size": 6, "opacity": 0.4, "symbol": "circle-open"}, scale),
        _cloud(others, hover, {"size": 6, "opacity": 0.55}, scale),
        _cloud(front, hover, {"size": 9, "opacity": 1.0}, scale)
        | {"mode": "lines+markers", "line": line}
        | {"error_x": _bars(front.half_x), "error_y": _bars(front.half_y)},
    ]
    if knee is not None:
        at = Place(float(front.x[knee]), float(front.y[knee]), "the knee: " + front.labels[knee])
        mark = _mark(at, "diamond-open", HIGHLIGHT, 17, hover)
        traces.append(mark | {"customdata": front.places[[knee], None]})
    traces += [
        *(_mark(place, "star", BASELINE, 13, hover) for place in saved),
        _mark(before, "circle-open", BASELINE, 14, hover),
        _mark(now, "circle", SETTING, 14, hover),
    ]
    figure = steady_figure(
        "",
        _axis(x, traces, "x"),
        _axis(y, traces, "y"),
        traces,
        marks=key_line(
            ("○", "before", BASELINE),
            ("●", "you", SETTING),
            ("•", "the front, with 95 % intervals of the change", SETTING),
            ("◇", "the knee", HIGHLIGHT),
            *([("∘", "estimate from a sample", BASELINE)] if len(estimates.x) else []),
            *([("★", "saved", BASELINE)] if saved else []),
        ),
        height=height,
    )
    if colour is not None:
        figure.update_layout(coloraxis=scale["layout"], margin_r=90)
    return figure


def _axis(side: Side, traces: Sequence[dict[str, Any]], along: str) -> dict[str, Any]:
    known = np.concatenate([np.asarray(trace[along], float) for trace in traces])
    known = known[np.isfinite(known)]
    span = float(np.ptp(known)) if len(known) else 1.0
    return axis(side.text, **percent_ticks(is_share=side.is_share, span=span))


def _scale(colour: Side | None, clouds: Sequence[Cloud]) -> dict[str, Any]:
    if colour is None:
        return {}
    known = np.concatenate([c.colour for c in clouds if c.colour is not None] or [np.zeros(1)])
    known = known[np.isfinite(known)]
    low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    bar = {"title": {"text": colour.text, "side": "right"}, "thickness": 12}
    bar |= percent_ticks(span=high - low) if colour.is_share else number_ticks()
    return {
        "layout": {"colorscale": colour_scale(CIVIDIS), "cmin": low, "cmax": high, "colorbar": bar}
    }


def _cloud(
    cloud: Cloud, hover: str, marker: dict[str, Any], scale: dict[str, Any]
) -> dict[str, Any]:
    paint = {"color": cloud.colour, "coloraxis": "coloraxis"} if scale else {"color": SETTING}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": cloud.x,
        "y": cloud.y,
        "text": [as_plotly(label) for label in cloud.labels],
        "customdata": cloud.places[:, None],
        "hovertemplate": hover,
        "marker": {**marker, **paint},
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": marker["opacity"]}},
    }


def _bars(half: Floats) -> dict[str, Any]:
    return {"type": "data", "array": half, "thickness": 0.8, "width": 0, "color": BASELINE}


def _mark(place: Place, symbol: str, colour: str, size: int, hover: str) -> dict[str, Any]:
    line = {"width": 2, "color": colour}
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [place.x],
        "y": [place.y],
        "text": [as_plotly(place.label)],
        "hovertemplate": hover,
        "marker": {"size": size, "symbol": symbol, "color": colour, "line": line},
        "unselected": {"marker": {"opacity": 1}},
    }


DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def method_chart(
    tracks: Sequence[Track], *, now: Place, before: Place, x: Side, y: Side, height: int = 460
) -> go.Figure:
    """Draw every method from weight 0 to 1; the higher line buys the same at less cost."""
    hover = f"%{{text}}<br>{x.text} %{{x:{x.form}}}<br>{y.text} %{{y:{y.form}}}<extra></extra>"
    traces: list[dict[str, Any]] = []
    for number, track in enumerate(tracks):
        colour = CATEGORICAL[number % len(CATEGORICAL)]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": as_plotly(track.name),
                "x": track.x,
                "y": track.y,
                "text": [as_plotly(f"{track.name}, weight {w:.2f}") for w in track.weights],
                "hovertemplate": hover,
                "line": {"color": colour, "width": 2, "dash": DASHES[number % len(DASHES)]},
                "marker": {"size": 5, "color": colour},
            }
        )
    marks = [
        {**_mark(before, "circle-open", BASELINE, 14, hover), "name": "before"},
        {**_mark(now, "circle", SETTING, 14, hover), "name": "you"},
    ]
    return steady_figure(
        "",
        _axis(x, traces, "x"),
        _axis(y, traces, "y"),
        [*traces, *marks],
        marks="",
        height=height,
    )
