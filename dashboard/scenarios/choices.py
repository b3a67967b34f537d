"""What is compared, against what, and what must hold."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.controls import MOVES_LIVE
from dashboard.glossary_link import with_glossary
from dashboard.limit_inputs import LIMIT_HELP, NOBODY, LimitKeys, limits_of, percent_input
from dashboard.scenarios import keys
from dashboard.scenarios.candidates import Candidate, first_choice
from engine.artifacts import Artifacts
from engine.decision.comparison import MOST
from engine.decision.settings import DecisionSettings
from engine.scenario import Scenario

__all__ = ["chosen", "chosen_baseline", "settings_of", "what_to_compare"]

LIMITS = LimitKeys(keys.LOSS, keys.EVERY, keys.EVERY_LOSS, keys.TOP_ITEM, keys.MORE)


def what_to_compare(artifacts: Artifacts, known: dict[str, Candidate]) -> None:
    """Draw the choices in one row."""
    labels = {key: one.label for key, one in known.items()}
    _forget_what_is_gone(labels)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.multiselect(
            "Compare",
            list(labels),
            default=first_choice(known),
            format_func=lambda key: labels.get(key, key),
            max_selections=MOST,
            key=keys.COMPARE,
            width="stretch",
            help="Up to four: what the sidebar says now, what is saved, presets.",
            **MOVES_LIVE,
        )
        with st.popover("Guardrails", icon=":material/rule:"):
            _guardrails(artifacts)


def _forget_what_is_gone(labels: dict[str, str]) -> None:
    """Take out of the choice what was deleted meanwhile."""
    value = st.session_state.get(keys.COMPARE)
    if isinstance(value, list) and any(one not in labels for one in value):
        st.session_state[keys.COMPARE] = [one for one in value if one in labels]


def _guardrails(artifacts: Artifacts) -> None:
    st.caption("What a scenario must keep to be shipped, against the baseline; empty = not asked.")
    percent_input(st.container(), "NDCG lost, at most %", keys.LOSS, 1.0, MOVES_LIVE)
    by, most = st.columns([2, 1], gap="small", vertical_alignment="bottom")
    by.selectbox(
        "NDCG lost by no group of",
        [*artifacts.attributes, NOBODY],
        key=keys.EVERY,
        help="Every group of the attribute that is large enough, each with its own test.",
        **MOVES_LIVE,
    )
    percent_input(most, "more than %", keys.EVERY_LOSS, 2.0, MOVES_LIVE)
    percent_input(st.container(), "One item's lists, at most %", keys.TOP_ITEM, 40.0, MOVES_LIVE)
    st.text_input(
        "Others",
        key=keys.MORE,
        placeholder="recall loss <= 3%; aplt >= 2%",
        help=with_glossary(LIMIT_HELP),
        **MOVES_LIVE,
    )
    st.number_input(
        "As good as the baseline: within %",
        0.1,
        50.0,
        1.0,
        0.5,
        format="%.1f",
        key=keys.MARGIN,
        help=with_glossary(
            "A change within this share of the baseline's value is as good as none, where that is "
            "shown."
        ),
        **MOVES_LIVE,
    )


def chosen(known: dict[str, Candidate]) -> list[Candidate]:
    """Return what is compared."""
    return [known[key] for key in st.session_state.get(keys.COMPARE) or [] if key in known]


def chosen_baseline() -> Scenario:
    """Return what it is compared with, as it was saved: what the header of every page says."""
    return session.baseline(as_saved=True)


def settings_of(attribute: str) -> DecisionSettings:
    """Return what decides the verdicts, as the widgets have it.

    Raises
    ------
    ScenarioError
        A guardrail that is none.
    """
    state = st.session_state
    margin = state.get(keys.MARGIN)
    return DecisionSettings(
        guardrails=limits_of(LIMITS),
        margin=(1.0 if margin is None else margin) / 100,
        attribute=attribute,
    )
