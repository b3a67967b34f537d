"""What a link asked for and did not get is said, once, when somebody arrives by it.

Streamlit applies what an address says of a bound widget, and drops in silence what the widget
cannot take; a number that is not whole it rounds. A link is to be applied exactly or refused aloud.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import dashboard
from dashboard import session
from dashboard.links import number_from_text
from engine.controls import CONTROLS, Number
from engine.errors import ScenarioError
from engine.scenario_values import brief

__all__ = ["known_keys", "refuse_numbers", "say_late", "say_what_was_dropped"]

OWN = (
    session.DATA,
    session.ATTRIBUTE,
    session.GROUP_METRIC,
    session.ATTENTION,
    session.TRADE_OFF,
    session.TUNE_VIEW,
    session.FINDER,
    session.TRAITS,
    session.PEOPLE_VIEW,
    session.WITH_SEEN,
)
"""Names of widgets that stand in no page's module ``keys``."""

_ARRIVED = "_arrived"
_ASKED = "_asked_for"
_WAITING = "_asked_of_unopened"


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
                session.notice(f"In the link, “{key}” is left out: {sentence}")
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
    dropped, waiting = False, {}
    for key, texts in st.session_state.pop(_ASKED, {}).items():
        if key in session.TEXTS or key == session.DATA:
            continue
        if _in_address(key) is not None:
            dropped |= _is_refused(key, texts)
        elif key in known_keys():
            waiting[key] = texts
        else:
            _refuse_name(key)
            dropped = True
    st.session_state[_WAITING] = waiting
    if dropped:
        st.rerun()


def say_late() -> None:
    """Say what the link asked of a widget that was not shown at arrival, once it is shown.

    Call it after whatever may show a widget. Another page empties the address of such keys.
    """
    state = st.session_state
    if session.came_from_elsewhere():
        state.pop(_WAITING, None)
    waiting = state.get(_WAITING, {})
    opened = [key for key in waiting if _in_address(key) is not None]
    refused = [key for key in opened if _is_refused(key, waiting.pop(key))]
    if refused:
        st.rerun()


def _is_refused(key: str, texts: list[str]) -> bool:
    """Compare what was asked of a widget with what it says, and have a difference said."""
    shown = _in_address(key) or []
    if _are_same(texts, shown):
        return False
    session.notice(
        f"In the link, “{key}” is left out: {brief(', '.join(texts))} is no choice here"
        + (f"; in force is {brief(', '.join(shown))}." if shown else ".")
    )
    return True


def _refuse_name(key: str) -> None:
    """Take a name that nothing here has out of the address, and say so."""
    del st.query_params[key]
    near = get_close_matches(key, known_keys(), 1)
    meant = f" Was “{near[0]}” meant?" if near else ""
    session.notice(f"In the link, {brief(key)} is left out: nothing here has that name.{meant}")


@cache
def known_keys() -> tuple[str, ...]:
    """Return every name that an address can hold: the scenario's, the session's, each page's.

    A page's own are in the module ``keys`` of its package.
    """
    found = [*session.KEYS.values(), *session.TEXTS, *OWN]
    for package in iter_modules(dashboard.__path__):
        module = f"dashboard.{package.name}.keys"
        if package.ispkg and find_spec(module):
            found += import_module(module).ALL
    return tuple(dict.fromkeys(found))


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
