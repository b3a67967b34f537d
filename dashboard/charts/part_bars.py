"""What numbers are made of: parts that add up, one stacked bar per item or one bar per part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import add_trace, axis, canvas, key_line, nice_ceiling
from dashboard.charts.read_out import read_out
from dashboard.palette import BASELINE, HIGHLIGHT, INK, SETTING
from dashboard.plain_text import as_plotly, shorten
from engine.formats import Style, signed

__all__ = ["parts_alt", "signed_bars", "signed_bars_alt", "stacked_parts"]

ROW_PIXELS, PART_PIXELS = 26, 36
TOTAL_GAP = 0.25
"""Of a row: what sets the sum apart from its parts."""

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
    used = [place for place in range(len(names)) if np.any(parts[:, place])]
    figure = canvas(
        title,
        axis(x_title, range=[-limit, limit], nticks=5, zeroline=True, zerolinewidth=1),
        _row_axis(labels),
        marks=key_line(
            *[("■", names[place], colours[place]) for place in used], ("◇", total_name, BASELINE)
        ),
        height=ROW_PIXELS * len(labels) + 116,
    )
    for place in used:
        name, colour, values = names[place], colours[place], parts[:, place]
        add_trace(
            figure,
            "bar",
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
    add_trace(
        figure,
        "scatter",
        x=totals,
        y=rows,
        mode="markers",
        name=total_name,
        marker={
            "symbol": "diamond",
            "size": 9,
            "color": "#FFFFFF",
            "line": {"color": INK["light"], "width": 1.5},
        },
        customdata=[[as_plotly(label), signed(v)] for label, v in zip(labels, totals, strict=True)],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra>" + total_name + "</extra>",
    )
    figure.update_layout(barmode="relative", bargap=0.3)
    return figure


def _row_axis(labels: Sequence[str], length: int = 28) -> dict[str, Any]:
    return axis(
        "",
        tickvals=np.arange(len(labels)),
        ticktext=[as_plotly(shorten(label, length)) for label in labels],
        range=[len(labels) - 0.5, -0.5],
        showgrid=False,
    )


def signed_bars(
    title: str,
    labels: Sequence[str],
    values: NDArray[np.floating],
    *,
    x_title: str,
    total: str = "",
) -> go.Figure:
    """Draw one bar per part, to the right where it lifts and to the left where it lowers.

    Each label stands above its bar with the value at the other end of the line, so that the figure
    reads at any width and no word lies on a bar.

    Parameters
    ----------
    title, x_title : str
    labels : sequence of str
        One per part, first on top; shown as text.
    values : float array of shape (n_parts,)
    total : str
        Label of a last bar for the sum of the parts; none where empty.
    """
    shown = [*values, float(np.sum(values))] if total else list(values)
    names = [as_plotly(label) for label in [*labels, *([total] if total else [])]]
    limit = nice_ceiling(float(np.abs(shown).max(initial=0.0)))
    rows = np.arange(len(shown)) + TOTAL_GAP * (np.arange(len(shown)) >= len(labels))
    last = float(rows[-1]) if len(rows) else 0.0
    figure = canvas(
        title,
        axis(x_title, range=[-limit, limit], nticks=5, showgrid=False),
        axis("", range=[last + 0.5, -0.75], visible=False),
        height=int(PART_PIXELS * (last + 1.25)) + 88,
    )
    colours = [SETTING if value >= 0 else HIGHLIGHT for value in values] + [BASELINE] * bool(total)
    add_trace(
        figure,
        "bar",
        x=np.array(shown),
        y=rows,
        width=0.36,
        orientation="h",
        marker={"color": colours, "line": {"width": 0}},
        customdata=[[name, signed(v, TWO_DIGITS)] for name, v in zip(names, shown, strict=True)],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra></extra>",
        showlegend=False,
    )
    _add_zero_marks(figure, rows)
    _add_line_of_words(figure, -limit, rows, names, "middle right")
    _add_line_of_words(figure, limit, rows, [signed(v, TWO_DIGITS) for v in shown], "middle left")
    figure.update_layout(bargap=0, margin={"t": 38})
    return figure


def _add_zero_marks(figure: go.Figure, rows: NDArray[np.floating]) -> None:
    """Mark zero beside each bar only, so that no line runs through the words."""
    gaps = np.full(len(rows), np.nan)
    add_trace(
        figure,
        "scatter",
        x=np.zeros(3 * len(rows)),
        y=np.column_stack([rows - 0.22, rows + 0.22, gaps]).ravel(),
        mode="lines",
        line={"color": BASELINE, "width": 1.5},
        hoverinfo="skip",
        showlegend=False,
    )


def _add_line_of_words(
    figure: go.Figure, x: float, rows: NDArray[np.floating], words: Sequence[str], side: str
) -> None:
    add_trace(
        figure,
        "scatter",
        x=np.full(len(rows), x),
        y=rows - 0.44,
        mode="text",
        text=list(words),
        textposition=side,
        textfont={"size": 11.5},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def signed_bars_alt(
    title: str, labels: Sequence[str], values: NDArray[np.floating], total: str = ""
) -> str:
    """Say the chart in words; ``total`` names the sum of the parts."""
    said = [
        f"{label} {signed(value, TWO_DIGITS)}" for label, value in zip(labels, values, strict=True)
    ]
    if not said:
        return read_out("", title, "")
    strongest = f"Strongest: {said[int(np.argmax(np.abs(values)))]}"
    end = [f"{total.strip('= ')} {signed(float(np.sum(values)), TWO_DIGITS)}"] if total else []
    return read_out("; ".join([strongest, *end]), title, [*said, *end])


def parts_alt(
    title: str, labels: Sequence[str], parts: NDArray[np.floating], names: Sequence[str]
) -> str:
    """Say the chart in words: each row's total and the parts that are not 0."""
    rows = []
    for label, values in zip(labels, parts, strict=True):
        said = [f"{name} {signed(v)}" for name, v in zip(names, values, strict=True) if v]
        rows.append(f"{label}: {signed(values.sum())} ({', '.join(said) or 'nothing'})")
    sums = np.abs(np.asarray(parts, float).sum(axis=1))
    return read_out(f"Largest: {rows[int(sums.argmax())]}" if rows else "", title, rows)
