"""Groups against a reference: dots with intervals, before and after, on the band around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import add_trace, axis, canvas, key_line, nice_ceiling
from dashboard.charts.read_out import read_out
from dashboard.charts.standings import LOOKS, MARKS, standings_of
from dashboard.charts.ticks import percent_ticks
from dashboard.palette import BASELINE, translucent
from dashboard.plain_text import as_plotly, shorten
from engine.data.wording import counted

__all__ = ["COLUMNS", "disparity_alt", "disparity_dots"]

COLUMNS = (
    "group",
    "n",
    "before",
    "before_low",
    "before_high",
    "after",
    "after_low",
    "after_high",
    "shrunk",
    "reference_value",
    "standing",
    "in_words",
)
"""Columns of the frame to draw, one row per group, NaN where undefined.

``shrunk`` is the estimate that allows for noise; ``standing`` is one of
:data:`dashboard.charts.standings.LOOKS`;
``in_words`` is the sentence that hovering shows.
"""

ROW_HEIGHT = 30
TITLE_LENGTH = 68
"""Letters of a title that fit half a page; names of groups can be long."""

OFFSET = 0.17


@dataclass(frozen=True)
class Dots:
    """One series of dots: which columns, which rows, which looks."""

    column: str
    hover_column: str
    name: str
    colour: str
    symbol: str
    offset: float
    is_drawn: NDArray[np.bool_]


def disparity_dots(
    frame: pd.DataFrame,
    *,
    title: str,
    metric: str,
    band: tuple[float, float],
    is_share: bool = False,
    top: float | None = None,
    sides: tuple[str, str] = ("before", "after"),
    standings: tuple[str, ...] = standings_of(("worse", "better")),
) -> go.Figure:
    """Draw one row per group: hollow before, filled after, on the band around the reference.

    A dot can be clicked: the last of its ``customdata`` is the group's name. Where nothing is
    shrunk, the key does not name it.

    Parameters
    ----------
    frame : DataFrame
        With :data:`COLUMNS`; rows in the order to show, first on top.
    title, metric : str
        Of the figure, and of the axis with its unit.
    band : (float, float)
        Ratios to the reference between which a disparity counts as small.
    is_share : bool
        Write the axis in per cent.
    top : float, optional
        Least upper end of the axis, so that it stands still while a slider moves.
    sides : (str, str)
        What the hollow and the filled dots are.
    standings : tuple of str
        Those that the key names, from :func:`dashboard.charts.standings.standings_of`.
    """
    rows = np.arange(len(frame))
    labels = [
        f"{as_plotly(shorten(str(group), 30))}  <i>n = {n:,}</i>"
        for group, n in zip(frame["group"], frame["n"], strict=True)
    ]
    ends = frame[["before_high", "after_high", "after", "before"]].to_numpy(dtype=float)
    starts = frame[["before_low", "after_low"]].to_numpy(dtype=float)
    lowest = min(0.0, float(np.nanmin(starts, initial=0.0)))
    highest = nice_ceiling(max(top or 0.0, float(np.nanmax(ends, initial=0.0))))
    start = -nice_ceiling(-lowest) if lowest < -0.02 * highest else 0.0
    band_name = f"band {band[0]:.3g} to {band[1]:.3g} ×"
    figure = canvas(
        as_plotly(shorten(title, TITLE_LENGTH)),
        axis(
            f"{as_plotly(shorten(metric, TITLE_LENGTH))}, bar = 95 % interval",
            range=[start, highest],
            nticks=8,
            **percent_ticks(is_share=is_share, span=highest - start),
        ),
        axis("", tickvals=rows, ticktext=labels, range=[len(frame) - 0.5, -0.5], showgrid=False),
        marks=_key((sides, standings), band_name, has_shrunk=bool(frame["shrunk"].notna().any())),
        height=116 + ROW_HEIGHT * max(len(frame), 2),
    )
    _add_band(figure, frame, band, as_plotly(band_name))
    standing = frame["standing"].to_numpy()
    every_row = np.ones(len(frame), dtype=bool)
    hollow = Dots("before", "group", sides[0], BASELINE, "circle-open", -OFFSET, every_row)
    _add_dots(figure, frame, hollow)
    if frame["shrunk"].notna().any():
        _add_shrunk(figure, frame)
    for name in standings:
        colour, symbol = LOOKS[name]
        is_own = standing == name
        filled = Dots("after", "in_words", f"{sides[1]}, {name}", colour, symbol, OFFSET, is_own)
        _add_dots(figure, frame, filled)
    figure.update_traces(unselected={"marker": {"opacity": 1}})
    return figure


def _key(said: tuple[tuple[str, str], tuple[str, ...]], band_name: str, *, has_shrunk: bool) -> str:
    sides, standings = said
    words = {"not clear": sides[1]}
    shrunk = [("❘", "shrunk (estimate)", BASELINE)] * has_shrunk
    return key_line(
        ("○", sides[0], BASELINE),
        *[(MARKS[LOOKS[name][1]], words.get(name, name), LOOKS[name][0]) for name in standings],
        *shrunk,
        ("■", band_name, translucent(BASELINE, 0.5)),
    )


def _add_band(figure: go.Figure, frame: pd.DataFrame, band: tuple[float, float], name: str) -> None:
    """Shade the band behind each row, and mark the reference in its middle.

    Each row has its own: against "everyone else" the reference differs from group to group.
    """
    rows = np.arange(len(frame))
    reference = frame["reference_value"].to_numpy(dtype=float)
    add_trace(
        figure,
        "bar",
        x=reference * (band[1] - band[0]),
        y=rows,
        base=reference * band[0],
        width=1,
        orientation="h",
        name=name,
        marker={"color": translucent(BASELINE, 0.16), "line": {"width": 0}},
        hoverinfo="skip",
    )
    gaps = np.full(len(frame), np.nan)
    add_trace(
        figure,
        "scatter",
        x=np.column_stack([reference, reference, gaps]).ravel(),
        y=np.column_stack([rows - 0.5, rows + 0.5, gaps]).ravel(),
        mode="lines",
        line={"color": BASELINE, "width": 1, "dash": "dot"},
        name="reference",
        showlegend=False,
        hoverinfo="skip",
    )


def _add_shrunk(figure: go.Figure, frame: pd.DataFrame) -> None:
    add_trace(
        figure,
        "scatter",
        x=frame["shrunk"].to_numpy(dtype=float),
        y=np.arange(len(frame)) + OFFSET,
        mode="markers",
        name="shrunk for its noise (estimate)",
        marker={
            "symbol": "line-ns",
            "size": 14,
            "color": BASELINE,
            "line": {"color": BASELINE, "width": 2},
        },
        customdata=[[as_plotly(str(group)), str(group)] for group in frame["group"]],
        hovertemplate="%{customdata[0]}<br>%{x:.3f}, shrunk for its noise: an estimate"
        "<extra></extra>",
    )


def _add_dots(figure: go.Figure, frame: pd.DataFrame, dots: Dots) -> None:
    """Draw one series; rows that are not its own are NaN, so that the key never changes."""

    def column(name: str) -> NDArray[np.float64]:
        return np.where(dots.is_drawn, frame[name].to_numpy(dtype=float), np.nan)

    values = column(dots.column)
    low, high = column(f"{dots.column}_low"), column(f"{dots.column}_high")
    hover = [as_plotly(str(text)) for text in frame[dots.hover_column]]
    add_trace(
        figure,
        "scatter",
        x=values,
        y=np.arange(len(frame)) + dots.offset,
        mode="markers",
        name=dots.name,
        marker={
            "symbol": dots.symbol,
            "size": 10,
            "color": dots.colour,
            "line": {"color": dots.colour, "width": 2},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": high - values,
            "arrayminus": values - low,
            "color": dots.colour,
            "thickness": 1.5,
            "width": 3,
        },
        customdata=np.column_stack([hover, low, high, frame["group"]]),
        hovertemplate="%{customdata[0]}<br>%{x:.3f} (%{customdata[1]:.3f} to %{customdata[2]:.3f})"
        f"<extra>{dots.name.rpartition(', ')[0] or dots.name}</extra>",
    )


def disparity_alt(frame: pd.DataFrame, title: str) -> str:
    """Say the chart in words."""
    rows = [str(text) for text in frame["in_words"]]
    if not rows:
        return read_out("0 groups have enough people to be shown", title, "")
    clear = [row for row in rows if "no clear" not in row]
    said = clear[0] if clear else f"No clear difference. {rows[0]}"
    return read_out(f"{len(clear)} of {counted(len(rows), 'group')} clear. {said}", title, rows)
