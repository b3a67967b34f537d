"""What numbers are made of: parts that add up, one stacked bar per item or one bar per part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, canvas, nice_ceiling
from dashboard.formats import Style, signed
from dashboard.palette import HIGHLIGHT, SETTING
from dashboard.plain_text import as_plotly, shorten

__all__ = ["parts_alt", "signed_bars", "signed_bars_alt", "stacked_parts"]

ROW_PIXELS = 26
TWO_DIGITS = Style(2)


def stacked_parts(
    title: str,
    labels: Sequence[str],
    parts: NDArray[np.floating],
    *,
    names: Sequence[str],
    colours: Sequence[str],
    x_title: str,
    total_name: str,
) -> go.Figure:
    """Stack each row's parts on both sides of zero; a diamond marks their sum.

    Parameters
    ----------
    title, x_title, total_name : str
    labels : sequence of str
        One per row, first on top; shown as text.
    parts : float array of shape (n_rows, n_parts)
        A part that is 0 in all rows is left out of the key.
    names, colours : sequences of str, of length n_parts
    """
    rows = np.arange(len(labels))
    reach = np.abs(np.stack([np.maximum(parts, 0).sum(1), np.minimum(parts, 0).sum(1)]))
    limit = nice_ceiling(float(reach.max(initial=0.0)) * 1.02)
    figure = canvas(
        title,
        axis(x_title, range=[-limit, limit], nticks=7, zeroline=True, zerolinewidth=1),
        _row_axis(labels),
        height=ROW_PIXELS * len(labels) + 124,
    )
    for place, (name, colour) in enumerate(zip(names, colours, strict=True)):
        values = parts[:, place]
        if not np.any(values):
            continue
        figure.add_bar(
            x=values,
            y=rows,
            orientation="h",
            name=name,
            marker={"color": colour},
            customdata=[
                [as_plotly(label), signed(v)] for label, v in zip(labels, values, strict=True)
            ],
            hovertemplate="%{customdata[0]}: %{customdata[1]}<extra>" + name + "</extra>",
        )
    totals = parts.sum(axis=1)
    figure.add_scatter(
        x=totals,
        y=rows,
        mode="markers",
        name=total_name,
        marker={
            "symbol": "diamond",
            "size": 9,
            "color": "#FFFFFF",
            "line": {"color": "#1B2430", "width": 1.5},
        },
        customdata=[[as_plotly(label), signed(v)] for label, v in zip(labels, totals, strict=True)],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra>" + total_name + "</extra>",
    )
    figure.update_layout(barmode="relative", bargap=0.3, margin={"t": 68})
    return figure


def _row_axis(labels: Sequence[str], length: int = 28) -> dict:
    return axis(
        "",
        tickvals=np.arange(len(labels)),
        ticktext=[as_plotly(shorten(label, length)) for label in labels],
        range=[len(labels) - 0.5, -0.5],
        showgrid=False,
    )


def signed_bars(
    title: str, labels: Sequence[str], values: NDArray[np.floating], *, x_title: str
) -> go.Figure:
    """Draw one bar per part, to the right where it lifts and to the left where it lowers.

    Each label stands above its bar, so that the figure reads at any width.
    """
    limit = nice_ceiling(float(np.abs(values).max(initial=0.0)) * 1.25)
    rows = np.arange(len(labels))
    figure = canvas(
        title,
        axis(x_title, range=[-limit, limit], nticks=5, zeroline=True, zerolinewidth=1),
        axis("", range=[len(labels) - 0.4, -0.9], visible=False),
        height=34 * len(labels) + 84,
    )
    figure.add_bar(
        x=values,
        y=rows,
        width=0.34,
        orientation="h",
        marker={"color": [SETTING if value >= 0 else HIGHLIGHT for value in values]},
        text=[signed(value, TWO_DIGITS) for value in values],
        textposition="outside",
        textfont={"size": 11},
        constraintext="none",
        cliponaxis=False,
        customdata=[as_plotly(label) for label in labels],
        hovertemplate="%{customdata}: %{text}<extra></extra>",
        showlegend=False,
    )
    figure.add_scatter(
        x=np.full(len(labels), -limit),
        y=rows - 0.42,
        mode="text",
        text=[as_plotly(label) for label in labels],
        textposition="middle right",
        textfont={"size": 11},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    figure.update_layout(bargap=0, margin={"t": 28})
    return figure


def signed_bars_alt(title: str, labels: Sequence[str], values: NDArray[np.floating]) -> str:
    """Say the chart in words."""
    said = (
        f"{label} {signed(value, TWO_DIGITS)}" for label, value in zip(labels, values, strict=True)
    )
    return f"{title}. " + "; ".join(said) + "."


def parts_alt(
    title: str, labels: Sequence[str], parts: NDArray[np.floating], names: Sequence[str]
) -> str:
    """Say the chart in words: each row's total and the parts that are not 0."""
    rows = []
    for label, values in zip(labels, parts, strict=True):
        said = [f"{name} {signed(v)}" for name, v in zip(names, values, strict=True) if v]
        rows.append(f"{label}: {signed(values.sum())} ({', '.join(said) or 'nothing'})")
    return f"{title}. " + "; ".join(rows) + "."
