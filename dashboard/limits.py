"""Caps and rules in the sidebar: what is in force, each with a button that takes it off."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import session
from dashboard.boundary import callback
from dashboard.named_icons import named_icon
from dashboard.presets import cap_in_words, rule_in_words
from engine.artifacts import Artifacts
from engine.scenario import Cap, Rule

__all__ = ["caps_editor", "rules_editor"]

ANY = "any one"
FIELDS = {"genre": "Genre", "provider": "Provider", "year": "Year", "title": "Title"}
ACTIONS = {
    "hide": "Hide: never shown",
    "pin": "Pin: first in the list",
    "boost": "Boost: add to the score",
    "bury": "Bury: take from the score",
}


def caps_editor(artifacts: Artifacts) -> None:
    """Draw the caps in force and a form that adds one."""
    with _heading("Caps", "At most so many of a genre or provider near the top.", "cap"):
        kinds = ["genre", *(["provider"] if artifacts.provider_names else [])]
        names: list[tuple[str, str | None]] = [(kind, None) for kind in kinds]
        names += [("genre", name) for name in artifacts.genre_names]
        names += [("provider", name) for name in artifacts.provider_names[:200]]
        with st.form("new_cap", border=False, clear_on_submit=True):
            st.selectbox("Of", names, format_func=_cap_target, key="_cap_of")
            left, right = st.columns(2)
            left.number_input("At most, items", 0, 50, 2, key="_cap_most")
            right.number_input("In the top, places", 1, 50, 5, key="_cap_top")
            st.form_submit_button("Add", on_click=_add_cap, type="primary")
    in_force = session.caps()
    _list("cap", [cap_in_words(cap) for cap in in_force], _without(in_force, session.set_caps))


def _cap_target(target: tuple[str, str | None]) -> str:
    kind, name = target
    return f"{ANY} {kind}" if name is None else f"{kind}: {name}"


@callback
def _add_cap() -> None:
    state = st.session_state
    kind, name = state["_cap_of"]
    new = Cap(kind, name, state["_cap_most"], state["_cap_top"])
    session.set_caps((*(cap for cap in session.caps() if cap != new), new))


def rules_editor(artifacts: Artifacts) -> None:
    """Draw the rules in force and a form that adds one."""
    with _heading("Rules", "Hide, pin, boost or bury items, whatever the weights.", "rule"):
        fields = [name for name in FIELDS if name != "provider" or artifacts.provider_names]
        field = st.selectbox("Items by", fields, format_func=FIELDS.__getitem__, key="_rule_field")
        with st.form("new_rule", border=False, clear_on_submit=True):
            st.selectbox("What to do", list(ACTIONS), format_func=ACTIONS.__getitem__, key="_rule")
            _rule_values(artifacts, field)
            st.number_input("Strength (boost and bury)", 0.0, 2.0, 0.2, 0.05, key="_rule_amount")
            st.form_submit_button("Add", on_click=_add_rule, type="primary")
    in_force = session.rules()
    _list("rule", [rule_in_words(rule) for rule in in_force], _without(in_force, session.set_rules))


def _rule_values(artifacts: Artifacts, field: str) -> None:
    choices: dict[str, Sequence[str]] = {
        "genre": artifacts.genre_names,
        "provider": artifacts.provider_names[:200],
    }
    if field in choices:
        st.multiselect(FIELDS[field], choices[field], key="_rule_values")
        return
    st.text_input(
        "Exact titles, separated by |" if field == "title" else "Years, separated by |",
        key="_rule_values",
    )


@callback
def _add_rule() -> None:
    state = st.session_state
    given = state["_rule_values"]
    values = given.split("|") if isinstance(given, str) else given
    kept = tuple(value.strip() for value in values if value.strip())
    new = Rule(state["_rule"], state["_rule_field"], kept, state["_rule_amount"])
    session.set_rules((*(rule for rule in session.rules() if rule != new), new))


def _heading(title: str, help_: str, noun: str) -> DeltaGenerator:
    """Draw a line with a title and a button; return what the button opens."""
    line = st.container(horizontal=True, wrap=False, vertical_alignment="center")
    line.markdown(f"**{title}**", help=help_)
    return line.popover(f"Add a {noun}", icon=":material/add:", type="tertiary")


def _without(in_force: tuple, put: Callable[[tuple], None]) -> Callable[[int], None]:
    return callback(lambda place: put((*in_force[:place], *in_force[place + 1 :])))


def _list(noun: str, sentences: Sequence[str], remove: Callable[[int], None]) -> None:
    """One line per limit: its words as text (names come from data) and a button."""
    for place, sentence in enumerate(sentences):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
            st.text(sentence, width="stretch")
            st.button(
                named_icon("cross", f"Take off “{sentence}”"),
                key=f"_drop_{noun}_{place}",
                help=f"Take off this {noun}",
                type="tertiary",
                on_click=remove,
                args=(place,),
            )
