"""Choosing a person; the choice is shared by all pages."""

from __future__ import annotations

import streamlit as st

from dashboard import cached_engine, cached_names, session
from dashboard.boundary import callback
from dashboard.controls import redraw_live
from engine.artifacts import Artifacts
from engine.errors import DataError
from engine.formats import count
from engine.people import person_row

__all__ = ["chosen_person", "person_picker"]

_WIDGET = "_person"


def person_picker(artifacts: Artifacts, *, is_labelled: bool = True) -> None:
    """Draw the select box; anybody's id can be typed, listed or not.

    Without its label it is lower, and is still read out by name.
    """
    labels = cached_names.people_labels()
    has_more = artifacts.n_users > len(labels)
    row = chosen_person(artifacts)
    st.session_state[_WIDGET] = row if row < len(labels) else _id(artifacts, row)
    st.selectbox(
        "A person",
        range(len(labels)),
        format_func=lambda one: labels[one] if isinstance(one, int) else one,
        key=_WIDGET,
        on_change=_choose,
        accept_new_options=has_more,
        filter_mode="contains",
        label_visibility="visible" if is_labelled else "collapsed",
        help=f"The first {count(len(labels))} are listed; type anybody's id."
        if has_more
        else "Type an id or a trait to search.",
    )


def _id(artifacts: Artifacts, row: int) -> str:
    return str(artifacts.users["user_id"].iloc[row])


@callback
def _choose() -> None:
    chosen = st.session_state[_WIDGET]  # a row, or an id that was typed
    artifacts = cached_engine.artifacts()
    session.set_person(chosen if isinstance(chosen, str) else _id(artifacts, chosen))
    session.set_item("")  # another person's list, and so another item to explain
    redraw_live()


def chosen_person(artifacts: Artifacts) -> int:
    """Return the row of the chosen person; the first where nobody (or nobody known) is chosen."""
    user_id = session.person()
    if not user_id:
        return 0
    try:
        return person_row(artifacts, user_id)
    except DataError as error:
        session.set_person("")
        session.notice(str(error))
        return 0
