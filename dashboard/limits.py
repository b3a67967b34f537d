"""Caps and rules in the sidebar: looked at before they are added, each with what it reaches.

Two fragments: the forms, which a choice in them redraws, and the limits in force, whose reach
depends on the other controls and is redrawn with the live part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

import streamlit as st
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from dashboard import cached_limits, cached_names, session
from dashboard.boundary import boundary, callback
from dashboard.cached_limits import Reach
from dashboard.delivery import CAPS_REACH, RULES_REACH
from dashboard.named_icons import named_icon
from dashboard.plain_text import as_markdown
from engine.artifacts import Artifacts
from engine.reranking.candidate_pool import pool_of
from engine.scenario import Cap, Rule
from engine.scenario_words import cap_in_words, rule_in_words

__all__ = ["caps_editor", "rules_editor"]

ANY = "any one"
FIELDS = {"genre": "Genre", "provider": "Provider", "year": "Year", "item": "Title"}
ACTIONS = {
    "hide": "Hide: never shown",
    "pin": "Pin: first in the list",
    "boost": "Boost: add to the score",
    "bury": "Bury: take from the score",
}
LISTED = 2000
"""Names that a select box holds; of more, those that hold what is typed."""

FOUND = 50
"""Names found that are offered."""


def caps_editor(artifacts: Artifacts) -> None:
    """Draw the caps in force, and what adds one."""
    _new_cap(artifacts)
    _caps_in_force()


def rules_editor(artifacts: Artifacts) -> None:
    """Draw the rules in force, and what adds one."""
    _new_rule(artifacts)
    _rules_in_force()


@st.fragment
def _new_cap(artifacts: Artifacts) -> None:
    there = {"genre": artifacts.genre_names, "provider": artifacts.provider_names}
    kinds = [kind for kind, names in there.items() if names]
    named = " or ".join(kinds) or "kind"
    form = _heading("Caps", f"At most so many of a {named} near the top.", "cap")
    with form, boundary():
        if not kinds:
            st.caption("These data have neither genres nor providers: there is nothing to cap by.")
            return
        names: list[tuple[str, str | None]] = [(kind, None) for kind in kinds]
        names += [("genre", name) for name in artifacts.genre_names]
        names += [("provider", name) for name in artifacts.provider_names[:LISTED]]
        kind, name = st.selectbox("Of", names, format_func=_cap_target, key="_cap_of")
        left, right = st.columns(2)
        most = left.number_input("At most, items", 0, 50, 2, key="_cap_most")
        top = right.number_input("In the top, places", 1, 50, 5, key="_cap_top")
        new = Cap(kind, name, int(most), int(top))
        if form.open:  # everyone is re-ranked for it: never before somebody looks
            _say(cached_limits.of_new_cap(new, session.scenario()))
        if st.button("Add", key="_add_cap", type="primary"):
            session.set_caps((*(cap for cap in session.caps() if cap != new), new))
            st.rerun()


def _cap_target(target: tuple[str, str | None]) -> str:
    kind, name = target
    return f"{ANY} {kind}" if name is None else f"{kind}: {name}"


@st.fragment
def _new_rule(artifacts: Artifacts) -> None:
    form = _heading("Rules", "Hide, pin, boost or bury items, whatever the weights.", "rule")
    with form, boundary():
        action = st.selectbox(
            "What to do", list(ACTIONS), format_func=ACTIONS.__getitem__, key="_rule"
        )
        there = {"genre": artifacts.genre_names, "provider": artifacts.provider_names}
        fields = [name for name in FIELDS if there.get(name, True)]
        field = st.selectbox("Items by", fields, format_func=FIELDS.__getitem__, key="_rule_field")
        values = _values(artifacts, field)
        amount = 0.2
        if action in ("boost", "bury"):
            amount = st.number_input("Strength", 0.0, 2.0, 0.2, 0.05, key="_rule_amount")
        new = Rule(action, field, tuple(values), float(amount)) if values else None
        if new is not None and form.open:
            _say(cached_limits.of_new_rule(new, session.scenario()))
        if st.button("Add", key="_add_rule", type="primary", disabled=new is None) and new:
            session.set_rules((*(rule for rule in session.rules() if rule != new), new))
            st.rerun()


def _values(artifacts: Artifacts, field: str) -> list[str]:
    """Let values of a field be chosen, never typed: what is chosen exists."""
    names = _names(artifacts, field)
    key = f"_rule_values_{field}"
    offered = list(names)
    if len(names) > LISTED:
        typed = st.text_input(f"{FIELDS[field]} holds", key=f"{key}_typed").casefold()
        found = (one for one, label in names.items() if typed and typed in label.casefold())
        chosen = [one for one in st.session_state.get(key, ()) if one in names]
        offered = list(dict.fromkeys([*chosen, *islice(found, FOUND)]))
    return st.multiselect(
        FIELDS[field], offered, format_func=lambda one: names.get(one, one), key=key
    )


def _names(artifacts: Artifacts, field: str) -> dict[str, str]:
    """Value of a rule → what it is called; no two are called alike."""
    if field == "item":
        ids = artifacts.items["item_id"].astype(str)
        return dict(zip(ids, cached_names.item_labels(), strict=True))
    values = {
        "genre": artifacts.genre_names,
        "provider": artifacts.provider_names,
        "year": pool_of(artifacts).release_years,
    }[field]
    return {value: value for value in values}


@st.fragment(key=CAPS_REACH)
def _caps_in_force() -> None:
    with boundary():
        caps = session.caps()
        said = cached_limits.of_caps(session.scenario())
        words = [cap_in_words(cap) for cap in caps]
        _list("cap", words, said, lambda at: session.set_caps((*caps[:at], *caps[at + 1 :])))


@st.fragment(key=RULES_REACH)
def _rules_in_force() -> None:
    with boundary():
        rules = session.rules()
        said = cached_limits.of_rules(session.scenario())
        words = [rule_in_words(rule, cached_names.titled(rule)) for rule in rules]
        _list("rule", words, said, lambda at: session.set_rules((*rules[:at], *rules[at + 1 :])))


def _say(reach: Reach) -> None:
    """Say what a limit reaches, in red where it cannot hold; names in it come from data."""
    if not reach.words:
        return
    words = as_markdown(reach.words)
    st.markdown(f":red[:small[:material/error: {words}]]") if reach.is_broken else st.caption(words)


def _heading(title: str, help_: str, noun: str) -> PopoverContainer:
    """Draw a line with a title and a button; return what the button opens."""
    line = st.container(horizontal=True, wrap=False, vertical_alignment="center")
    line.markdown(f"**{title}**", help=help_)
    return line.popover(
        f"Add a {noun}",
        icon=":material/add:",
        type="tertiary",
        key=f"_new_{noun}",
        on_change="rerun",
    )


def _list(
    noun: str,
    words: Sequence[str],
    said: Sequence[Reach],
    remove: Callable[[int], None],
) -> None:
    """One line per limit: its words as text (names come from data), a button, its reach."""
    for place, (sentence, reach) in enumerate(zip(words, said, strict=True)):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall"):
            st.text(sentence, width="stretch")
            st.button(
                named_icon("cross", f"Take off “{sentence}”"),
                key=f"_drop_{noun}_{place}",
                help=f"Take off this {noun}",
                type="tertiary",
                on_click=_take_off,
                args=(remove, place),
            )
        _say(reach)


@callback
def _take_off(remove: Callable[[int], None], place: int) -> None:
    remove(place)
    st.rerun()
