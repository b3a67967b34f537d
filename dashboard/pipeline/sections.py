"""The lower half of the page: one section at a time, and only that one is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.controls import MOVES_LIVE, choose_part
from dashboard.pipeline import keys
from dashboard.pipeline.ceiling_panel import ceiling_section
from dashboard.pipeline.cold_panel import cold_section
from dashboard.pipeline.filter_panel import filter_section
from dashboard.pipeline.fit_panel import fit_section
from dashboard.pipeline.learning_panel import learning_section
from dashboard.pipeline.map_panel import map_section
from dashboard.pipeline.ranker_panel import ranker_section
from dashboard.pipeline.search_panel import search_section
from dashboard.pipeline.source_panel import source_section
from dashboard.pipeline.view import PipelineView
from engine.artifacts import Artifacts

__all__ = ["SECTIONS", "section_choice", "section_drawing"]


CEILING = "Ceiling by group"

SECTIONS: Mapping[str, Callable[[PipelineView], Callable[[], None]]] = {
    CEILING: ceiling_section,
    "Sources": source_section,
    "Filters": filter_section,
    "Index": search_section,
    "Ranker": ranker_section,
    "Learning": learning_section,
    "Cold start": cold_section,
    "Map": map_section,
    "Fit": fit_section,
}
"""What can be looked into, in order: section → what makes it."""


def section_choice(artifacts: Artifacts) -> None:
    """Draw the choice of the section and, for groups, of the attribute."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = choose_part(SECTIONS, keys.SECTION)
        if chosen == CEILING:
            st.caption("Groups by", width="content")
            st.selectbox(
                "Groups by",
                list(artifacts.attributes),
                key=keys.BY,
                label_visibility="collapsed",
                width=190,
                **MOVES_LIVE,
            )


def section_drawing(view: PipelineView) -> Callable[[], None]:
    """Make the chosen section, and return what draws it."""
    return SECTIONS[st.session_state.get(keys.SECTION) or CEILING](view)
