"""Every item of the catalogue: how much exposure it gets against how popular it is.

Up to three thousand items are drawn one by one, with their titles; up to six thousand one by
one by the graphics card; more are counted in cells, with the items that moved most on top. All
three are quick, and the figure says which one it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.canvas import axis, colour_scale, key_line, steady_figure
from dashboard.charts.cloud_layout import LogLane, count_cells
from dashboard.charts.read_out import read_out
from dashboard.palette import BASELINE, HIGHLIGHT, SETTING
from dashboard.plain_text import as_plotly
from engine.data.wording import counted, verb

__all__ = ["ONE_BY_ONE", "TITLED", "ItemCloud", "item_cloud", "item_cloud_alt", "item_cloud_note"]

TITLED = 3_000
ONE_BY_ONE = 6_000
N_MOVERS = 300

KINDS = (
    ("less exposure than before", HIGHLIGHT, "triangle-down", "▼"),
    ("about the same", BASELINE, "circle", "●"),
    ("more exposure than before", SETTING, "triangle-up", "▲"),
)
"""For change -1, 0 and +1: told apart by shape as well."""

OPACITY = {-1: 0.75, 0: 0.4, 1: 0.75}
"""Of a point by its change, also while another one is selected."""

CELL_SCALE = ["#D6DCE4", "#A9B4C2", "#7A8594", "#55606E", "#323B47"]


@dataclass(frozen=True, eq=False)
class ItemCloud:
    """What to draw: arrays of shape (n_items,), and axes that do not depend on the setting.

    Attributes
    ----------
    across : float array
        Popularity or merit of each item, in ``across_title``'s unit; 0 or more.
    exposure, before : float arrays
        Exposure of each item now and before, 0 or more.
    change : int8 array
        -1, 0 or 1: less, about the same, more.
    titles : sequence of str
        As they are in the data.
    x_lane, y_lane : LogLane
    across_title, exposure_title : str
        With units.
    """

    across: NDArray[Any]
    exposure: NDArray[np.floating]
    before: NDArray[np.floating]
    change: NDArray[np.int8]
    titles: Sequence[str]
    x_lane: LogLane
    y_lane: LogLane
    across_title: str
    exposure_title: str

    @property
    def n_items(self) -> int:
        """Number of items."""
        return len(self.across)


def item_cloud(cloud: ItemCloud, *, chosen: int | None = None, height: int = 460) -> go.Figure:
    """Draw the items, the line of exposure in proportion, and a ring around the chosen one.

    ``customdata[0]`` of a point is its item index.
    """
    if cloud.n_items > ONE_BY_ONE:
        moved = np.argsort(-np.abs(cloud.exposure - cloud.before), kind="stable")[:N_MOVERS]
        traces = [_cells(cloud)]
        traces += _points(cloud, np.sort(moved[cloud.change[moved] != 0]), (-1, 1))
    else:
        traces = _points(cloud, np.arange(cloud.n_items), (0, -1, 1))
    traces += _proportion(cloud)
    if chosen is not None:
        traces.append(_ring(cloud, chosen))
    figure = steady_figure(
        f"Exposure of every item against its {cloud.across_title.partition(',')[0]}",
        _lane_axis(cloud.across_title, cloud.x_lane),
        _lane_axis(cloud.exposure_title, cloud.y_lane),
        traces,
        marks=key_line(
            *((sign, name, colour) for name, colour, _, sign in KINDS),
            ("┈", "in proportion", BASELINE),
            ("○", "chosen item", HIGHLIGHT),
        ),
        height=height,
    )
    return figure.update_layout(margin={"r": 70 if cloud.n_items > ONE_BY_ONE else 12, "l": 70})


def _lane_axis(title: str, lane: LogLane) -> dict[str, Any]:
    places, labels = lane.ticks
    return axis(title, range=list(lane.range), tickvals=places, ticktext=labels)


def _cells(cloud: ItemCloud) -> dict[str, Any]:
    cells = count_cells(
        cloud.x_lane.place(cloud.across),
        cloud.y_lane.place(cloud.exposure),
        x_range=cloud.x_lane.range,
        y_range=cloud.y_lane.range,
    )
    return {
        "type": "heatmap",
        "x": cells.x,
        "y": cells.y,
        "z": np.log10(cells.count),
        "customdata": cells.count,
        "hovertemplate": "%{customdata:,} items here<extra></extra>",
        "colorscale": colour_scale(CELL_SCALE),
        "zmin": 0,
        "zmax": float(np.ceil(np.log10(cloud.n_items))),
        "colorbar": {
            "title": {"text": "items", "font": {"size": 11}},
            "tickvals": list(range(7)),
            "ticktext": [f"{10**power:,}" for power in range(7)],
            "thickness": 10,
            "outlinewidth": 0,
        },
    }


def _points(
    cloud: ItemCloud, drawn: NDArray[np.integer], kinds: tuple[int, ...]
) -> list[dict[str, Any]]:
    x, y = cloud.x_lane.place(cloud.across[drawn]), cloud.y_lane.place(cloud.exposure[drawn])
    change = cloud.change[drawn]
    has_titles = len(drawn) <= TITLED
    lead = "%{text}<br>" if has_titles else ""
    traces = []
    for kind in kinds:
        name, colour, symbol, _ = KINDS[kind + 1]
        mine = np.flatnonzero(change == kind)
        items = drawn[mine]
        about = [items, cloud.across[items], cloud.before[items], cloud.exposure[items]]
        traces.append(
            {
                "type": "scatter" if has_titles else "scattergl",
                "x": x[mine],
                "y": y[mine],
                "mode": "markers",
                "name": name,
                "text": [as_plotly(cloud.titles[item]) for item in items] if has_titles else None,
                "customdata": np.column_stack(about).astype(np.float32),
                "marker": {
                    "color": colour,
                    "symbol": symbol,
                    "size": 5 if kind == 0 else 7,
                    "opacity": OPACITY[kind],
                },
                "unselected": {"marker": {"opacity": OPACITY[kind]}},
                "hovertemplate": f"{lead}%{{customdata[1]:,}} people<br>exposure "
                "%{customdata[2]:,.1f} → %{customdata[3]:,.1f}<extra></extra>",
            }
        )
    return traces


def _proportion(cloud: ItemCloud) -> list[dict[str, Any]]:
    """Make the line on which an item's share of exposure is its share of what lies across."""
    total = float(np.sum(cloud.across, dtype=np.float64))
    shown = float(np.sum(cloud.exposure, dtype=np.float64))
    if total <= 0 or shown <= 0:
        return []
    ends = np.array([cloud.x_lane.low - 0.3, cloud.x_lane.high + 0.1])
    line = {
        "type": "scatter",
        "x": ends,
        "y": ends + np.log10(shown / total),
        "mode": "lines",
        "name": "in proportion",
        "line": {"color": BASELINE, "width": 1.5, "dash": "dot"},
        "hoverinfo": "skip",
    }
    return [line]


