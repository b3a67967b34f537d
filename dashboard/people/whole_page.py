"""For a callback inside the live part that changes a widget outside of it."""

from __future__ import annotations

import streamlit as st

__all__ = ["ask_for_whole_page", "redraw_whole_page_if_asked"]

_ASKED = "_whole_page"


def ask_for_whole_page() -> None:
    """Have the whole page drawn, not its live part alone (from a callback)."""
    st.session_state[_ASKED] = True


def redraw_whole_page_if_asked() -> None:
    """Start over with the whole page where that was asked for; call it first in the live part."""
    if st.session_state.pop(_ASKED, False):
        st.rerun()
