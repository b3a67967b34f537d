"""Where the scenario has been, for the line that a chart draws behind it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

import streamlit as st

from engine.scenario import Scenario

__all__ = ["trail"]

_TRAIL = "_trail"
TRAIL_LENGTH = 12

Note = TypeVar("Note")


def trail(about: Hashable, here: Scenario, note: Note) -> tuple[tuple[Scenario, Note], ...]:
    """Return the last settings with what was noted of each, oldest first, ``here`` last.

    Parameters
    ----------
    about : hashable
        What the notes are comparable within (the fit, the list length): a change starts anew.
    here : Scenario
    note : any
        What to remember of it.
    """
    known = st.session_state.get(_TRAIL)
    if known is None or known[0] != about:
        known = st.session_state[_TRAIL] = (about, [])
    stops: list[tuple[Scenario, Note]] = known[1]
    if not stops or stops[-1][0] != here:
        stops.append((here, note))
        del stops[:-TRAIL_LENGTH]
    return tuple(stops)
