"""The part of the mapping about events: how strong each is, and what of them was shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import streamlit as st

from engine.importing.event_words import strength_of
from engine.importing.mapping import ShownMap

__all__ = ["draw_events", "draw_shown"]

SHOWN = {
    "position": "Place in the list",
    "propensity": "Chance that it was shown there",
    "slate": "List (slate, request)",
    "policy": "Policy",
    "seconds": "Seconds looked at",
    "context": "Context",
}
"""Column of the data contract → what it is, in words."""


def draw_events(
    words: Sequence[str], known: Mapping[str, float | None], key: str
) -> dict[str, float | None]:
    """Draw a table of events and return the strength of each; None leaves its rows out.

    Parameters
    ----------
    words : sequence of str
        Of the column of events.
    known : mapping
        What the mapping begins with; a word that is not there has its usual strength.
    key : str
        Of the widget.
    """
    frame = pd.DataFrame(
        {
            "event": list(words),
            "strength": [known.get(word, strength_of(word)) for word in words],
        }
    )
    st.markdown("How strong each event is (below 0 takes back, empty leaves its rows out)")
    edited = st.data_editor(
        frame,
        key=key,
        hide_index=True,
        disabled=["event"],
        width=420,
        alt="Events and their strengths",
    )
    strengths = zip(edited["event"], edited["strength"], strict=True)
    return {str(word): None if pd.isna(one) else float(one) for word, one in strengths}


def draw_shown(begins: ShownMap, column: Callable[[str, str, str | None], str | None]) -> ShownMap:
    """Draw the columns that say what was shown, and return those that are chosen.

    Parameters
    ----------
    begins : ShownMap
    column : callable
        Draws one choice, of a label, a name and the column that it begins with.
    """
    with st.expander("What was shown: place and chance", expanded=begins != ShownMap()):
        st.caption(
            "With a place or a chance, and an event such as `impression`, all rows are kept as a "
            "log: the Feedback loop asks it what a setting would have earned."
        )
        with st.container(horizontal=True):
            chosen = {
                name: column(label, name, getattr(begins, name)) for name, label in SHOWN.items()
            }
    return ShownMap(**chosen)
