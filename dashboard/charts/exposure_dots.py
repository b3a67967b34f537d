"""One row per group of items or of people: before hollow, after filled, targets as marks below.

A bar through a dot is its 95 % interval; the change stands at the end of the row. The targets are
what a share can be held against: the group's share of the catalogue, of all history, of what
people turned out to like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, key_line, nice_ceiling, steady_figure
from dashboard.charts.read_out import largest_change, read_out
from dashboard.palette import BASELINE, GRID, SETTING, STAGE_COLOURS
from dashboard.plain_text import as_plotly, shorten
from engine.formats import PLAIN, SHARE, number

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
"""Columns of the frame to draw, one row per group; ``note`` stands small beside the name.

With two more, ``verdict`` (text) and ``is_clear`` (bool), the verdict stands at the end of the row,
grey where it is not clear.
"""

TARGET_LOOKS = {
    "catalogue": ("line-ns", BASELINE, "|"),
    "history": ("diamond-open", STAGE_COLOURS["history"], "◇"),
    "merit": ("star-triangle-up-open", STAGE_COLOURS["ranked"], "△"),
}
"""Target → symbol, colour, and the sign for it in text: told apart by shape as well."""

SIDES = (("before", BASELINE, "circle-open", -0.27), ("after", SETTING, "circle", 0.0))
"""Side → name, colour, symbol, and how far below the middle of its row it stands."""

TARGETS_BELOW = 0.27
"""Targets stand below the dots, so that a mark never covers another kind of mark."""

ROW_HEIGHT = 46


class Unit(NamedTuple):
    """How values are drawn: times ``scale``, written as ``form`` with ``suffix``."""

    scale: float
    form: str
    suffix: str


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
    unit = Unit(100.0, ".1f", " %") if is_share else Unit(1.0, ".3f", "")
    rows = np.arange(len(frame))
    labels = [
        f"{as_plotly(shorten(str(group), 20))}  <i>{as_plotly(str(note))}</i>"
        for group, note in zip(frame["group"], frame["note"], strict=True)
    ]
    span = _span(frame, targets, unit.scale)
    has_verdicts = "verdict" in frame
    figure = steady_figure(
        title,
        axis(
            f"{x_title}, bar = 95 % interval",
            range=span,
            ticksuffix=unit.suffix,
            nticks=6,
            zeroline=True,
            zerolinecolor=BASELINE,
            zerolinewidth=1,
        ),
        axis(
            "",
            tickvals=rows,
            ticktext=labels,
            range=[len(rows) - 0.5, -0.5],
            showgrid=False,
            minor={"tickvals": rows[1:] - 0.5, "showgrid": True, "gridcolor": GRID},
        ),
        [
            *(_mark(target, rows, unit) for target in targets),
            *(_dots(frame, side, rows, unit) for side in SIDES),
            *([_verdicts(frame, rows, span[1])] if has_verdicts else []),
        ],
        marks=key_line(("○", "before", BASELINE), ("●", "after", SETTING), *map(_key, targets)),
        height=110 + ROW_HEIGHT * max(len(frame), 4),
    )
    return figure.update_layout(margin={"r": 112}) if has_verdicts else figure


def _key(target: Target) -> tuple[str, str, str]:
    _, colour, sign = TARGET_LOOKS[target.kind]
    return sign, target.name, colour


def _span(frame: pd.DataFrame, targets: Sequence[Target], scale: float) -> list[float]:
    """From 0, or a round number below it, to a round number; it moves only in large steps."""
    columns = [f"{side}{end}" for side in ("before", "after") for end in ("", "_low", "_high")]
    ends = frame[columns].to_numpy(dtype=float) * scale
    marks = [np.nanmax(target.values, initial=0.0) * scale for target in targets]
    top = nice_ceiling(max([np.nanmax(ends, initial=0.0), *marks]))
    lowest = np.nanmin(ends, initial=0.0)
    bottom = -nice_ceiling(-lowest) if lowest < -1e-9 else 0.0
    room = 0.01 * (top - bottom)
    return [bottom - room, top + room]


def _verdicts(frame: pd.DataFrame, rows: NDArray[Any], end: float) -> dict[str, Any]:
    """Write each row's change at its end, in a margin of its own.

    One trace of text is drawn in a fraction of the time that as many annotations take.
    """
    is_clear = frame["is_clear"].to_numpy(dtype=bool)
    words = [as_plotly(verdict).replace(" (", "<br>(", 1) for verdict in frame["verdict"]]
    return {
        "type": "scatter",
        "x": np.full(len(rows), end),
        "y": rows,
        "mode": "text",
        "name": "change",
        "text": [
            f"  <b>{word}</b>" if clear else f"  {word}"
            for word, clear in zip(words, is_clear, strict=True)
        ],
        "textposition": "middle right",
        "textfont": {"size": 11, "color": np.where(is_clear, SETTING, BASELINE)},
        "cliponaxis": False,
        "hoverinfo": "skip",
    }


def _mark(target: Target, rows: NDArray[Any], unit: Unit) -> dict[str, Any]:
    symbol, colour, _ = TARGET_LOOKS[target.kind]
    size = 11 if symbol == "line-ns" else 9
    return {
        "type": "scatter",
        "x": target.values * unit.scale,
        "y": rows + TARGETS_BELOW,
        "mode": "markers",
        "name": target.name,
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": colour,
            "line": {"color": colour, "width": 2},
        },
        "hovertemplate": f"%{{x:{unit.form}}}{unit.suffix}<extra>{target.name}</extra>",
    }


def _dots(
    frame: pd.DataFrame, side: tuple[str, str, str, float], rows: NDArray[Any], unit: Unit
) -> dict[str, Any]:
    name, colour, symbol, below = side
    value, low, high = (
        frame[column].to_numpy(dtype=float) * unit.scale
        for column in (name, f"{name}_low", f"{name}_high")
    )
    groups = [as_plotly(str(group)) for group in frame["group"]]
    return {
        "type": "scatter",
        "x": value,
        "y": rows + below,
        "mode": "markers",
        "name": name,
        "marker": {
            "symbol": symbol,
            "size": 10,
            "color": colour,
            "line": {"color": colour, "width": 2},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": high - value,
            "arrayminus": value - low,
            "color": colour,
            "thickness": 1.5,
            "width": 3,
        },
        "customdata": np.column_stack([groups, low, high]),
        "hovertemplate": f"%{{customdata[0]}}: %{{x:{unit.form}}}{unit.suffix} "
        f"(%{{customdata[1]:{unit.form}}} to %{{customdata[2]:{unit.form}}}{unit.suffix})"
        f"<extra>{name}</extra>",
    }


def exposure_dots_alt(
    frame: pd.DataFrame, title: str, targets: Sequence[Target] = (), *, is_share: bool = True
) -> str:
    """Say the chart in words."""

    def write(value: float) -> str:
        return number(value, SHARE if is_share else PLAIN)

    verdicts = frame["verdict"] if "verdict" in frame else [""] * len(frame)
    parts = []
    for place, (group, before, after, verdict) in enumerate(
        zip(frame["group"], frame["before"], frame["after"], verdicts, strict=True)
    ):
        marks = "".join(f", {target.name} {write(target.values[place])}" for target in targets)
        judged = f", {verdict}" if verdict else ""
        parts.append(f"{group}: {write(before)} before, {write(after)} after{judged}{marks}")
    style = SHARE if is_share else PLAIN
    said = largest_change(frame["group"].tolist(), frame["before"], frame["after"], style)
    return read_out(said, title, parts)
