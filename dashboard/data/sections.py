"""The three parts of the page; only the one that is looked at is drawn."""

from __future__ import annotations

import streamlit as st

from dashboard.data import keys

__all__ = ["CARD", "HERE", "OWN", "SECTIONS", "section_choice"]

CARD, HERE, OWN = "This data", "Choose another", "Bring your own"
SECTIONS = (CARD, HERE, OWN)


def section_choice(*, begins: str = CARD) -> str:
    """Draw the choice of the part, and return it."""
    chosen = st.segmented_control(
        "Part of the page",
        list(SECTIONS),
        default=begins,
        key=keys.SECTION,
        required=True,
        label_visibility="collapsed",
        bind="query-params",
        persist_state="session",
    )
    return chosen or begins
