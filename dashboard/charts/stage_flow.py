"""One person's list at every stage, side by side, with a line wherever an item goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from dashboard.charts.canvas import add_trace, axis, canvas
from dashboard.charts.read_out import read_out
from dashboard.palette import BASELINE, GREEN, HIGHLIGHT, SETTING, translucent
from dashboard.plain_text import as_plotly, shorten
from engine.data.wording import counted, verb
from engine.formats import movement

__all__ = ["FlowItem", "FlowStage", "Inks", "flow_alt", "stage_flow"]

CHIP = 0.78
"""Width of an item's chip; the rest of a column is for the lines to the next."""

PADDING = 0.012
"""Between a chip's edge and words beside it."""

ROW_PIXELS = 25
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
    """One column: the stage's name, a word about it, and its items, top first."""

    label: str
    items: tuple[FlowItem, ...]
    note: str = ""


class Inks(NamedTuple):
    """Colour of text, and of the page: a rim around words that lie on a line. None: the theme's."""

    text: str | None = None
    paper: str | None = None


NO_INKS = Inks()
Word = tuple[float, float, str]
"""Where, and what it says."""


def stage_flow(
    title: str,
    stages: Sequence[FlowStage],
    *,
    chosen: int | None = None,
    title_length: int = 26,
    inks: Inks = NO_INKS,
) -> go.Figure:
    """Draw the lists as columns of chips; equal items of neighbouring columns are joined.

    A chip can be clicked: its ``customdata`` is the item's index. A held-out item is green and has
    a star, the chosen item a strong frame; an item that the next stage does not show is pale, and
    one that the stage before did not show says how far it rose.

    Parameters
    ----------
    title : str
    stages : sequence of FlowStage
        In the order of the pipeline.
    chosen : int, optional
        Item to frame.
    title_length : int
        Characters of a title that fit a chip.
    inks : Inks
        Of the text, and of the page behind it.
    """
    n_rows = max((len(stage.items) for stage in stages), default=0)
    figure = canvas(
        title,
        axis("", range=[-0.01, len(stages) - 1 + CHIP + 0.01], visible=False),
        axis("", range=[n_rows - 0.4, -1.3], visible=False),
        height=ROW_PIXELS * (n_rows + 1) + 66,
    )
    _add_lines(figure, stages)
    for place in range(len(stages)):
        _add_chips(figure, place, stages, chosen)
    _add_words(figure, stages, title_length, inks)
    figure.update_layout(bargap=0, barmode="overlay", margin={"l": 0, "r": 0, "t": 52, "b": 4})
    return figure


def _add_lines(figure: go.Figure, stages: Sequence[FlowStage]) -> None:
    paths: dict[str, tuple[list[Any], list[Any]]] = {kind: ([], []) for kind in LINES}
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
        add_trace(
            figure,
            "scatter",
            x=np.array(xs or [None], dtype=float),  # an empty trace would leave the key
            y=np.array(ys or [None], dtype=float),
            mode="lines",
            name=name,
            line={"color": colour, "width": 2.5 if kind != "same" else 1.5},
            hoverinfo="skip",
        )


def _add_chips(
    figure: go.Figure, place: int, stages: Sequence[FlowStage], chosen: int | None
) -> None:
    stage, *rest = stages[place:]
    going_on = {one.item for one in (rest[0] if rest else stage).items}
    fills, edges, widths = [], [], []
    for one in stage.items:
        tint = GREEN if one.is_held_out else BASELINE
        fills.append(translucent(tint, 0.26 if one.item in going_on else 0.05))
        edges.append(SETTING if one.item == chosen else translucent(tint, 0.6))
        widths.append(2.5 if one.item == chosen else 1)
    add_trace(
        figure,
        "bar",
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


def _add_words(
    figure: go.Figure, stages: Sequence[FlowStage], title_length: int, inks: Inks
) -> None:
    """Titles, and moves from below: text of their own, so that they take the theme's colour."""
    titles: list[Word] = []
    moves: list[Word] = []
    for place, stage in enumerate(stages):
        heading = f"<b>{stage.label}</b>{stage.note and f' · {stage.note}'}"
        titles.append((place, -1.0, heading))
        shown_before = {one.item for one in stages[place - 1].items} if place else set()
        for row, one in enumerate(stage.items):
            titles.append((place + PADDING, row, f"{row + 1}  {_words(one, title_length)}"))
            if place and one.item not in shown_before:
                said = "new" if one.rank_before is None else movement(one.rank_before, row + 1)
                moves.append((place - PADDING, row, said))
    _add_text(figure, titles, "middle right", {"color": inks.text})
    halo = inks.paper and ", ".join([f"0 0 3px {inks.paper}"] * 3)
    _add_text(figure, moves, "middle left", {"color": inks.text, "shadow": halo})


def _add_text(figure: go.Figure, words: list[Word], side: str, font: dict[str, Any]) -> None:
    xs, ys, texts = zip(*words, strict=True) if words else ((), (), ())
    add_trace(
        figure,
        "scatter",
        x=np.array(xs, dtype=float),
        y=np.array(ys, dtype=float),
        mode="text",
        text=list(texts),
        textposition=side,
        textfont={"size": 12, **font},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )


def _words(one: FlowItem, title_length: int) -> str:
    marks = " ★" * one.is_held_out + " (seen)" * one.is_seen
    return as_plotly(shorten(one.title, title_length)) + marks


def flow_alt(title: str, stages: Sequence[FlowStage]) -> str:
    """Say the chart in words."""
    parts = []
    for stage in stages:
        named = [
            f"{row + 1} {one.title}{' (held out)' if one.is_held_out else ''}"
            for row, one in enumerate(stage.items)
        ]
        parts.append(f"{stage.label}: {', '.join(named)}")
    return read_out(_finding(stages), title, parts)


def _finding(stages: Sequence[FlowStage]) -> str:
    """Say how many items of the last stage the one before it showed, and how many were liked."""
    if len(stages) < 2:
        return ""
    *_, before, last = stages
    shown = {one.item for one in before.items}
    n_kept = sum(one.item in shown for one in last.items)
    n_liked = sum(one.is_held_out for one in last.items)
    return (
        f"{n_kept} of {counted(len(last.items), 'item')} of {last.label} {verb(n_kept, 'stands')} "
        f"in {before.label} too; {n_liked} {verb(n_liked)} held out, which they did like"
    )
