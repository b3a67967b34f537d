"""Where a group of items gains or loses its exposure: its share at every stage, in colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, colour_scale, key_line, steady_figure
from dashboard.charts.read_out import largest_change, read_out
from dashboard.palette import TICKS, ink_on
from dashboard.plain_text import as_plotly, shorten
from engine.formats import SHARE, number

__all__ = ["stage_shares", "stage_shares_alt"]

SCALE = ("#B04A00", "#D55E00", "#E9A877", "#F1EFEC", "#8DBBD8", "#0072B2", "#00507D")
"""Vermilion: less than its target; light: about as much; blue: more."""

MOST = 2.0
"""Colours end at four times (2²) and a quarter of the target."""

ROW_HEIGHT = 46

KEY = ((6, "4 × or more"), (5, "2 ×"), (3, "its share"), (1, "½ ×"), (0, "¼ × or less"))
"""Shades of the scale to explain, with their words: in a line of text, which costs no drawing."""


def stage_shares(
    labels: Sequence[str],
    stages: Sequence[str],
    shares: NDArray[np.floating],
    target: NDArray[np.floating],
    *,
    title: str,
    target_name: str,
) -> go.Figure:
    """Draw each group's share at each stage, coloured by how it compares with a target.

    Parameters
    ----------
    labels : sequence of str, of length n_groups
    stages : sequence of str, of length n_stages
        In the order of the pipeline.
    shares : float array of shape (n_groups, n_stages)
        In [0, 1]; NaN where undefined.
    target : float array of shape (n_groups,)
        Share that is neither more nor less; where it is 0 the cell has no colour.
    title, target_name : str
    """
    cells = {
        "type": "heatmap",
        "z": _log_ratio(shares, target[:, None]),
        "text": np.array([[_percent(share) for share in row] for row in shares]),
        "customdata": [[as_plotly(label)] * len(stages) for label in labels],
        "hovertemplate": "%{customdata}, %{x}: %{text} of exposure<extra></extra>",
        "zmin": -MOST,
        "zmax": MOST,
        "colorscale": colour_scale(SCALE),
        "xgap": 2,
        "ygap": 2,
        "hoverongaps": False,
        "showscale": False,
    }
    columns = np.arange(len(stages))
    figure = steady_figure(
        title,
        axis("", tickvals=columns, ticktext=list(stages), side="top", showgrid=False),
        axis(
            "",
            tickvals=np.arange(len(labels)),
            ticktext=[as_plotly(shorten(label, 20)) for label in labels],
            range=[len(labels) - 0.5, -0.5],
            showgrid=False,
        ),
        [cells, _figures_on(cells)],
        marks=f"against {as_plotly(target_name)}: "
        + key_line(*(("■", words, SCALE[at]) for at, words in KEY)),
        height=100 + ROW_HEIGHT * max(len(labels), 4),
    )
    return figure.update_layout(margin={"t": 90, "b": 8})


def _figures_on(cells: dict[str, Any]) -> dict[str, Any]:
    """Return the figures in the cells, each dark or white, as it reads better on its colour."""
    rows, columns = np.indices(cells["z"].shape)
    return {
        "type": "scatter",
        "mode": "text",
        "x": columns.ravel(),
        "y": rows.ravel(),
        "text": cells["text"].ravel(),
        "textfont": {"color": [_ink(z) for z in cells["z"].ravel()]},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _ink(log_ratio: float) -> str:
    """Return the colour of a figure: that of axes where its cell has no colour."""
    if not np.isfinite(log_ratio):
        return TICKS
    place = (log_ratio + MOST) / (2 * MOST) * (len(SCALE) - 1)
    low = min(int(place), len(SCALE) - 2)
    ends = [[int(SCALE[at][start : start + 2], 16) for start in (1, 3, 5)] for at in (low, low + 1)]
    mixed = np.rint(np.array(ends[0]) + (place - low) * (np.array(ends[1]) - ends[0])).astype(int)
    return ink_on("#" + "".join(f"{part:02X}" for part in mixed))


def _log_ratio(shares: NDArray[Any], target: NDArray[Any]) -> NDArray[np.float32]:
    """Base-2 logarithm of share / target, cut at the ends of the scale; NaN where undefined."""
    is_known = (shares >= 0) & (target > 0)
    ratio = np.divide(shares, target, out=np.full(shares.shape, np.nan), where=is_known)
    floored = np.maximum(ratio, 2.0 ** (-2 * MOST))
    return np.clip(np.log2(floored), -MOST, MOST).astype(np.float32)


def _percent(share: float) -> str:
    return number(share, SHARE)


def stage_shares_alt(
    labels: Sequence[str], stages: Sequence[str], shares: NDArray[np.floating], title: str
) -> str:
    """Say the chart in words."""
    rows = [
        f"{label}: " + ", ".join(f"{s} {_percent(v)}" for s, v in zip(stages, row, strict=True))
        for label, row in zip(labels, shares, strict=True)
    ]
    said = largest_change(labels, shares[:, 0], shares[:, -1], SHARE) if len(stages) > 1 else ""
    return read_out(said and f"{said}, from {stages[0]} to {stages[-1]}", title, rows)
