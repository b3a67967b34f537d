"""The marks of a still picture: dots with intervals, lines and bars, as SVG elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.still.scales import Scale

__all__ = ["bars", "colour_of", "element", "scatter", "symbol"]

SIZE = 5.0
BAR_WIDTH = 0.8


def element(tag: str, content: str = "", **attributes: Any) -> str:
    """Write one SVG element; attribute values are escaped, ``content`` must already be.

    >>> element("text", "a", x=1.5, text_anchor="end")
    '<text x="1.5" text-anchor="end">a</text>'
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def _plain(value: Any) -> str:
    return f"{round(float(value), 2):g}" if isinstance(value, (int, float)) else str(value)


def _circle(x: float, y: float) -> dict[str, Any]:
    return {"tag": "circle", "cx": x, "cy": y, "r": SIZE}


def _polygon(*corners: tuple[float, float]) -> Callable[[float, float], dict[str, Any]]:
    def place(x: float, y: float) -> dict[str, Any]:
        points = " ".join(f"{x + SIZE * dx:.2f},{y + SIZE * dy:.2f}" for dx, dy in corners)
        return {"tag": "polygon", "points": points}

    return place


CROSS = [
    (x * turn, y * turn)
    for turn in (1, -1)
    for x, y in ((0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4), (0.4, 1.2))
]

SYMBOLS: dict[str, Callable[[float, float], dict[str, Any]]] = {
    "circle": _circle,
    "square": _polygon((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "diamond": _polygon((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "triangle-up": _polygon((0, -1.2), (1.1, 0.9), (-1.1, 0.9)),
    "triangle-left": _polygon((-1.2, 0), (0.9, -1.1), (0.9, 1.1)),
    "triangle-right": _polygon((1.2, 0), (-0.9, -1.1), (-0.9, 1.1)),
    "cross": _polygon(*CROSS),
    "line-ns": _polygon((-0.2, -2), (0.2, -2), (0.2, 2), (-0.2, 2)),
}
"""Plotly's symbol → shape. A symbol that is not here is drawn as a diamond."""


def symbol(name: str | None, x: float, y: float, colour: str) -> str:
    """Draw one marker; ``-open`` at the end of its name leaves it hollow."""
    given = name or "circle"
    is_open = given.endswith("-open")
    shape = SYMBOLS.get(given.removesuffix("-open"), SYMBOLS["diamond"])(x, y)
    tag = shape.pop("tag")
    fill = "none" if is_open else colour
    return element(tag, **shape, fill=fill, stroke=colour, stroke_width=1.8)


def colour_of(trace: go.Scatter | go.Bar) -> str:
    """Colour that stands for a trace in the key."""
    marker, line = trace.marker.color, getattr(trace, "line", None)
    one = marker if isinstance(marker, str) else (line.color if line else None)
    return one or (marker[0] if isinstance(marker, (tuple, list, np.ndarray)) else "#7A8594")


def scatter(trace: go.Scatter, x_scale: Scale, y_scale: Scale) -> Iterator[str]:
    """Draw a scatter trace: its line, its intervals, its markers."""
    x, y = np.asarray(trace.x, np.float64), np.asarray(trace.y, np.float64)
    across, down = x_scale(x), y_scale(y)
    if "lines" in (trace.mode or ""):
        yield from _line(across, down, trace)
    if "markers" not in (trace.mode or ""):
        return
    colour = colour_of(trace)
    for name, one in (("error_x", trace.error_x), ("error_y", trace.error_y)):
        if one.array is not None:
            low, high = np.asarray(one.arrayminus), np.asarray(one.array)
            yield from _intervals(name, (x, y), (low, high), (x_scale, y_scale), colour)
    for left, top in zip(across, down, strict=True):
        if np.isfinite(left) and np.isfinite(top):
            yield symbol(trace.marker.symbol, left, top, colour)


def _line(across: NDArray[Any], down: NDArray[Any], trace: go.Scatter) -> Iterator[str]:
    """Draw the line; NaN breaks it."""
    parts, pen = [], "M"
    for left, top in zip(across, down, strict=True):
        is_known = np.isfinite(left) and np.isfinite(top)
        if is_known:
            parts.append(f"{pen}{left:.2f} {top:.2f}")
        pen = "L" if is_known else "M"
    if parts:
        dash = {"dot": "2 3", "dash": "6 4"}.get(trace.line.dash or "")
        width = trace.line.width or 2
        yield element("path", d="".join(parts), fill="none", stroke=trace.line.color,
                      stroke_width=width, stroke_dasharray=dash)  # fmt: skip


def _intervals(
    name: str,
    at: tuple[NDArray[Any], NDArray[Any]],
    reach: tuple[NDArray[Any], NDArray[Any]],
    scales: tuple[Scale, Scale],
    colour: str,
) -> Iterator[str]:
    is_across = name == "error_x"
    along, other = (at[0], at[1]) if is_across else (at[1], at[0])
    scale, other_scale = scales if is_across else scales[::-1]
    starts, ends, place = scale(along - reach[0]), scale(along + reach[1]), other_scale(other)
    for start, end, middle in zip(starts, ends, place, strict=True):
        if np.isfinite(start) and np.isfinite(end) and np.isfinite(middle):
            corners = (start, middle, end, middle) if is_across else (middle, start, middle, end)
            yield _stroke(corners, colour)


def _stroke(corners: Sequence[float], colour: str) -> str:
    x1, y1, x2, y2 = corners
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=1.5)


def bars(trace: go.Bar, base: NDArray[Any], x_scale: Scale, y_scale: Scale) -> Iterator[str]:
    """Draw a bar trace that starts at ``base``, shape (n_bars,), with the texts inside it."""
    is_across = trace.orientation == "h"
    length = np.nan_to_num(np.asarray(trace.x if is_across else trace.y, np.float64))
    place = np.asarray(trace.y if is_across else trace.x, np.float64)
    half = (trace.width if trace.width is not None else BAR_WIDTH) / 2
    along, other = (x_scale, y_scale) if is_across else (y_scale, x_scale)
    starts, ends = along(base), along(base + length)
    sides = other(place - half), other(place + half)
    colours = np.broadcast_to(np.asarray(trace.marker.color, dtype=object), place.shape)
    texts = trace.text if trace.text is not None else [""] * len(place)
    ink = trace.textfont.color
    for start, end, side, far, colour, text in zip(
        starts, ends, *sides, colours, texts, strict=True
    ):
        box = (start, side, end, far) if is_across else (side, start, far, end)
        if np.isfinite(box).all():
            yield _box(box, colour, str(text), ink)


def _box(box: tuple[float, float, float, float], colour: str, text: str, ink: str | None) -> str:
    left, right = sorted((box[0], box[2]))
    top, bottom = sorted((box[1], box[3]))
    drawn = element("rect", x=left, y=top, width=right - left, height=bottom - top, fill=colour)
    if not text:
        return drawn
    x, y = (left + right) / 2, (top + bottom) / 2 + 3.5
    return drawn + element(
        "text", escape(text), x=x, y=y, text_anchor="middle", font_size=10, fill=ink
    )
