"""Shares of a whole, before and after: exposure by band, genre mix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, key_line, nice_ceiling, steady_figure
from dashboard.charts.read_out import ends_in_words, largest_change, read_out
from dashboard.palette import BASELINE
from dashboard.plain_text import as_plotly, shorten
from engine.formats import SHARE, number, percent

__all__ = ["Shares", "share_bars", "shares_alt"]


@dataclass(frozen=True, eq=False)
class Shares:
    """One series: its name, the share of each group (summing to at most 1) and its looks."""

    name: str
    values: NDArray[np.floating]
    colour: str
    is_hollow: bool = False


def share_bars(
    title: str,
    labels: Sequence[str],
    series: Sequence[Shares],
    *,
    x_title: str,
    reference: Shares | None = None,
    height: int = 240,
) -> go.Figure:
    """Draw one bar per group and series, the first label on top.

    Parameters
    ----------
    title, x_title : str
        ``x_title`` names the whole that the shares are of.
    labels : sequence of str
        Names of the groups; shown as text.
    series : sequence of Shares
        In the order to draw, before first.
    reference : Shares, optional
        What an even-handed share would be (of the catalogue, say): a tick across the bars.
    height : int
        Pixels.
    """
    drawn = [*series, *([reference] if reference is not None else [])]
    top = nice_ceiling(100 * max((np.nanmax(s.values, initial=0.0) for s in drawn), default=0.0))
    rows = np.arange(len(labels))
    width = 0.8 / max(len(series), 1)
    names = np.array([as_plotly(label) for label in labels], dtype=object)
    bars = [
        _bars(one, rows - 0.4 + width * (place + 0.5), width * 0.86, names)
        for place, one in enumerate(series)
    ]
    ticks = [as_plotly(shorten(label)) for label in labels]
    return steady_figure(
        title,
        axis(x_title, range=[0, min(top, 100)], ticksuffix=" %", nticks=4),
        axis("", tickvals=rows, ticktext=ticks, range=[len(rows) - 0.5, -0.5], showgrid=False),
        [*bars, *([_ticks(reference, rows)] if reference is not None else [])],
        marks=key_line(
            *(("□" if one.is_hollow else "■", one.name, one.colour) for one in series),
            *([("│", reference.name, BASELINE)] if reference is not None else []),
        ),
        height=height,
    )


def _bars(
    one: Shares, y: NDArray[np.floating], width: float, names: NDArray[np.object_]
) -> dict[str, Any]:
    fill = "rgba(0,0,0,0)" if one.is_hollow else one.colour
    return {
        "type": "bar",
        "x": one.values * 100,
        "y": y,
        "width": width,
        "orientation": "h",
        "name": one.name,
        "marker": {"color": fill, "line": {"color": one.colour, "width": 1.5}},
        "customdata": names,
        "hovertemplate": "%{customdata}: %{x:.1f} %<extra>" + one.name + "</extra>",
    }


def _ticks(reference: Shares, rows: NDArray[np.integer]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": reference.values * 100,
        "y": rows,
        "mode": "markers",
        "name": reference.name,
        "marker": {"symbol": "line-ns", "size": 20, "line": {"color": BASELINE, "width": 2}},
        "hovertemplate": "%{x:.1f} %<extra>" + reference.name + "</extra>",
    }


def shares_alt(title: str, labels: Sequence[str], series: Sequence[Shares]) -> str:
    """Say the chart in words."""
    parts = []
    for row, label in enumerate(labels):
        values = ", ".join(f"{one.name} {percent(float(one.values[row]), 1)}" for one in series)
        parts.append(f"{label}: {values}")
    *_, before, after = [None, *series]
    if after is None:
        return read_out("", title, parts)
    if before is None:
        ends = ends_in_words(labels, after.values, lambda share: number(share, SHARE))
        return read_out(ends[:1].upper() + ends[1:], title, parts)
    return read_out(largest_change(labels, before.values, after.values, SHARE), title, parts)
