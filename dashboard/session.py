"""Every key of the session's state, its default, and the scenario that they make up.

A widget's key is its name in the address bar too, so keys are short. Widgets write their own keys;
caps and rules (lists, and so no single widget's value) and the person (whose name in a select box
is longer than the id that a link should hold) are kept in the address bar by this module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from dashboard import links
from engine.controls import FIELDS
from engine.errors import ScenarioError
from engine.scenario import NEUTRAL, Cap, Rule, Scenario

__all__ = ["AGAINST", "ATTENTION", "ATTRIBUTE", "DATA", "FINDER", "GROUP_METRIC", "KEYS"]
__all__ += ["PEOPLE_VIEW", "TEXTS", "TRADE_OFF", "TRAITS", "TUNE_VIEW", "WITH_SEEN", "against"]
__all__ += ["baseline", "came_from_elsewhere", "caps", "choice", "forget_notices", "has_notices"]
__all__ += ["item", "mend_address", "name_against", "notice", "notices", "person", "rules"]
__all__ += ["scenario", "set_against", "set_caps", "set_data", "set_item", "set_person"]
__all__ += ["set_rules", "set_scenario", "start", "texts_kept", "write_text"]

KEYS = {name: control.key for name, control in FIELDS.items()}
"""Field of the scenario → key of its widget."""

DATA, AGAINST, ATTRIBUTE = "data", "vs", "by"
GROUP_METRIC, ATTENTION, TRADE_OFF = "metric", "attention", "against"
TUNE_VIEW, FINDER, TRAITS = "view", "find", "among"
PEOPLE_VIEW, WITH_SEEN = "show", "seen"

TEXTS = (DATA, AGAINST, "caps", "rules", "person", "item", "start", "demo")
"""No widget's own: kept in the address here."""
_PAGE, _CAME = "_page", "_came_from_elsewhere"
_NOTICES = "_notices"
_BASELINE = "_baseline"


def start(page: str) -> None:
    """Begin a run of the whole script, before any widget.

    The address bar is the truth about caps, rules and the person: a link, a reload or "back" sets
    them. Only a change of page empties it (Streamlit keeps there what is bound to widgets), and
    then they are put back.
    """
    state = st.session_state
    came_from_elsewhere = state[_CAME] = state.get(_PAGE, page) != page
    state[_PAGE] = page
    for name in TEXTS:
        if came_from_elsewhere and state.get(name):
            st.query_params.setdefault(name, state[name])
        state[name] = st.query_params.get(name, "")


def came_from_elsewhere() -> bool:
    """Whether this run of the whole script was begun by opening another page."""
    return bool(st.session_state.get(_CAME))


def texts_kept() -> dict[str, str]:
    """Return what :func:`start` keeps in the address, but for what is empty."""
    return {name: st.session_state[name] for name in TEXTS if st.session_state.get(name)}


def mend_address() -> None:
    """Write again what the address should say, where the browser had not read it yet.

    What is written replaces the whole address: a slider that moved again before the browser read
    it would be put back there, and the link would open another setting than the one in force.
    """
    for name in TEXTS:
        if st.query_params.get(name, "") != st.session_state.get(name, ""):
            write_text(name, st.session_state.get(name, ""))


def caps() -> tuple[Cap, ...]:
    """Return the caps in force; those that cannot be read are left out, and said."""
    return _limits("caps", links.caps_to_text)


def rules() -> tuple[Rule, ...]:
    """Return the rules in force; those that cannot be read are left out, and said."""
    return _limits("rules", links.rules_to_text)


def _limits(name: str, write: Callable[[Any], str]) -> tuple[Any, ...]:
    parts, sentences = links.read_parts(name, st.session_state.get(name, ""))
    for sentence in sentences:
        notice(f"{sentence} It is left out.")
    if sentences:
        write_text(name, write(parts))
    return parts


def set_caps(given: tuple[Cap, ...]) -> None:
    """Replace the caps (from a callback)."""
    write_text("caps", _for_address("caps", links.caps_to_text(given)))


