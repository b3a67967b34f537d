"""A metric by group of people: dots with intervals, hollow before, filled after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, key_line, nice_ceiling, steady_figure
from dashboard.charts.read_out import read_out
from dashboard.charts.ticks import percent_ticks
from dashboard.palette import BASELINE, SETTING
from dashboard.plain_text import as_plotly, shorten
from engine.data.wording import counted, verb
from engine.formats import number
from engine.metrics.statistics.verdict import Word

__all__ = ["COLUMNS", "Side", "group_dots", "group_dots_alt"]

COLUMNS = ("group", "n", "before", "before_low", "before_high", "after", "after_low", "after_high")
"""Columns of the frame that :func:`group_dots` draws, one row per group, NaN where undefined.

With ``change`` and ``is_clear`` as well, groups whose people clearly moved are marked."""


@dataclass(frozen=True)
class Side:
    """One of the two sides of the comparison: which columns, which looks."""

    column: str
    name: str
    colour: str
    symbol: str
    mark: str
    offset: float


SIDES = (
    Side("before", "before", BASELINE, "circle-open", "○", -0.17),
    Side("after", "after", SETTING, "circle", "●", 0.17),
)


def group_dots(
    frame: pd.DataFrame,
    *,
    title: str,
    metric: str,
    is_share: bool = False,
    overall: float | None = None,
    height: int = 240,
) -> go.Figure:
    """Draw one row per group, with 95 % intervals and the number of people behind each.

    Parameters
    ----------
    frame : DataFrame
        With :data:`COLUMNS`; rows in the order to show, first on top.
    title, metric : str
        Of the figure, and of the axis with its unit.
    is_share : bool
        Write the axis in per cent.
    overall : float, optional
        The figure of everybody: a dotted line.
    height : int
        Pixels.
    """
    is_known = overall is not None and bool(np.isfinite(overall))
    rows = np.arange(len(frame))
    names = [as_plotly(str(group)) for group in frame["group"]]
    labels = [
        f"{as_plotly(shorten(str(group), 22))}  <i>n = {n:,}</i>{mark}"
        for group, n, mark in zip(frame["group"], frame["n"], _marks(frame), strict=True)
    ]
    span = _span(frame)
    form = percent_ticks(is_share=is_share, span=span[1] - span[0])
    return steady_figure(
        as_plotly(title),
        axis(f"{metric}, bar = 95 % interval", range=span, nticks=6, **form),
        axis("", tickvals=rows, ticktext=labels, range=[len(rows) - 0.5, -0.5], showgrid=False),
        [_dots(frame, rows, names, side) for side in SIDES],
        marks=key_line(
            *((side.mark, side.name, side.colour) for side in SIDES),
            *([("┊", "everybody after", BASELINE)] if is_known else []),
        ),
        height=height,
        shapes=[_upright(overall)] if is_known else [],
    )


def _marks(frame: pd.DataFrame) -> list[str]:
    """Which way a group's people clearly moved, paired; nothing where that is not clear."""
    if "is_clear" not in frame:
        return [""] * len(frame)
    pairs = zip(frame["is_clear"], frame["change"], strict=True)
    return [(" ▲" if change > 0 else " ▼") if is_clear else "" for is_clear, change in pairs]


def _upright(x: float | None) -> dict[str, Any]:
    line = {"color": BASELINE, "width": 1, "dash": "dot"}
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _span(frame: pd.DataFrame) -> list[float]:
    """From zero, half of the end or below zero, to a round number: it moves in large steps only."""
    ends = frame[["before", "after", "before_high", "after_high"]].to_numpy(dtype=float)
    starts = frame[["before", "after", "before_low", "after_low"]].to_numpy(dtype=float)
    highest = np.nanmax(ends, initial=0.0)
    lowest = np.nanmin(starts, initial=np.inf)
    high = nice_ceiling(highest)
    if lowest < -1e-3 * max(highest, 1e-9):
        return [-nice_ceiling(-lowest), high]
    return [high / 2 if lowest > high / 2 else 0.0, high]


def _dots(
    frame: pd.DataFrame, rows: NDArray[np.integer], names: list[str], side: Side
) -> dict[str, Any]:
    values, low, high = (
        frame[side.column + end].to_numpy(dtype=float) for end in ("", "_low", "_high")
    )
    details = np.empty((len(rows), 3), dtype=object)
    details[:, 0], details[:, 1], details[:, 2] = names, low, high
    return {
        "type": "scatter",
        "x": values,
        "y": rows + side.offset,
        "mode": "markers",
        "name": side.name,
        "marker": {
            "symbol": side.symbol,
            "size": 10,
            "color": side.colour,
            "line": {"color": side.colour, "width": 2},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": high - values,
            "arrayminus": values - low,
            "color": side.colour,
            "thickness": 1.5,
            "width": 3,
        },
        "customdata": details,
        "hovertemplate": "%{customdata[0]}: %{x:.3f} (%{customdata[1]:.3f} to "
        "%{customdata[2]:.3f})<extra>" + side.name + "</extra>",
    }


def group_dots_alt(frame: pd.DataFrame, title: str) -> str:
    """Say the chart in words."""
    rows = [
        f"{row.group}: {number(row.before)} before, {number(row.after)} after, n = {row.n:,}{mark}"
        for row, mark in zip(frame.itertuples(), _marks(frame), strict=True)
    ]
    n_clear = sum(map(bool, _marks(frame)))
    after = frame["after"].to_numpy(float)
    is_known = np.isfinite(after).any()
    said = f"lowest now: {rows[int(np.nanargmin(after))].rstrip(' ▲▼')}" if is_known else ""
    if "is_clear" in frame:
        change = f"{n_clear} of {counted(len(frame), 'group')} {verb(n_clear, 'changes')} clearly"
        said = "; ".join(filter(None, (change if n_clear else str(Word.NOT_CLEAR), said)))
    return read_out(said[:1].upper() + said[1:], title, rows)
