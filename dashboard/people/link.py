"""A link from any page to one person's."""

from __future__ import annotations

import streamlit as st

from dashboard.page_registry import PAGES
from dashboard.plain_text import as_markdown

__all__ = ["person_link"]


def person_link(user_id: str, label: str = "") -> None:
    """Draw a link that opens the People page on a person, under the present setting.

    Parameters
    ----------
    user_id : str
        External id.
    label : str
        What to write; ``Person 312`` by default. Shown as text.
    """
    entry = PAGES["people"]
    st.page_link(
        entry.path,
        label=as_markdown(label or f"Person {user_id}"),
        icon=entry.icon,
        query_params={"person": user_id},
    )
