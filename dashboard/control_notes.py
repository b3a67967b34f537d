"""What the engine has to say of each weight that is on, in the sidebar under its slider."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import session
from dashboard.cached_engine import evaluation, fit_key, opened
from dashboard.plain_text import as_markdown
from engine.reranking import ControlNote, control_notes, inert_in_data
from engine.scenario import Scenario

__all__ = ["fill_notes", "note_place", "notes_of", "why_off"]

_PLACES = "_note_places"


def note_place(control: str) -> None:
    """Keep a place under a weight's slider; :func:`fill_notes` writes there."""
    st.session_state.setdefault(_PLACES, {})[control] = st.empty()


def fill_notes() -> None:
    """Write the notes of the current setting, after the charts: they need a few re-rankings."""
    places = st.session_state.get(_PLACES, {})
    notes = notes_of(session.scenario()) if places else {}
    for control, place in places.items():
        note = notes.get(control)
        if note is None or not note.words:
            place.empty()
        elif note.changes and not note.is_past:
            place.caption(as_markdown(note.words))
        else:
            place.caption(f":material/warning: {as_markdown(note.words)}")


def notes_of(scenario: Scenario) -> dict[str, ControlNote]:
    """Return the note of every weight that is on."""
    return _notes(*fit_key(), replace(scenario, name=""))


def why_off() -> dict[str, str]:
    """Return why a weight can do nothing in this data, by its name, whatever else is set."""
    return _why_off(*fit_key())


@st.cache_resource(max_entries=8, show_spinner=False)
def _why_off(name: str, fit: str) -> dict[str, str]:
    return inert_in_data(opened(name, fit))


@st.cache_resource(max_entries=64, show_spinner=False)
def _notes(name: str, fit: str, scenario: Scenario) -> dict[str, ControlNote]:
    return control_notes(opened(name, fit), scenario, evaluation(scenario).evaluation.lists)
