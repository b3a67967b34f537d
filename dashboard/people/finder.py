"""The row that finds a person: how to look, among whom, one after the other."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import cached_engine, cached_names, cached_people, session
from dashboard.boundary import callback
from dashboard.cached_names import Trait
from dashboard.controls import IN_LINK
from dashboard.glossary_link import with_glossary
from dashboard.named_icons import named_icon
from dashboard.panels import opens
from dashboard.person_picker import chosen_person, person_picker
from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.formats import count, number
from engine.people import FINDERS, Found, Searched, find_people
from engine.people.likings import MEANING

__all__ = ["by_attribute", "finder_row", "found_people", "say_place"]

NEEDS_LISTS = ("most_changed", "worst_served")
"""Ways to look that depend on the setting, and so on everybody's lists."""

COUNTED = ("new_here", "most_active")
"""Ways to look whose value is a count."""

MOST = 1000
"""How many are found at most: more would not be looked through one by one."""

LISTED = 200
"""How many of them the table lists."""

PICKER_WIDTH = 350
"""Pixels of the person's box with the two steps beside it, which stay in one line."""

_TABLE = "_found"


def by_attribute(chosen: Iterable[Trait]) -> dict[str, list[str]]:
    """Gather chosen traits: attribute → groups.

    >>> by_attribute([("gender", "woman"), ("age", "18-24"), ("age", "25-34")])
    {'gender': ['woman'], 'age': ['18-24', '25-34']}
    """
    gathered: dict[str, list[str]] = {}
    for attribute, group in chosen:
        gathered.setdefault(attribute, []).append(group)
    return gathered


def finder_row(artifacts: Artifacts) -> DeltaGenerator:
    """Draw the row; return the place where :func:`say_place` says who was found."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Find",
            list(FINDERS),
            format_func=lambda name: FINDERS[name].label,
            key=session.FINDER,
            **IN_LINK,
            on_change=_first,
            help=with_glossary("\n".join(f"- {f.label}: {f.meaning}" for f in FINDERS.values())),
            width=170,
        )
        st.multiselect(
            "Among",
            list(cached_names.traits()),
            key=session.TRAITS,
            **IN_LINK,
            on_change=_first,
            placeholder="everybody",
            help="What they are and what they like: type to search. Groups of one attribute are "
            f"alternatives; different attributes narrow it down. Likes: {MEANING}.",
            width=260,
        )
        if not session.person() and _is_searching():
            _first()
        with st.container(
            horizontal=True, vertical_alignment="bottom", gap="xsmall", width=PICKER_WIDTH
        ):
            _step("Previous of those found", "left", -1)
            with st.container(width="stretch"):
                person_picker(artifacts)
            _step("Next of those found", "right", 1)
        return st.container(gap=None, width="stretch")


def _is_searching() -> bool:
    state = st.session_state
    return bool(state.get(session.TRAITS)) or state.get(session.FINDER) != next(iter(FINDERS))


def _step(words: str, shape: str, by: int) -> None:
    label = named_icon(shape, words)
    st.button(label, key=f"_step_{by}", help=words, on_click=_go, args=(by,))


def found_people(artifacts: Artifacts) -> Found:
    """Return whom the row finds under the present setting."""
    name = st.session_state.get(session.FINDER) or next(iter(FINDERS))
    known = cached_names.traits()
    chosen = st.session_state.get(session.TRAITS) or ()
    traits = by_attribute(known[label] for label in chosen if label in known)
    key = tuple((attribute, tuple(labels)) for attribute, labels in traits.items())
    if name not in NEEDS_LISTS:
        return cached_people.found_by_history(name, key, MOST)
    measured = cached_engine.evaluation(session.scenario()).evaluation.measured
    among = cached_names.people_among(key)
    searched = Searched(artifacts, among, measured.column("rbo"), measured.column("ndcg"))
    return find_people(searched, name, at_most=MOST)


@callback
def _first() -> None:
    """Go to the first of those found."""
    _choose(cached_engine.artifacts(), 0)


@callback
def _go(by: int) -> None:
    artifacts = cached_engine.artifacts()
    found = found_people(artifacts)
    here = np.flatnonzero(found.user_indices == chosen_person(artifacts))
    place = int(here[0]) + by if len(here) else 0
    _choose(artifacts, place, found)


def _choose(artifacts: Artifacts, place: int, found: Found | None = None) -> None:
    found = found or found_people(artifacts)
    if 0 <= place < len(found.user_indices):
        user = found.user_indices[place]
        session.set_person(str(artifacts.users["user_id"].iloc[user]))
        session.set_item("")  # another person's list, and so another item that moved most


def say_place(place: DeltaGenerator, artifacts: Artifacts, user: int) -> None:
    """Say which of those found is shown and why they stand there; list them all behind a button."""
    found = found_people(artifacts)
    with place:
        st.caption(place_in_words(found, user), width="content")
        if len(found.user_indices):
            opens("See them all", ":material/group:", lambda: _table(artifacts, found))


def place_in_words(found: Found, user: int) -> str:
    among = counted(found.n_among, "person")
    missing = f", {count(found.n_undefined)} without a value" if found.n_undefined else ""
    if not len(found.user_indices):
        return f"Nobody found among {among}{missing}."
    here = np.flatnonzero(found.user_indices == user)
    label = found.finder.label.lower()
    if not len(here):
        first = count(len(found.user_indices))
        return f"Not among the first {first} ({label}) of {among}{missing}."
    if found.finder.name == "anyone":
        return f"Number {here[0] + 1} of {among}"
    own = float(found.values[here[0]])
    written = count(own) if found.finder.name in COUNTED else number(own)
    value = f" · {found.finder.value_label} {written}"
    return f"Number {here[0] + 1} of {among}{missing}{value}"


def _table(artifacts: Artifacts, found: Found) -> None:
    n_listed = min(len(found.user_indices), LISTED)
    st.caption(f"{found.finder.meaning} The first {n_listed}; click one.")
    st.dataframe(
        found_table(artifacts, found),
        key=_TABLE,
        on_select=_pick,
        selection_mode="single-row",
        hide_index=True,
        height=320,
        alt="People found, in order, with the value that put them there",
    )


def found_table(artifacts: Artifacts, found: Found) -> pd.DataFrame:
    """Return the first of those found: id, value, and their groups."""
    listed = found.user_indices[:LISTED]
    codes = artifacts.user_groups[listed]
    table = pd.DataFrame({"person": artifacts.users["user_id"].iloc[listed].to_numpy()})
    if found.finder.name != "anyone":
        table[found.finder.value_label] = found.values[:LISTED]
    for column, (name, labels) in enumerate(artifacts.attributes.items()):
        table[name] = [labels[code] if code >= 0 else "" for code in codes[:, column]]
    return table


@callback
def _pick() -> None:
    rows = st.session_state[_TABLE].selection.rows
    if rows:
        _choose(cached_engine.artifacts(), rows[0])
        st.rerun()  # the person's box stands outside of what a click here draws anew
