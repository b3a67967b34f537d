"""The widgets that say how exposure is counted and what to look into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.controls import redraw_live
from dashboard.exposure import keys
from engine.artifacts import Artifacts
from engine.metrics.item_groups import ItemGroups
from engine.metrics.rank_weights import ATTENTION_MODELS
from engine.metrics.settings import Settings

__all__ = ["TARGET_LABELS", "choice_row", "section_choice", "settings"]

BOUND: dict[str, Any] = {"bind": "query-params", "persist_state": "session"}
TARGET_LABELS = {
    "catalogue": "the catalogue",
    "history": "what people chose",
    "merit": "held-out likes",
}
DEFAULTS = Settings()


def choice_row(groupings: Mapping[str, ItemGroups]) -> None:
    """Draw the choices in one row; they land in the session's state and in the link."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        model = st.selectbox(
            "Attention",
            list(ATTENTION_MODELS),
            format_func=lambda name: ATTENTION_MODELS[name].label,
            key=session.ATTENTION,
            width=190,
            help="How much a place of a list is looked at: "
            + "; ".join(f"{m.label}: {m.formula}" for m in ATTENTION_MODELS.values())
            + ".",
            **BOUND,
        )
        _parameters(ATTENTION_MODELS[model].uses)
        st.selectbox(
            "Items by",
            list(groupings),
            format_func=lambda name: groupings[name].label,
            key=keys.GROUPING,
            on_change=redraw_live,
            width=210,
            help="An item of several genres counts in parts to each.",
            **BOUND,
        )
        st.selectbox(
            "Held against",
            list(TARGET_LABELS),
            format_func=TARGET_LABELS.__getitem__,
            key=keys.TARGET,
            on_change=redraw_live,
            width=190,
            help="The share that a group of items is compared with: its share of all items, of all "
            "history, or of the likes held out for the test.",
            **BOUND,
        )


def _parameters(uses: Sequence[str]) -> None:
    if "patience" in uses:
        st.number_input(
            "Patience",
            0.05,
            0.99,
            DEFAULTS.patience,
            0.05,
            key=keys.PATIENCE,
            on_change=redraw_live,
            width=130,
            help="Chance of going on to the next place.",
            **BOUND,
        )
    if "top" in uses:
        st.number_input(
            "Places seen",
            1,
            50,
            DEFAULTS.top,
            1,
            key=keys.TOP,
            on_change=redraw_live,
            width=130,
            help="Places above the fold; those below get no attention.",
            **BOUND,
        )


def settings() -> Settings:
    """Return the attention model chosen; what its widget does not show has its default."""
    state = st.session_state
    return Settings(
        attention=state.get(session.ATTENTION, DEFAULTS.attention),
        patience=float(state.get(keys.PATIENCE, DEFAULTS.patience)),
        top=int(state.get(keys.TOP, DEFAULTS.top)),
    )


def section_choice(sections: Sequence[str], artifacts: Artifacts) -> None:
    """Draw the choice of what to look into, and by whom; only the chosen one is computed."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = st.segmented_control(
            "Look into",
            sections,
            default=sections[0],
            key=keys.SECTION,
            required=True,
            label_visibility="collapsed",
            **BOUND,
        )
        if chosen == sections[-1]:
            st.selectbox(
                "People by",
                list(reversed(artifacts.attributes)),
                key=keys.BY,
                on_change=redraw_live,
                label_visibility="collapsed",
                width=200,
                **BOUND,
            )
