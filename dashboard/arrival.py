"""What a link asked for and did not get is said, once, when somebody arrives by it.

Streamlit applies what an address says of a bound widget, and drops in silence what the widget
cannot take; a number that is not whole it rounds. A link is to be applied exactly or refused aloud.
"""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import session
from dashboard.links import number_from_text
from engine.controls import CONTROLS, Number
from engine.errors import ScenarioError
from engine.scenario_values import brief

__all__ = ["refuse_numbers", "say_what_was_dropped"]

_ARRIVED = "_arrived"
_ASKED = "_asked_for"


def refuse_numbers() -> None:
    """Take numbers that a control cannot take out of the address, before any widget reads them.

    The run begins anew then: Streamlit reads the address once a run.
    """
    if st.session_state.get(_ARRIVED):
        return
    asked = st.session_state.setdefault(_ASKED, {})
    asked.update({name: st.query_params.get_all(name) for name in st.query_params})
    is_refused = False
    for field, key in session.KEYS.items():
        control = CONTROLS.get(field)
        if isinstance(control, Number) and key in st.query_params:
            sentence = _complaint(control, st.query_params.get_all(key))
            if sentence:
                session.notice(f"In the link, `{key}` is left out: {sentence}")
                asked.pop(key)
                del st.query_params[key]
                is_refused = True
    if is_refused:
        st.rerun()


def _complaint(control: Number, texts: list[str]) -> str:
    if len(texts) > 1:
        return f"it is given {len(texts)} times."
    try:
        number_from_text(control, texts[0])
    except ScenarioError as error:
        return str(error)
    return ""


def say_what_was_dropped() -> None:
    """Compare what the link asked for with what the widgets then said; call it after the page.

    Only in the first run of a session: later, an address is what its widgets made it.
    """
    if st.session_state.get(_ARRIVED):
        return
    st.session_state[_ARRIVED] = True
    dropped = False
    for key, texts in st.session_state.pop(_ASKED, {}).items():
        shown = _in_address(key)
        if shown is None or _are_same(texts, shown):
            continue
        session.notice(
            f"In the link, `{key}` is left out: {brief(', '.join(texts))} is no choice here"
            + (f"; in force is {brief(', '.join(shown))}." if shown else ".")
        )
        dropped = True
    if dropped:
        st.rerun()


def _in_address(key: str) -> list[str] | None:
    """Return what an address would say of the widget ``key``; ``None`` where there is none.

    Streamlit keeps that to itself: it takes default values out of the address, so that the
    address alone does not tell a default that was asked for from a value that was refused.
    """
    context = get_script_run_ctx()
    if context is None:
        return None
    with context.session_state.query_params() as params:
        binding = params.get_binding_for_param(key)
    if binding is None:
        return None
    state = context.session_state._state
    metadata = state._new_widget_state.widget_metadata.get(binding.widget_id)
    if metadata is None:
        return None
    said: Any = metadata.serializer(st.session_state[key])
    if said is None:
        return []
    return [str(part) for part in said] if isinstance(said, (list, tuple)) else [str(said)]


def _are_same(asked: list[str], shown: list[str]) -> bool:
    return len(asked) == len(shown) and all(map(_is_same, asked, shown))


def _is_same(asked: str, shown: str) -> bool:
    if asked == shown or asked.lower() == shown.lower() in ("true", "false"):
        return True
    try:
        return float(asked) == float(shown)
    except ValueError:
        return False
