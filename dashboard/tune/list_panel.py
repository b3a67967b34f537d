"""One person's list, before and after."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from dashboard.panels import table
from dashboard.person_picker import chosen_person
from dashboard.tune.list_change import list_change
from dashboard.tune.view import View

__all__ = ["person_list", "person_list_frame"]

ROWS_SHOWN = 10
COLUMNS = (
    ("place", "#", 32, "Place in the list."),
    ("before", "Before", 140, "What the baseline puts there."),
    ("now", "Now", 40, "Where that item stands now."),
    ("after", "After", 140, "What stands there under your setting."),
    ("move", "Move", 50, "Places up or down from the ranker's order, however far down it was."),
    ("why", "Why", 76, "The main reason for the move."),
    ("year", "Year", 42, "Year of release of the item under After."),
    ("genres", "Genres", 90, "Genres of the item under After."),
)


def person_list_frame(view: View, reasons: Mapping[int, str]) -> pd.DataFrame:
    """Return the chosen person's list as a table."""
    row = chosen_person(view.artifacts)
    before, after = view.found.baseline_lists, view.found.lists
    assert before is not None
    assert after is not None
    return list_change(view.artifacts, row, before, after, reasons)


def person_list(view: View) -> None:
    """Draw the table."""
    frame = person_list_frame(view, {})
    table(
        frame,
        key="list",
        rows_shown=min(len(frame), ROWS_SHOWN),
        columns={
            name: st.column_config.Column(label, width=width, help=help_)
            for name, label, width, help_ in COLUMNS
        },
        alt="The list before and after: " + "; ".join(_sentence(row) for row in _rows(frame)),
    )


def _rows(frame: pd.DataFrame) -> list[dict]:
    return frame.head(ROWS_SHOWN).to_dict("records")


def _sentence(row: dict) -> str:
    return f"{row['place']}: {row['before']}, now {row['after']} {row['move']}"
