"""Setting the diversity slider by what it may cost instead of by its weight."""

from __future__ import annotations

import streamlit as st

from dashboard import cached_tune, session

__all__ = ["effort_setting"]

_EFFORT = "_effort"


def effort_setting() -> None:
    """Draw the form: give up this share of relevance for diversity."""
    with st.form("by_effort", border=False):
        st.number_input(
            "Or set it by effort, % of relevance",
            0.0,
            100.0,
            2.0,
            0.5,
            format="%.1f",
            key=_EFFORT,
            help="The share of the ranker's relevance that diversity alone may cost: the same "
            "effort means the same in every method.",
        )
        st.form_submit_button("Set the weight", on_click=_set_weight)


def _set_weight() -> None:
    effort = st.session_state[_EFFORT] / 100
    weight = cached_tune.weight_for_effort(session.scenario(), effort)
    st.session_state[session.KEYS["diversity"]] = round(weight, 3)
