"""One person's list at every stage, side by side, with a line wherever an item goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.canvas import axis, canvas
from dashboard.formats import movement
from dashboard.palette import BASELINE, GREEN, HIGHLIGHT, SETTING, translucent
from dashboard.plain_text import as_plotly, shorten

__all__ = ["FlowItem", "FlowStage", "flow_alt", "stage_flow"]

CHIP = 0.78
"""Width of an item's chip; the rest of a column is for the lines to the next."""

ROW_PIXELS = 27
CURVE = np.linspace(0.0, 1.0, 13)
EASED = CURVE * CURVE * (3 - 2 * CURVE)
LINES = {"up": (SETTING, "rises"), "down": (HIGHLIGHT, "falls"), "same": (BASELINE, "stays")}


@dataclass(frozen=True)
class FlowItem:
    """One chip.

    ``rank_before`` is the item's rank (1 = top) at the stage before, which may lie far below the
    part that is shown; ``None`` where it was not there or there is no stage before.
    """

    item: int
    title: str
    rank_before: int | None = None
    is_held_out: bool = False
    is_seen: bool = False


@dataclass(frozen=True)
class FlowStage:
    """One column: the stage's name and its items, top first."""

    label: str
    items: tuple[FlowItem, ...]


def stage_flow(
    title: str,
    stages: Sequence[FlowStage],
    *,
    chosen: int | None = None,
    title_length: int = 30,
) -> go.Figure:
    """Draw the lists as columns of chips; equal items of neighbouring columns are joined.

    A chip can be clicked: its ``customdata`` is the item's index. A held-out item has a green
    chip and a star, an item already seen a hollow one, the chosen item a strong frame.

    Parameters
    ----------
    title : str
    stages : sequence of FlowStage
        In the order of the pipeline.
    chosen : int, optional
        Item to frame.
    title_length : int
        Characters of a title that fit a chip.
    """
    n_rows = max((len(stage.items) for stage in stages), default=0)
    figure = canvas(
        title,
        axis("", range=[-0.06, len(stages) - 1 + CHIP + 0.06], visible=False),
        axis("", range=[n_rows - 0.4, -1.3], visible=False),
        height=ROW_PIXELS * (n_rows + 1) + 66,
    )
    _add_lines(figure, stages)
    for place, stage in enumerate(stages):
        _add_chips(figure, place, stage, chosen)
    _add_words(figure, stages, title_length)
    figure.update_layout(bargap=0, barmode="overlay", margin={"l": 0, "r": 0, "t": 52, "b": 4})
    return figure


def _add_lines(figure: go.Figure, stages: Sequence[FlowStage]) -> None:
    paths: dict[str, tuple[list, list]] = {kind: ([], []) for kind in LINES}
    for place, (left, right) in enumerate(pairwise(stages)):
        row_of = {one.item: row for row, one in enumerate(left.items)}
        for row, one in enumerate(right.items):
            start = row_of.get(one.item)
            if start is None:
                continue
            kind = "same" if start == row else "up" if row < start else "down"
            xs, ys = paths[kind]
            xs.extend([*(place + CHIP + CURVE * (1 - CHIP)), None])
            ys.extend([*(start + EASED * (row - start)), None])
    for kind, (xs, ys) in paths.items():
        colour, name = LINES[kind]
        figure.add_scatter(
            x=np.array(xs, dtype=float),
            y=np.array(ys, dtype=float),
            mode="lines",
            name=name,
            line={"color": colour, "width": 2.5 if kind != "same" else 1.5},
            hoverinfo="skip",
        )


def _add_chips(figure: go.Figure, place: int, stage: FlowStage, chosen: int | None) -> None:
    fills, edges, widths = [], [], []
    for one in stage.items:
        tint = GREEN if one.is_held_out else BASELINE
        fills.append("rgba(0,0,0,0)" if one.is_seen else translucent(tint, 0.22))
        is_chosen = one.item == chosen
        edges.append(SETTING if is_chosen else translucent(tint, 0.55))
        widths.append(2.5 if is_chosen else 1)
    figure.add_bar(
        x=np.full(len(stage.items), CHIP),
        base=np.full(len(stage.items), float(place)),
        y=np.arange(len(stage.items)),
        width=0.84,
        orientation="h",
        marker={"color": fills, "line": {"color": edges, "width": widths}},
        customdata=[[one.item, *_hover(one, row)] for row, one in enumerate(stage.items)],
        hovertemplate="%{customdata[1]}<br>%{customdata[2]}<extra>" + stage.label + "</extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        showlegend=False,
        name=stage.label,
    )


def _hover(one: FlowItem, row: int) -> tuple[str, str]:
    facts = [f"rank {row + 1}"]
    if one.rank_before is not None:
        facts.append(f"rank {one.rank_before} at the stage before")
    if one.is_held_out:
        facts.append("held out: they did like it")
    if one.is_seen:
        facts.append("already seen")
    return as_plotly(one.title), ", ".join(facts)


def _add_words(figure: go.Figure, stages: Sequence[FlowStage], title_length: int) -> None:
    """Titles and movements: text of their own, so that they take the theme's colour."""
    xs, ys, words, moves = [], [], [], []
    for place, stage in enumerate(stages):
        xs.append(place)
        ys.append(-0.9)
        words.append(f"<b>{stage.label}</b>")
        moves.append("")
        for row, one in enumerate(stage.items):
            xs.append(place + 0.008)
            ys.append(row)
            star = " ★" if one.is_held_out else ""
            words.append(f"{row + 1}  {as_plotly(shorten(one.title, title_length))}{star}")
            moves.append(_move(one, row) if place else "")
    for offset, text, side in ((0.0, words, "middle right"), (CHIP - 0.016, moves, "middle left")):
        figure.add_scatter(
            x=np.array(xs) + offset,
            y=np.array(ys),
            mode="text",
            text=text,
            textposition=side,
            textfont={"size": 12},
            cliponaxis=False,
            hoverinfo="skip",
            showlegend=False,
        )


def _move(one: FlowItem, row: int) -> str:
    if one.rank_before is None:
        return "new"
    said = movement(one.rank_before, row + 1)
    return "" if said == "=" else said


def flow_alt(title: str, stages: Sequence[FlowStage]) -> str:
    """Say the chart in words."""
    parts = []
    for stage in stages:
        named = [
            f"{row + 1} {one.title}{' (held out)' if one.is_held_out else ''}"
            for row, one in enumerate(stage.items)
        ]
        parts.append(f"{stage.label}: {', '.join(named)}")
    return f"{title}. " + ". ".join(parts) + "."
