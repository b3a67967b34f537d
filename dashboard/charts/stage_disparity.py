"""Where a disparity starts: each group's ratio to the reference, stage by stage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.canvas import add_trace, axis, canvas, key_line
from dashboard.charts.disparity import TITLE_LENGTH
from dashboard.charts.read_out import read_out
from dashboard.palette import BASELINE, CATEGORICAL, translucent
from dashboard.plain_text import as_plotly, shorten
from engine.formats import share_apart

__all__ = ["COLUMNS", "stage_lines", "stage_lines_alt"]

COLUMNS = ("stage", "group", "ratio", "ratio_low", "ratio_high")
"""Columns of the frame to draw, one row per stage and group, in the order of the pipeline."""

SYMBOLS = (
    "circle",
    "square",
    "diamond",
    "triangle-up",
    "cross",
    "triangle-down",
)
MARKS = ("●", "■", "◆", "▲", "✚", "▼")
TICKS = np.array([0.25, 0.33, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0])
LEAST, MOST = 0.25, 4.0
A_LINE = 3
"""Groups that one line of the key names."""


def stage_lines(frame: pd.DataFrame, *, title: str, band: tuple[float, float]) -> go.Figure:
    """Draw one line per group through the stages, with 95 % intervals, on the band.

    The axis is logarithmic, so that 1.25 times higher and 1.25 times lower are equally far from
    the reference. Ratios beyond a quarter or four times lie on the edge.

    Parameters
    ----------
    frame : DataFrame
        With :data:`COLUMNS`; at most six groups.
    title : str
    band : (float, float)
        Ratios to the reference between which a disparity counts as small.
    """
    stages = list(dict.fromkeys(frame["stage"]))
    groups = list(dict.fromkeys(frame["group"]))
    key = [
        (MARKS[place % len(MARKS)], shorten(str(group), 24), _colour(place))
        for place, group in enumerate(groups)
    ]
    figure = canvas(
        as_plotly(shorten(title, TITLE_LENGTH)),
        axis(
            "stage of the pipeline",
            tickvals=np.arange(len(stages)),
            ticktext=stages,
            range=[-0.4, len(stages) - 0.6],
            showgrid=False,
        ),
        axis("times the reference", type="log", range=_span(frame, band)),
        marks="<br>".join(key_line(*key[start : start + A_LINE]) for start in (0, A_LINE)),
        height=396,
    )
    figure.update_layout(margin={"t": 76})
    figure.update_yaxes(tickvals=TICKS, ticktext=[f"{tick:g}" for tick in TICKS])
    figure.add_hrect(*band, fillcolor=translucent(BASELINE, 0.16), line_width=0, layer="below")
    figure.add_hline(y=1, line={"color": BASELINE, "width": 1, "dash": "dot"})
    spread = np.linspace(-0.17, 0.17, max(len(groups), 2))
    for place, group in enumerate(groups):
        _add_line(figure, frame[frame["group"] == group], stages, place, float(spread[place]))
    return figure


def _span(frame: pd.DataFrame, band: tuple[float, float]) -> list[float]:
    ends = frame[["ratio_low", "ratio_high", "ratio"]].to_numpy(dtype=float)
    known = ends[np.isfinite(ends) & (ends > 0)]
    low, high = min(known.min(initial=1.0), band[0]), max(known.max(initial=1.0), band[1])
    first = max(np.searchsorted(TICKS, low * 1.001, side="right") - 1, 0)
    last = min(np.searchsorted(TICKS, high * 0.999), len(TICKS) - 1)
    edges = TICKS[[first, last]]
    return (np.log10(edges) + np.array([-0.02, 0.02])).tolist()


def _add_line(
    figure: go.Figure, rows: pd.DataFrame, stages: list[str], place: int, offset: float
) -> None:
    ratio = np.clip(rows["ratio"].to_numpy(dtype=float), LEAST, MOST)
    low = np.clip(rows["ratio_low"].to_numpy(dtype=float), LEAST, MOST)
    high = np.clip(rows["ratio_high"].to_numpy(dtype=float), LEAST, MOST)
    colour = _colour(place)
    add_trace(
        figure,
        "scatter",
        x=np.array([stages.index(stage) for stage in rows["stage"]]) + offset,
        y=ratio,
        mode="lines+markers",
        name=as_plotly(shorten(str(rows["group"].iloc[0]), 30)),
        line={"color": colour, "width": 2},
        marker={"size": 9, "symbol": SYMBOLS[place % len(SYMBOLS)], "color": colour},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": high - ratio,
            "arrayminus": ratio - low,
            "color": translucent(colour, 0.55),
            "thickness": 1,
            "width": 3,
        },
        customdata=np.column_stack([rows["ratio_low"], rows["ratio_high"]]),
        hovertemplate="%{y:.2f} × the reference (%{customdata[0]:.2f} to %{customdata[1]:.2f})",
    )


def _colour(place: int) -> str:
    return CATEGORICAL[place % len(CATEGORICAL)]


def stage_lines_alt(frame: pd.DataFrame, title: str) -> str:
    """Say the chart in words."""
    known = frame[np.isfinite(frame["ratio"].to_numpy(float))]
    parts = [
        f"{row.group}, {row.stage}: {share_apart(row.ratio - 1)} than the reference"
        for row in known.itertuples()
    ]
    apart = np.abs(np.log(known["ratio"].to_numpy(float)))
    return read_out(f"Farthest: {parts[int(apart.argmax())]}" if parts else "", title, parts)
