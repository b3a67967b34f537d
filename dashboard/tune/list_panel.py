"""One person's list, before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import cached_people
from dashboard.panels import table
from dashboard.person_picker import chosen_person
from dashboard.tune.list_change import list_change
from dashboard.tune.view import View
from engine.reranking import LedgerEntry

__all__ = ["draw_list", "left_in_words", "person_list_frame"]

ROWS_SHOWN = 10
COLUMNS: tuple[tuple[str, str, int | None, str], ...] = (
    ("place", "#", 26, "Place in the list."),
    ("after", "They get now", 196, "What stands there under your setting."),
    (
        "move",
        "Move and why",
        None,
        "Places up or down from the ranker's order, however far down it was; the main reason.",
    ),
    ("genres", "Genres", None, "Genres of the item."),
    ("year", "Year", 44, "Year of release."),
)
"""Column → heading, pixels (none: as wide as its longest text) and help, in their order.

Genres are whole, so that a cap can be checked by eye; the year comes last, where a narrow window
has to be scrolled.
"""
OUT = "out"
"""Where an item stands now that left the list."""

REASON_WORDS = {"relevance": "score", "hide": "rule", "pin": "pinned"}


def person_list_frame(view: View) -> pd.DataFrame:
    """Return the chosen person's list as a table."""
    row = chosen_person(view.artifacts)
    before, after = view.found.baseline_lists, view.found.lists
    assert before is not None
    assert after is not None
    ledger = cached_people.ledger(row, view.scenario)
    reasons = {entry.item: _reason(entry) for entry in ledger.entries if entry.reason}
    frame = list_change(view.artifacts, row, before, after, reasons)
    is_known = {
        "genres": bool(view.artifacts.genre_names),
        "year": bool(np.isfinite(view.artifacts.released_day).any()),
    }
    return frame.drop(columns=[name for name, is_there in is_known.items() if not is_there])


def _reason(entry: LedgerEntry) -> str:
    """Say the main reason in a word or two; a cap by what it caps."""
    if entry.cap is not None:
        return f"cap: {entry.cap.name}"
    return REASON_WORDS.get(str(entry.reason), str(entry.reason))


def draw_list(frame: pd.DataFrame) -> None:
    """Draw what the person gets now."""
    shown = [name for name, *_ in COLUMNS if name in frame]
    table(
        frame[[*shown, *("before", "now")]],
        key="list",
        rows_shown=min(len(frame), ROWS_SHOWN),
        columns={
            name: st.column_config.Column(label, width=width, help=help_)
            for name, label, width, help_ in COLUMNS
        }
        | dict.fromkeys(("before", "now")),
        alt="The list now, and how each item came there",
    )


def left_in_words(frame: pd.DataFrame) -> str:
    """Say which items of the baseline's list are not in it any more, and why."""
    gone = frame[frame["now"].str.startswith(OUT)]
    if gone.empty:
        return "Nothing left the list."
    names = [
        f"{title} ({reason})" if reason else title
        for title, reason in zip(
            gone["before"], gone["now"].str[len(OUT) :].str.strip(), strict=True
        )
    ]
    return f"Left the list: {', '.join(names)}."
