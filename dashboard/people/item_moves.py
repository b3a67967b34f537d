"""Why items moved: one of them in words and bars, or all of them stacked."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_people
from dashboard.charts.part_bars import parts_alt, signed_bars, signed_bars_alt, stacked_parts
from dashboard.palette import HUES
from dashboard.panels import chart, reading, table
from dashboard.people.effect_table import draw_effects, effect_frame
from dashboard.people.person_view import PersonView
from dashboard.plain_text import as_markdown
from engine.people.moves import PART_LABELS, labels_of, move_in_words, moved, moves_table, parts_of
from engine.reranking.ledger import PARTS, LedgerEntry
from engine.terms import TERMS
from engine.terms.record import Colour

__all__ = ["PART_LOOKS", "draw_every_move", "draw_move", "entry_of", "moves_of"]

COLOURS: Mapping[str, Colour] = {
    "relevance": "grey",
    **{term.part.name: term.part.colour for term in TERMS.values() if term.part},
    "boost": "olive",
    "cap": "violet",
    "pin": "steel",
    "hide": "steel",
}

PART_LOOKS: Mapping[str, tuple[str, str]] = {
    part: (label, HUES[COLOURS[part]]) for part, label in PART_LABELS.items()
}
"""Part → its words and its colour."""


NOTHING_MOVED = (
    "Nothing moved: the list is the ranker's own order. Move a control in the sidebar and the "
    "reasons appear here."
)


def entry_of(view: PersonView) -> LedgerEntry | None:
    """Return the ledger's entry of the item to explain; ``None`` where it never was in a list."""
    entries = cached_people.ledger(view.user, view.scenario).entries
    return next((entry for entry in entries if entry.item == view.item), None)


def draw_move(view: PersonView, entry: LedgerEntry) -> None:
    """Draw one item's move: the sentence, and the parts of the score difference behind it."""
    said = as_markdown(move_in_words(view.artifacts, entry))
    if entry.rival is None:
        also = f" {NOTHING_MOVED}" if view.scenario.is_neutral else ""
        st.caption(f"**Why it did not move.** {said}{also}")
        return
    shown = [part for part in PARTS if entry.parts[part]]
    labels = [PART_LOOKS[part][0] for part in shown]
    values = np.array([entry.parts[part] for part in shown])
    rival = str(view.artifacts.items["title"].iloc[entry.rival])
    total = "= its score less its rival's"
    halves = st.grid(2, min_column_width=400, gap="medium")
    with halves.container():
        chart(
            signed_bars("Why it moved", labels, values, x_title="parts of the score", total=total),
            key="move_parts",
            alt=signed_bars_alt("Why it moved", labels, values, total),
            question="What put it ahead of its rival?",
        )
    with halves.container():
        st.caption(said)
        frame = effect_frame((f"level with {rival}", 0.0), labels, values, "ahead of it by")
        draw_effects(frame, key="move_effects", alt="Each reason for the move and what it adds")


def draw_every_move(view: PersonView) -> None:
    """Draw all moves of the list: parts stacked, and the same as a table."""
    entries = moved(cached_people.ledger(view.user, view.scenario))
    if not entries:
        st.info(NOTHING_MOVED, icon=":material/drag_handle:")
        return
    labels, parts = labels_of(view.artifacts, entries), parts_of(entries)
    names = [PART_LOOKS[part][0] for part in PARTS]
    title = "Every move, split by cause"
    halves = st.grid(2, min_column_width=440, gap="medium")
    left, right = halves.container(), halves.container()
    with left:
        figure = stacked_parts(
            title,
            labels,
            parts,
            names=names,
            colours=[PART_LOOKS[part][1] for part in PARTS],
            x_title="score, its own less its rival's",
            total_name="sum",
        )
        alt = parts_alt(title, labels, parts, names)
        chart(figure, key="moves", alt=alt, question="Which control moved which item?")
    with right:
        reading(
            "An item that rose is held against the best candidate the ranker would have put there; "
            "one that fell or dropped out against the item that was chosen before it."
        )
        table(
            moves_of(view)[["before", "item", "after", "why", "against"]],
            key="moves_table",
            rows_shown=len(moves_of(view)),
            columns={
                "before": st.column_config.NumberColumn("Ranked", width=60),
                "item": st.column_config.TextColumn("Item", width=140),
                "after": st.column_config.NumberColumn("Now", width=50),
                "why": st.column_config.TextColumn("Why", width=140),
                "against": st.column_config.TextColumn("Held against", width=130),
            },
            alt="Every item of the list with its rank before and now and the main reason",
        )


def moves_of(view: PersonView) -> pd.DataFrame:
    """Return the table of all moves, with every part."""
    return moves_table(view.artifacts, cached_people.ledger(view.user, view.scenario))
