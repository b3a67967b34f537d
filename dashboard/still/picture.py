"""A Plotly figure as SVG text: no script, no fonts, no network, sharp on paper.

It draws what the dashboard's own charts are made of (scatter and bar traces, bands, reference
lines, a key) and nothing else; a chart of another kind is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.still.marks import bars, colour_of, element, scatter, symbol
from dashboard.still.scales import Scale, scale_of, ticks

__all__ = ["to_svg"]

INK, FAINT, GRID = "#1B2430", "#566070", "#DCE1E8"
LETTER = 6.1
"""Mean width of a letter of 11 pixels, for margins and the key."""
TITLE_HEIGHT, KEY_HEIGHT, BOTTOM = 22, 18, 46
TAGS = re.compile(r"</?i>")


def to_svg(figure: go.Figure, *, alt: str, width: int = 860) -> str:
    """Return ``figure`` as an SVG element that stands alone.

    Parameters
    ----------
    figure : Figure
        Of scatter and bar traces, both axes with a range.
    alt : str
        What the picture shows, in words, for those who cannot see it.
    width : int
        Pixels; the height is the figure's own.

    Raises
    ------
    ValueError
        The figure holds another kind of trace, or an axis has no range.
    """
    layout = figure.layout
    rows = list(_key_rows(figure, width))
    top = TITLE_HEIGHT + KEY_HEIGHT * len(rows) + 8
    height = layout.height + KEY_HEIGHT * max(len(rows) - 1, 0)
    left = 34 + LETTER * max((len(_text(t)) for _, t in ticks(layout.yaxis)), default=3)
    x_scale = scale_of(layout.xaxis, left, width - 24)
    y_scale = scale_of(layout.yaxis, height - BOTTOM, top)
    parts = [
        element("title", escape(alt)),
        element("text", escape(_text(layout.title.text)), x=0, y=14, font_size=13, font_weight=600),
        *rows,
        *_shapes(figure, x_scale, y_scale),
        *_axes(figure, x_scale, y_scale),
        *_marks(figure, x_scale, y_scale),
    ]
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        role="img",
        font_family="system-ui, sans-serif",
        font_size=11,
        fill=INK,
    )


def _text(markup: str | None) -> str:
    """Return Plotly's text as plain text."""
    return unescape(TAGS.sub("", markup or ""))


def _key_rows(figure: go.Figure, width: int) -> Iterator[str]:
    """Draw the key, as many rows as it needs."""
    row, left, line = "", 0.0, 0
    for trace in figure.data:
        if trace.showlegend is False or not trace.name:
            continue
        name = _text(trace.name)
        needed = 34 + LETTER * len(name)
        if row and left + needed > width:
            yield row
            row, left, line = "", 0.0, line + 1
        middle = TITLE_HEIGHT + KEY_HEIGHT * line + 6
        row += _key_mark(trace, left + 7, middle)
        row += element("text", escape(name), x=left + 17, y=middle + 4, fill=FAINT)
        left += needed
    if row:
        yield row


def _key_mark(trace: go.Scatter | go.Bar, x: float, y: float) -> str:
    colour = colour_of(trace)
    if trace.type == "bar":
        return element("rect", x=x - 6, y=y - 5, width=12, height=10, fill=colour)
    return symbol(trace.marker.symbol, x, y, colour)


def _axes(figure: go.Figure, x_scale: Scale, y_scale: Scale) -> Iterator[str]:
    top, bottom = sorted((y_scale.start, y_scale.end))
    left, right = x_scale.start, x_scale.end
    for place, text in ticks(figure.layout.xaxis):
        x = float(x_scale(place))
        if figure.layout.xaxis.showgrid is not False:
            yield element("line", x1=x, y1=top, x2=x, y2=bottom, stroke=GRID)
        label = escape(_text(text))
        yield element("text", label, x=x, y=bottom + 16, text_anchor="middle", fill=FAINT)
    for place, text in ticks(figure.layout.yaxis):
        y = float(y_scale(place))
        if figure.layout.yaxis.showgrid is not False:
            yield element("line", x1=left, y1=y, x2=right, y2=y, stroke=GRID)
        label = escape(_text(text))
        yield element("text", label, x=left - 8, y=y + 4, text_anchor="end", fill=FAINT)
    for axis, turn, x, y in (
        (figure.layout.xaxis, None, (left + right) / 2, bottom + 36),
        (figure.layout.yaxis, f"rotate(-90 12 {(top + bottom) / 2:.0f})", 12, (top + bottom) / 2),
    ):
        title = escape(_text(axis.title.text))
        if title:
            yield element("text", title, x=x, y=y, text_anchor="middle", transform=turn)


def _shapes(figure: go.Figure, x_scale: Scale, y_scale: Scale) -> Iterator[str]:
    """Draw bands and reference lines; an end on the paper reaches over the whole plot."""
    for shape in figure.layout.shapes:
        x = [_end(end, "domain" in shape.xref, x_scale) for end in (shape.x0, shape.x1)]
        y = [_end(end, "domain" in shape.yref, y_scale) for end in (shape.y0, shape.y1)]
        if shape.type == "rect":
            yield element(
                "rect",
                x=min(x),
                y=min(y),
                width=abs(x[1] - x[0]),
                height=abs(y[1] - y[0]),
                fill=shape.fillcolor,
            )
        else:
            dash = "2 3" if shape.line.dash == "dot" else None
            yield element("line", x1=x[0], y1=y[0], x2=x[1], y2=y[1], stroke=shape.line.color,
                          stroke_dasharray=dash)  # fmt: skip


def _end(end: float, is_share: bool, scale: Scale) -> float:
    if is_share:
        return scale.start + float(end) * (scale.end - scale.start)
    return float(scale(end))


def _marks(figure: go.Figure, x_scale: Scale, y_scale: Scale) -> Iterator[str]:
    is_stacked = figure.layout.barmode == "stack"
    filled: NDArray[Any] = np.zeros(1)
    for trace in figure.data:
        if trace.type == "scatter":
            yield from scatter(trace, x_scale, y_scale)
        elif trace.type == "bar":
            length = np.asarray(trace.x if trace.orientation == "h" else trace.y, np.float64)
            base = np.asarray(trace.base if trace.base is not None else 0.0, np.float64)
            base = np.broadcast_to(filled if is_stacked else base, length.shape)
            yield from bars(trace, base, x_scale, y_scale)
            filled = filled + np.nan_to_num(length) if is_stacked else filled
        else:
            raise ValueError(f"a still picture cannot show a trace of type {trace.type}")
