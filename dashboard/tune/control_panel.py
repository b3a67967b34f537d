"""The table of what each control does, beside its raw and its effective weight."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard.panels import table
from engine.analysis.removal import Removal, removal_frame

__all__ = ["draw_controls"]

COLUMNS = {
    "control": st.column_config.TextColumn("Control", width=118),
    "weight": st.column_config.NumberColumn("Weight", format="%.2f", width=50, help="As set."),
    "share": st.column_config.NumberColumn(
        "Of the sum",
        format="%.0f %%",
        width=66,
        help="Effective weight: its share of the sum of weights, the ranker's score counting 1.",
    ),
    "effort": st.column_config.NumberColumn(
        "Effort",
        format="%.1f %%",
        width=50,
        help="Share of the ranker's score that it costs, beside all other controls.",
    ),
    "changed": st.column_config.ProgressColumn(
        "Lists it changes",
        format="%.0f %%",
        min_value=0,
        max_value=100,
        width=98,
        help="Turn it off alone: this share of people would get another list.",
    ),
    "ndcg": st.column_config.TextColumn(
        "NDCG if off",
        width=132,
        help="How NDCG changes if it alone is turned off: the interval behind the verdict, paired "
        "over the same people and corrected for all rows of this table. ▲ better, ▼ worse, ≈ no "
        "clear change, = as before.",
    ),
}


def draw_controls(removals: Sequence[Removal]) -> None:
    """Draw the table; with nothing turned on, say so."""
    if not removals:
        st.info("Nothing is turned on: these are the ranker's own lists.", icon=":material/info:")
        return
    frame = removal_frame(removals)
    table(
        frame,
        key="controls",
        columns=COLUMNS,
        rows_shown=len(frame),
        alt="What each control does",
    )