def _ring(cloud: ItemCloud, chosen: int) -> dict[str, Any]:
    one = np.array([chosen])
    return {
        "type": "scatter",
        "x": cloud.x_lane.place(cloud.across[one]),
        "y": cloud.y_lane.place(cloud.exposure[one]),
        "mode": "markers",
        "name": "chosen item",
        "marker": {
            "symbol": "circle-open",
            "size": 18,
            "color": HIGHLIGHT,
            "line": {"color": HIGHLIGHT, "width": 3},
        },
        "hoverinfo": "skip",
    }


def item_cloud_note(n_items: int) -> str:
    """Say how the items are drawn; empty where each is a point with its title."""
    if n_items > ONE_BY_ONE:
        return (
            f"{counted(n_items, 'item')} are too many to draw one by one: shades count them in "
            f"cells, and the {N_MOVERS} whose exposure changed most are drawn on top."
        )
    if n_items > TITLED:
        return f"{counted(n_items, 'item')}, each a point; click one for its title."
    return ""


def item_cloud_alt(cloud: ItemCloud) -> str:
    """Say the chart in words."""
    n_shown = int((cloud.exposure > 0).sum())
    more, less = int((cloud.change > 0).sum()), int((cloud.change < 0).sum())
    return read_out(
        f"{counted(n_shown, 'item')} {verb(n_shown)} shown at all, of {cloud.n_items:,}; more "
        f"exposure than before: {more:,}; less: {less:,}",
        f"{cloud.exposure_title} against {cloud.across_title}, an item a dot",
        "",
    )
