"""Links from any page to one person, or to the people of a group."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import cached_names, session
from dashboard.page_registry import PAGES
from dashboard.plain_text import as_markdown
from engine.people import FINDERS

__all__ = ["group_link", "item_link", "person_link"]


def person_link(user_id: str, label: str = "") -> None:
    """Draw a link that opens the People page on a person, under the present setting.

    Parameters
    ----------
    user_id : str
        External id.
    label : str
        What to write; ``Person 312`` by default. Shown as text.
    """
    _link(label or f"Person {user_id}", {"person": user_id})


def item_link(item_id: str, label: str) -> None:
    """Draw a link that opens the People page of the chosen person on an item.

    Parameters
    ----------
    item_id : str
        External id.
    label : str
        What to write. Shown as text.
    """
    _link(label, {"item": item_id})


def group_link(finder: str, traits: Mapping[str, str], user_id: str, label: str) -> None:
    """Draw a link that opens the People page on the people of a group.

    Parameters
    ----------
    finder : str
        Key of :data:`engine.people.FINDERS`: the order to go through them.
    traits : mapping of str to str
        Attribute → group.
    user_id : str
        Whom to show first.
    label : str
        What to write. Shown as text.
    """
    among = [label for label, trait in cached_names.traits().items() if trait in traits.items()]
    order = FINDERS[finder].label
    _link(label, {session.FINDER: order, session.TRAITS: among, "person": user_id})


def _link(label: str, query: Mapping[str, str | list[str]]) -> None:
    """Draw the link with all that the address keeps: put back later, it would be one more Back."""
    entry = PAGES["people"]
    everything = {**session.texts_kept(), **query}
    st.page_link(entry.path, label=as_markdown(label), icon=entry.icon, query_params=everything)