def set_rules(given: tuple[Rule, ...]) -> None:
    """Replace the rules (from a callback)."""
    write_text("rules", _for_address("rules", links.rules_to_text(given)))


def _for_address(name: str, text: str) -> str:
    if len(text) > links.MAX_LENGTH:
        raise ScenarioError(
            f"The {name} are {len(text):,} letters long as a link, and at most "
            f"{links.MAX_LENGTH:,} can be shown here: give the file to "
            "`python -m engine evaluate --scenario`."
        )
    return text


def write_text(name: str, text: str) -> None:
    """Set one of :data:`TEXTS`, in the address too."""
    st.session_state[name] = text
    if text:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)


def choice(key: str) -> str:
    """Return what is chosen in the page's select box of that key."""
    return st.session_state[key]


def person() -> str:
    """Return the id of the chosen person; empty where nobody was chosen."""
    return st.session_state.get("person", "")


def set_data(name: str) -> None:
    """Choose the data set to show (from a callback); whoever and whatever was chosen is let go."""
    write_text(DATA, name)
    for text in ("person", "item", AGAINST):
        write_text(text, "")


def set_person(user_id: str) -> None:
    """Choose a person (from a callback)."""
    write_text("person", user_id)


def item() -> str:
    """Return the id of the item to explain; empty where none was chosen."""
    return st.session_state.get("item", "")


def set_item(item_id: str) -> None:
    """Choose an item to explain (from a callback)."""
    write_text("item", item_id)


def notice(sentence: str) -> None:
    """Have a sentence shown once, above the page, in the next run that is not cut off."""
    waiting = st.session_state.setdefault(_NOTICES, [])
    if sentence not in waiting:
        waiting.append(sentence)


def has_notices() -> bool:
    """Whether a callback left a sentence that no run has shown yet."""
    return bool(st.session_state.get(_NOTICES))


def notices() -> list[str]:
    """Return sentences to show; a run that ends has :func:`forget_notices` let them go."""
    return list(st.session_state.get(_NOTICES, ()))


def forget_notices(shown: list[str]) -> None:
    """Let sentences go: the run that showed them was not begun anew, which takes them off."""
    waiting = st.session_state.get(_NOTICES, [])
    st.session_state[_NOTICES] = [one for one in waiting if one not in shown]


def scenario() -> Scenario:
    """Return the scenario that the controls are set to."""
    state = st.session_state
    values = tuple((field, state.get(key)) for field, key in KEYS.items())
    return links.scenario_of(values, caps(), rules())


def set_scenario(given: Scenario, *, keep_length: bool = False) -> None:
    """Put every control to what ``given`` says (from a callback)."""
    texts = links.limits_to_text(given)
    for name, text in texts.items():
        _for_address(name, text)  # refused before anything is changed
    for name, text in texts.items():
        write_text(name, text)
    for field, key in KEYS.items():
        if not (keep_length and field == "k"):
            st.session_state[key] = _as_widget(field, getattr(given, field))


def _as_widget(field: str, value: Any) -> Any:
    control = FIELDS[field]
    is_whole = getattr(control, "is_whole", None)
    return value if is_whole is None else int(value) if is_whole else float(value)


def against() -> str:
    """Return what the address names as the baseline; empty for the ranker's order."""
    return st.session_state.get(AGAINST, "")


def name_against(key: str) -> None:
    """Choose a baseline (from a callback); :mod:`dashboard.baseline` reads what it is."""
    write_text(AGAINST, key)


def set_against(key: str, is_now: Scenario) -> None:
    """Keep what the baseline is under its key, for the parts of the page that redraw alone."""
    write_text(AGAINST, key)
    st.session_state[_BASELINE] = is_now


def baseline(*, as_saved: bool = False) -> Scenario:
    """Return what the setting is compared with, under its name.

    Its lists are as long as the setting's, or ``as_saved``.
    """
    chosen = st.session_state.get(_BASELINE, NEUTRAL)
    return chosen if as_saved else replace(chosen, k=scenario().k)
