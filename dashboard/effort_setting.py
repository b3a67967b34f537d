"""Setting a slider by what it may cost instead of by its weight."""

from __future__ import annotations

import streamlit as st

from dashboard import cached_tune, session
from dashboard.boundary import callback
from dashboard.glossary_link import in_glossary
from engine.controls import CONTROLS
from engine.data.wording import counted
from engine.formats import SHARE, number
from engine.reranking import EffortCurve, EffortSetting

__all__ = ["effort_in_words", "effort_setting"]


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
            "effort means the same in every control and method. The weight found is measured, and "
            f"what it costs is said. {in_glossary('Effort')}",
        )
        st.form_submit_button("Set the weight", on_click=_set_weight, args=(control,))


def _key(control: str) -> str:
    return f"_effort_{control}"


@callback
def _set_weight(control: str) -> None:
    """Set the weight that was found, and say what it was measured to cost."""
    effort = st.session_state[_key(control)] / 100
    curve = cached_tune.effort_of(control, session.scenario())
    found = curve.find(effort)
    st.session_state[session.KEYS[control]] = found.weight
    session.notice(effort_in_words(CONTROLS[control].label, curve, found))


def effort_in_words(label: str, curve: EffortCurve, found: EffortSetting) -> str:
    """Say what the weight found costs; where it is not what was asked, why nothing is nearer."""
    error = f" ± {number(1.96 * curve.sampling_error, SHARE)}" if curve.sampling_error else ""
    measured = (
        f"{label} alone costs {number(found.effort, SHARE)}{error} of the ranker's score at "
        f"{found.weight:g}, measured over {counted(curve.n_people, 'person')}"
    )
    if found.is_reached:
        return f"{measured}."
    asked = f"{number(found.asked, SHARE)} was asked for"
    if curve.is_stepped:
        levels = ", ".join(number(level, SHARE) for level in sorted(set(curve.efforts)))
        return f"{measured}: {asked}, but it moves in steps and reaches only {levels}."
    if found.asked > curve.highest:
        return f"{measured}: {asked}, but no weight costs more than that."
    return f"{measured}: {asked}, and no weight comes nearer."
