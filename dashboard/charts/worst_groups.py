"""The groups picked out of all: how far from everyone else, with intervals that allow for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.canvas import add_trace, axis, canvas, key_line, nice_ceiling
from dashboard.charts.read_out import read_out
from dashboard.palette import BASELINE, HIGHLIGHT
from dashboard.plain_text import as_plotly, shorten
from engine.formats import interval, signed

__all__ = ["worst_groups_alt", "worst_groups_dots"]

ROW_HEIGHT = 27


def worst_groups_dots(frame: pd.DataFrame, *, title: str, metric: str) -> go.Figure:
    """Draw each group's difference from everyone else, with the intervals of the corrected test.

    Parameters
    ----------
    frame : DataFrame
        ``group``, ``n``, ``difference``, ``low``, ``high``, ``found``; first row on top.
    title, metric : str
        Of the figure, and of the axis.
    """
    rows = np.arange(len(frame))
    labels = [
        f"{as_plotly(shorten(str(group), 34))}  <i>n = {n:,}</i>"
        for group, n in zip(frame["group"], frame["n"], strict=True)
    ]
    ends = np.abs(frame[["difference", "low", "high"]].to_numpy(dtype=float))
    reach = nice_ceiling(float(np.nanmax(ends, initial=0.0)))
    looks = {True: ("found", HIGHLIGHT, "◆", "diamond"),
             False: ("within what chance makes", BASELINE, "○", "circle-open")}  # fmt: skip
    figure = canvas(
        title,
        axis(f"difference in {metric} from everyone else", range=[-reach, reach], nticks=7),
        axis("", tickvals=rows, ticktext=labels, range=[len(frame) - 0.5, -0.5], showgrid=False),
        marks=key_line(*[(mark, name, colour) for name, colour, mark, _ in looks.values()]),
        height=116 + ROW_HEIGHT * max(len(frame), 2),
    )
    figure.add_vline(x=0, line={"color": BASELINE, "width": 1, "dash": "dot"})
    for is_found, (name, colour, _, symbol) in looks.items():
        is_own = frame["found"].to_numpy(dtype=bool) == is_found
        values = np.where(is_own, frame["difference"].to_numpy(dtype=float), np.nan)
        low, high = frame["low"].to_numpy(dtype=float), frame["high"].to_numpy(dtype=float)
        add_trace(figure, "scatter", 
            x=values,
            y=rows,
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": 10, "color": colour,
                    "line": {"color": colour, "width": 2}},
            error_x={"type": "data", "symmetric": False, "array": high - values,
                     "arrayminus": values - low, "color": colour, "thickness": 1.5, "width": 3},
            customdata=np.column_stack([[as_plotly(str(g)) for g in frame["group"]], low, high]),
            hovertemplate="%{customdata[0]}: %{x:+.3f} (%{customdata[1]:+.3f} to "
            "%{customdata[2]:+.3f})<extra></extra>",
        )  # fmt: skip
    return figure


def worst_groups_alt(frame: pd.DataFrame, title: str) -> str:
    """Say the chart in words."""
    parts = [
        f"{row.group} (n = {row.n:,}): {signed(row.difference)}, corrected interval "
        f"{interval(row.low, row.high)}"
        for row in frame.itertuples()
    ]
    if not parts:
        return read_out(f"{title}: 0 groups are large enough to be tested", title, "")
    return read_out(f"Farthest: {parts[0]}", title, parts)
