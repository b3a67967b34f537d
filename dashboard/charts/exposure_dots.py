"""One row per group of items (or stage): before hollow, after filled, targets as marks.

A bar through a dot is its 95 % interval. The targets are what a share can be held against: the
group's share of the catalogue, of all history, of what people turned out to like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, canvas, key_line, nice_ceiling
from dashboard.palette import BASELINE, SETTING, STAGE_COLOURS
from dashboard.plain_text import as_plotly, shorten

__all__ = ["COLUMNS", "TARGET_LOOKS", "Target", "exposure_dots", "exposure_dots_alt"]

COLUMNS = (
    "group",
    "note",
    "before",
    "before_low",
    "before_high",
    "after",
    "after_low",
    "after_high",
)
"""Columns of the frame to draw, one row per group; ``note`` stands small beside the name."""

TARGET_LOOKS = {
    "catalogue": ("line-ns", BASELINE, "|"),
    "history": ("diamond-open", STAGE_COLOURS["history"], "◇"),
    "merit": ("star-triangle-up-open", STAGE_COLOURS["ranked"], "△"),
}
"""Target → symbol, colour, and the sign for it in text: told apart by shape as well."""

SIDES = (("before", BASELINE, "circle-open", 0.18), ("after", SETTING, "circle", -0.18))
ROW_HEIGHT = 34


@dataclass(frozen=True, eq=False)
class Target:
    """A share to hold every group's exposure against; ``kind`` is in :data:`TARGET_LOOKS`."""

    kind: str
    name: str
    values: NDArray[np.floating]


def exposure_dots(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    targets: Sequence[Target] = (),
    is_share: bool = True,
) -> go.Figure:
    """Draw the rows, first on top; the height follows their number.

    Parameters
    ----------
    frame : DataFrame
        With :data:`COLUMNS`, values in [0, 1] where ``is_share``; NaN where undefined.
    title, x_title : str
        ``x_title`` names the quantity with its unit.
    targets : sequence of Target
        Values of shape (n_rows,).
    is_share : bool
        Write values in per cent.
    """
    scale = 100.0 if is_share else 1.0
    rows = np.arange(len(frame))
    figure = canvas(
        title,
        axis(
            f"{x_title}, bar = 95 % interval",
            range=_span(frame, targets, scale),
            ticksuffix=" %" if is_share else "",
            nticks=6,
        ),
        axis(
            "",
            tickvals=rows,
            ticktext=[
                f"{as_plotly(shorten(str(group), 20))}  <i>{as_plotly(str(note))}</i>"
                for group, note in zip(frame["group"], frame["note"], strict=True)
            ],
            range=[len(frame) - 0.45, -0.55],
            showgrid=False,
        ),
        marks=key_line(("○", "before", BASELINE), ("●", "after", SETTING), *map(_key, targets)),
        height=110 + ROW_HEIGHT * max(len(frame), 4),
    )
    for target in targets:
        _mark(figure, target, rows, scale, is_share)
    for side, colour, symbol, offset in SIDES:
        _dots(figure, frame, side, rows - offset, (colour, symbol, scale, is_share))
    return figure


def _key(target: Target) -> tuple[str, str, str]:
    _, colour, sign = TARGET_LOOKS[target.kind]
    return sign, target.name, colour


def _span(frame: pd.DataFrame, targets: Sequence[Target], scale: float) -> list[float]:
    """From 0 to a round number; it moves only in large steps."""
    ends = frame[["before", "after", "before_high", "after_high"]].to_numpy(dtype=float)
    marks = [np.nanmax(target.values, initial=0.0) for target in targets]
    top = nice_ceiling(scale * max([np.nanmax(ends, initial=0.0), *marks]))
    return [-0.01 * top, top * 1.01]


def _mark(figure: go.Figure, target: Target, rows: NDArray, scale: float, is_share: bool) -> None:
    symbol, colour, _ = TARGET_LOOKS[target.kind]
    size = 18 if symbol == "line-ns" else 9
    figure.add_scatter(
        x=target.values * scale,
        y=rows,
        mode="markers",
        name=target.name,
        marker={
            "symbol": symbol,
            "size": size,
            "color": colour,
            "line": {"color": colour, "width": 2},
        },
        hovertemplate=("%{x:.1f} %" if is_share else "%{x:.3f}") + f"<extra>{target.name}</extra>",
    )


def _dots(
    figure: go.Figure,
    frame: pd.DataFrame,
    side: str,
    places: NDArray,
    looks: tuple[str, str, float, bool],
) -> None:
    colour, symbol, scale, is_share = looks
    value, low, high = (
        frame[column].to_numpy(dtype=float) * scale
        for column in (side, f"{side}_low", f"{side}_high")
    )
    form, unit = (".1f", " %") if is_share else (".3f", "")
    figure.add_scatter(
        x=value,
        y=places,
        mode="markers",
        name=side,
        marker={
            "symbol": symbol,
            "size": 10,
            "color": colour,
            "line": {"color": colour, "width": 2},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": high - value,
            "arrayminus": value - low,
            "color": colour,
            "thickness": 1.5,
            "width": 3,
        },
        customdata=np.column_stack(
            [[as_plotly(str(group)) for group in frame["group"]], low, high]
        ),
        hovertemplate=f"%{{customdata[0]}}: %{{x:{form}}}{unit} "
        f"(%{{customdata[1]:{form}}} to %{{customdata[2]:{form}}}{unit})<extra>{side}</extra>",
    )


def exposure_dots_alt(
    frame: pd.DataFrame, title: str, targets: Sequence[Target] = (), *, is_share: bool = True
) -> str:
    """Say the chart in words."""
    write = (lambda v: f"{v * 100:.1f} %") if is_share else (lambda v: f"{v:.3f}")
    parts = []
    for place, row in enumerate(frame.itertuples()):
        marks = "".join(f", {target.name} {write(target.values[place])}" for target in targets)
        parts.append(f"{row.group}: {write(row.before)} before, {write(row.after)} after{marks}")
    return f"{title}. " + "; ".join(parts) + "."
