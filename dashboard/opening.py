"""What the app opens on: a worked example, so that the first page shows what a setting does.

The bare address of the start page is what somebody types who has not been here: it says nothing
of a setting, and opens :data:`EXAMPLE`; so does the tour's link, ``/?demo=1``. Everything else is a
link, and means what it always meant: an address with any other parameter, or that names a page
(``/people``, and ``/tune``), is neutral in all that it leaves out. So that the setting that changes
nothing can be linked to as well, it is written out as ``start=neutral`` where the address would
else be bare.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import session
from dashboard.links import in_address
from dashboard.presets import PRESETS
from engine.scenario import Scenario

__all__ = ["EXAMPLE", "NEUTRAL_START", "START", "example_in_words", "open_example", "say_neutral"]

EXAMPLE = "Discovery"
"""The preset that is opened on.

Of the presets it is the one that gives much and clearly costs nothing: on MovieLens 100K, against
the ranker's order, diversity rises by 4.9 % and the long tail by .6 points while NDCG does not
clearly change, no group is clearly worse, and 85 % of lists change. The others clearly cost: Fresh
6.0 % of NDCG, and Lift the long tail 12.6 %.
"""

START, NEUTRAL_WORD = "start", "neutral"
NEUTRAL_START = {START: NEUTRAL_WORD}
"""What an address says that asks for the setting that changes nothing."""

_HAS_OPENED, _IS_EXAMPLE, _IS_START = "_has_opened", "_opened_on_example", "_shows_start_page"


def open_example(page: str) -> None:
    """Have the bare address say the example, and be read again; call it before any widget.

    ``page`` is the path of the page shown, which is empty for the start page.
    """
    state = st.session_state
    state[_IS_START] = not page
    if state.get(_HAS_OPENED):
        return
    state[_HAS_OPENED] = True
    if page or {*st.query_params} - {"demo"}:
        return
    state[_IS_EXAMPLE] = True
    st.query_params.update(in_address(PRESETS[EXAMPLE]))
    st.rerun()


def example_in_words(scenario: Scenario) -> str:
    """Say that what is shown is an example, for as long as it stands; empty otherwise."""
    is_still = scenario == replace(PRESETS[EXAMPLE], name=scenario.name)
    if not (st.session_state.get(_IS_EXAMPLE) and is_still):
        return ""
    return (
        f"A worked example: the preset {EXAMPLE} against the ranker's order, to which Reset leads."
    )


def say_neutral() -> None:
    """Write out, at the start page's bare address, that nothing is changed; call it when drawn."""
    is_bare = st.session_state.get(_IS_START) and not st.query_params
    if is_bare and session.scenario() == Scenario():
        session.write_text(START, NEUTRAL_WORD)
