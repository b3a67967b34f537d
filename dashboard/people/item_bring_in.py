"""An item outside the list: what would bring it in, and a button that tries it."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import cached_engine, cached_names, cached_people, session
from dashboard.boundary import callback
from dashboard.people.person_view import PersonView
from dashboard.plain_text import as_markdown, shorten
from engine.people.ways_in import no_way_in_words, ways_in
from engine.scenario import Scenario

__all__ = ["draw_ways_in", "outside", "seek"]

_SOUGHT = "_sought"

OFFERED, TITLE_LENGTH = 4, 30


@callback
def seek(item: int) -> None:
    """Have the ways in searched for this item under the present setting (from a callback).

    The search takes a good part of a second, so it is not repeated at every move of a control.
    """
    st.session_state[_SOUGHT] = (item, session.scenario())


def draw_ways_in(view: PersonView) -> None:
    """Draw what would bring the item in; where it is in the list, which others could be."""
    st.markdown("**What would bring it in**")
    place = view.rank(-1)
    if place is not None:
        _offer(view, place)
        return
    title = as_markdown(view.title)
    if view.rank(1) is None:
        st.caption(f"Nothing that re-ranking can do: {title} is not among their candidates.")
        return
    if st.session_state.get(_SOUGHT) != (view.item, view.scenario):
        st.caption(f"Which single control, moved how far, puts {title} into the list?")
        st.button(
            "Search all settings",
            key="_seek",
            icon=":material/search:",
            on_click=seek,
            args=(view.item,),
            help="The smallest change of each single control that brings the item in.",
        )
        return
    changes = cached_people.ways_in(view.user, view.item, view.scenario)
    found = ways_in(changes, view.scenario)
    if found:
        st.caption(f"The smallest move of one control that puts {title} into the list:")
    for place, way in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.text(way.words, width="stretch")
            st.button("Try it", key=f"_try_{place}", on_click=_try, args=(way.scenario,))
    if not found:
        st.text("No single control brings it in.")
    st.caption(as_markdown(no_way_in_words(changes, view.scenario)))


def outside(view: PersonView) -> NDArray[np.int32]:
    """Return candidates that the list lacks: those that they did like first, then by rank."""
    ranked = view.stages[1].items
    missing = ranked[~np.isin(ranked, view.after)]
    was_liked = np.isin(missing, view.artifacts.holdout.row(view.user))
    return np.concatenate([missing[was_liked], missing[~was_liked]])


def _offer(view: PersonView, place: int) -> None:
    """Offer items that the list lacks; a click asks what would bring one in."""
    st.caption(
        f"{as_markdown(view.title)} is in the list already, at {place}. Ask of one that is not "
        "(★ = held out, so they did like it):"
    )
    labels = cached_names.item_labels()
    held_out = set(view.artifacts.holdout.row(view.user).tolist())
    with st.container(horizontal=True, gap="xsmall"):
        for number, item in enumerate(outside(view)[:OFFERED].tolist()):
            star = "★ " if item in held_out else ""
            st.button(
                as_markdown(f"{star}{shorten(labels[item], TITLE_LENGTH)}"),
                key=f"_bring_{number}",
                on_click=_ask,
                args=(item,),
            )


@callback
def _ask(item: int) -> None:
    session.set_item(str(cached_engine.artifacts().items["item_id"].iloc[item]))
    seek(item)


@callback
def _try(scenario: Scenario) -> None:
    session.set_scenario(scenario)
    st.rerun()  # the sidebar's widgets too
