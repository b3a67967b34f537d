"""The part of a page that a control redraws by itself, without the rest of the script."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.errors import StreamlitInvalidLayoutContextError

from dashboard import session
from dashboard.arrival import say_late
from dashboard.boundary import boundary
from dashboard.control_notes import fill_notes
from dashboard.delivery import LIVE, announce_live, is_redrawn_alone
from dashboard.first_answer import First, first_answer, measure_everybody
from dashboard.jobs import interactive
from dashboard.opening import say_neutral
from dashboard.tray import tray

__all__ = ["live"]


def live(body: Callable[[], None], first: First | None = None) -> None:
    """Draw ``body`` now, and again whenever a control of the sidebar (or of the page) moves.

    Call it once a page. ``body`` reads the scenario from :mod:`dashboard.session` itself, for a
    redraw does not run the page's script. It may fill containers that the page made before.
    Widgets of the page that only ``body`` depends on take ``on_change=redraw_live``
    (:func:`dashboard.controls.redraw_live`) and stand outside of it, so that they are not sent
    anew at each move. ``first`` is what it says of a move at once, where everybody takes longer.
    """
    announce_live()

    @st.fragment(key=LIVE)
    def part() -> None:
        is_alone = is_redrawn_alone()
        if is_alone and session.has_notices():
            st.rerun()  # said above the page, which this part alone does not draw
        session.mend_address()
        with tray() as corner, boundary(), interactive():
            try:
                if first is not None:
                    if is_alone:
                        first_answer(first)
                    measure_everybody(first, corner)
                body()
                fill_notes()
                say_neutral()
                say_late()
            except StreamlitInvalidLayoutContextError:
                st.rerun()  # a move broke the whole run off before it had made the page's places

    part()
