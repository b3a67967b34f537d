"""Who pays: shares of people worse, unchanged and better by group, and tenths of the change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import add_trace, axis, canvas, key_line, nice_ceiling
from dashboard.charts.read_out import read_out
from dashboard.palette import BASELINE, HIGHLIGHT, STAGE_COLOURS, ink_on
from dashboard.plain_text import as_plotly, shorten
from engine.formats import Style, percent, signed

__all__ = ["COLUMNS", "tenths_bars", "tenths_bars_alt", "who_pays_bars", "who_pays_bars_alt"]

COLUMNS = ("group", "n", "worse", "same", "better")
"""Columns of the frame of :func:`who_pays_bars`: shares in [0, 1], NaN where nobody counts."""

BETTER = STAGE_COLOURS["ranked"]
UNCHANGED = "#A9B2BD"
LEAST_LABELLED = 8
"""Per cent: a narrower part has no room for its figure."""
PARTS = (
    ("worse", HIGHLIGHT, ink_on(HIGHLIGHT)),
    ("same", UNCHANGED, ink_on(UNCHANGED)),
    ("better", BETTER, ink_on(BETTER)),
)
"""Column, colour of the bar, colour of the text on it; the order tells them apart as well."""


def who_pays_bars(
    frame: pd.DataFrame, *, title: str, names: tuple[str, str] = ("worse", "better")
) -> go.Figure:
    """Draw one bar of 100 % per group: worse on the left, better on the right.

    Parameters
    ----------
    frame : DataFrame
        With :data:`COLUMNS`; rows in the order to show, first on top.
    title : str
    names : (str, str)
        Of the outer parts: :attr:`engine.metrics.metric.Metric.change_words`.
    """
    rows = np.arange(len(frame))
    labels = [
        f"{as_plotly(shorten(str(group), 30))}  <i>n = {n:,}</i>"
        for group, n in zip(frame["group"], frame["n"], strict=True)
    ]
    said = {"worse": names[0], "same": "unchanged", "better": names[1]}
    figure = canvas(
        title,
        axis("share of the group's people", range=[0, 100], ticksuffix=" %", nticks=6),
        axis("", tickvals=rows, ticktext=labels, range=[len(frame) - 0.5, -0.5], showgrid=False),
        marks=key_line(*[("■", said[column], colour) for column, colour, _ in PARTS]),
        height=116 + 26 * max(len(frame), 2),
    )
    for column, colour, ink in PARTS:
        share = frame[column].to_numpy(dtype=float) * 100
        add_trace(
            figure,
            "bar",
            x=share,
            y=rows,
            orientation="h",
            name=said[column],
            width=0.72,
            marker={"color": colour, "line": {"width": 0}},
            text=[f"{value:.0f} %" if value >= LEAST_LABELLED else "" for value in share],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": ink, "size": 11},
            customdata=[as_plotly(str(group)) for group in frame["group"]],
            hovertemplate="%{customdata}: %{x:.1f} % " + said[column] + "<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    return figure


def who_pays_bars_alt(
    frame: pd.DataFrame, title: str, names: tuple[str, str] = ("worse", "better")
) -> str:
    """Say the chart in words."""
    parts = [
        f"{row.group} (n = {row.n:,}): {percent(row.worse)} {names[0]}, "
        f"{percent(row.same)} unchanged, {percent(row.better)} {names[1]}"
        for row in frame.itertuples()
    ]
    return read_out(f"Of {parts[0]}" if parts else "", title, parts)


def tenths_bars(
    mean: NDArray[np.floating],
    *,
    title: str,
    unit: str,
    names: tuple[str, str] = ("worse", "better"),
) -> go.Figure:
    """Draw the mean change of each tenth of people, those who lost most on the left.

    Parameters
    ----------
    mean : float array of shape (10,)
        Mean change, positive for the better; NaN where a tenth is empty.
    title : str
    unit : str
        Name of the metric and its unit, for the axis.
    names : (str, str)
        Words for a fall and a rise.
    """
    reach = nice_ceiling(float(np.nanmax(np.abs(mean), initial=0.0)))
    places = np.arange(1, len(mean) + 1)
    figure = canvas(
        title,
        axis(
            f"tenth of people, from the most {names[0]} to the most {names[1]}",
            tickvals=places,
            range=[0.4, 10.6],
            showgrid=False,
        ),
        axis(f"mean change, {unit}", range=[-reach * 1.05, reach * 1.05], nticks=6),
        marks=key_line(("■", names[0], HIGHLIGHT), ("■", names[1], BETTER)),
        height=260,
    )
    figure.add_hline(y=0, line={"color": BASELINE, "width": 1})
    add_trace(
        figure,
        "bar",
        x=places,
        y=mean,
        marker={
            "color": np.where(np.nan_to_num(mean) < 0, HIGHLIGHT, BETTER),
            "line": {"width": 0},
        },
        showlegend=False,
        customdata=[signed(float(value), Style(4)) for value in mean],
        hovertemplate="tenth %{x}: %{customdata}<extra></extra>",
    )
    return figure


def tenths_bars_alt(
    mean: NDArray[np.floating], title: str, names: tuple[str, str] = ("worse", "better")
) -> str:
    """Say the chart in words."""
    values = ", ".join(signed(float(value)) for value in mean)
    ends = f"Of ten parts the most {names[0]} change by {signed(float(mean[0]))} in the mean"
    return read_out(
        f"{ends}, the most {names[1]} by {signed(float(mean[-1]))}",
        title,
        f"mean change by tenth of people, most {names[0]} first, {values}",
    )
