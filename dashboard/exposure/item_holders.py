"""Whose lists an item is in: those who got it, those who lost it, each a link to their page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import cached_names, session
from dashboard.boundary import callback
from dashboard.charts.item_cloud import TITLED
from dashboard.controls import redraw_live
from dashboard.exposure.frames import holder_frame
from dashboard.exposure.view import ExposureView
from dashboard.people.link import person_link
from engine.data.wording import counted
from engine.formats import count

__all__ = ["item_holders"]

MOST_LINKS = 5
_PICKER = "_holders_of"


def item_holders(view: ExposureView, *, otherwise: int | None = None) -> None:
    """Draw the people of the chosen item (of ``otherwise`` where none is chosen)."""
    item = view.item if view.item is not None else otherwise
    with st.container(border=True, gap="xsmall"):
        _picker(view, item)
        if item is None:
            return
        held = holder_frame(view, item)
        counts = held["fate"].value_counts()
        now, before = view.found.exposure[item], view.found.baseline_exposure[item]
        n_after = int(counts.get("gained", 0) + counts.get("keeps", 0))
        n_before = int(counts.get("lost", 0) + counts.get("keeps", 0))
        st.markdown(
            f"In {counted(n_before, 'list')} before, {count(n_after)} now, of "
            f"{view.found.n_users:,}; exposure {before:,.1f} → {now:,.1f}; in "
            f"{count(view.artifacts.popularity[item])} "
            "people's histories."
        )
        for fate, column, word in (
            ("gained", "rank after", "rank"),
            ("lost", "rank before", "was rank"),
            ("keeps", "rank after", "rank"),
        ):
            _links(held[held["fate"] == fate], fate, column, word)


def _links(held: pd.DataFrame, fate: str, column: str, word: str) -> None:
    """One line of links, those with the item highest first."""
    if held.empty:
        return
    verb = {"gained": "Got it", "lost": "Lost it", "keeps": "Keep it"}[fate]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"**{verb}: {len(held):,}**", width="content")
        for row in held.nsmallest(MOST_LINKS, column, keep="first").to_dict("records"):
            person_link(str(row["user_id"]), f"Person {row['user_id']}, {word} {row[column]}")
        if len(held) > MOST_LINKS:
            st.caption(f"and {len(held) - MOST_LINKS:,} more", width="content")


def _picker(view: ExposureView, item: int | None) -> None:
    """Let an item be chosen by its title; of a large catalogue the most popular ones.

    The item shown is part of the widget's key: see :func:`dashboard.people.panels.item_choice`.
    """
    items = view.artifacts.items
    names = view.items_by_title
    options = list(names)
    if item is not None and item not in names:
        options.insert(0, item)
    key = f"{_PICKER}_{item}"
    st.session_state[key] = item
    lead = f" (of the {TITLED:,} most popular)" if view.artifacts.n_items > TITLED else ""

    @callback
    def pick() -> None:
        chosen = st.session_state[key]
        session.set_item("" if chosen is None else str(items["item_id"].iloc[chosen]))
        redraw_live()

    st.selectbox(
        f"Who is shown{lead}",
        options,
        index=None,
        format_func=cached_names.item_labels().__getitem__,
        key=key,
        on_change=pick,
        placeholder="an item: click one above, or type its title",
        width=420,
    )
