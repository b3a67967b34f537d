"""An item outside the list: what would bring it in, and a button that tries it."""

from __future__ import annotations

import streamlit as st

from dashboard import cached_engine, session
from dashboard.boundary import callback
from dashboard.people.person_view import PersonView
from dashboard.people.whole_page import ask_for_whole_page
from dashboard.plain_text import as_markdown
from engine.people.ways_in import no_way_in_words, ways_in
from engine.scenario import Scenario

__all__ = ["draw_ways_in", "seek"]

_SOUGHT = "_sought"


@callback
def seek(item: int) -> None:
    """Have the ways in searched for this item under the present setting (from a callback).

    The search takes a good part of a second, so it is not repeated at every move of a control.
    """
    st.session_state[_SOUGHT] = (item, session.scenario())


def draw_ways_in(view: PersonView) -> None:
    """Draw what would bring the item in; a button where that was not asked for yet."""
    st.markdown("**What would bring it in**")
    if view.rank(1) is None:
        st.caption("Nothing that re-ranking can do: it is not among the candidates.")
        return
    if st.session_state.get(_SOUGHT) != (view.item, view.scenario):
        st.button(
            "Search all settings",
            key="_seek",
            icon=":material/search:",
            on_click=seek,
            args=(view.item,),
            help="The smallest change of each single control that brings the item in.",
        )
        return
    changes = cached_engine.ways_in(view.user, view.item, view.scenario)
    found = ways_in(changes, view.scenario)
    for place, way in enumerate(found):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.text(way.words, width="stretch")
            st.button("Try it", key=f"_try_{place}", on_click=_try, args=(way.scenario,))
    if not found:
        st.text("No single control brings it in.")
    st.caption(as_markdown(no_way_in_words(changes, view.scenario)))


@callback
def _try(scenario: Scenario) -> None:
    session.set_scenario(scenario)
    ask_for_whole_page()
