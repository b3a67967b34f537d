"""Setting a slider by what it may cost instead of by its weight."""

from __future__ import annotations

import streamlit as st

from dashboard import cached_tune, session
from dashboard.boundary import callback
from dashboard.formats import SHARE, number
from engine.controls import CONTROLS

__all__ = ["effort_setting"]


def effort_setting(control: str) -> None:
    """Draw the form: give up this share of the ranker's score for ``control``, a weight."""
    with st.form(f"by_effort_{control}", border=False):
        st.number_input(
            "Set it by effort, % of ranker score",
            0.0,
            100.0,
            2.0,
            0.5,
            format="%.1f",
            key=_key(control),
            help="The share of the ranker's score that this control alone may cost: the same "
            "effort means the same in every control and method.",
        )
        st.form_submit_button("Set the weight", on_click=_set_weight, args=(control,))


def _key(control: str) -> str:
    return f"_effort_{control}"


@callback
def _set_weight(control: str) -> None:
    effort = st.session_state[_key(control)] / 100
    curve = cached_tune.effort_of(control, session.scenario())
    st.session_state[session.KEYS[control]] = round(curve.weight(effort), 3)
    highest = curve.effort(1.0)
    if effort > highest:
        session.notice(
            f"{CONTROLS[control].label} alone costs {number(highest, SHARE)} of the ranker's score "
            f"at its highest weight, less than the {number(effort, SHARE)} asked for."
        )
