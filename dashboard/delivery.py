"""What of a page may be redrawn alone: nothing before the browser was handed the whole of it.

A move of a control drops what the run before it left unsent, and then draws a part of the page
alone: that part was written into places that the browser never had ("Bad delta path"), and the page
was gone. Streamlit has no public word for "sent", so its queue is looked at here and nowhere else.
"""

from __future__ import annotations

import threading
import time

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

__all__ = ["CAPS_REACH", "LIVE", "RULES_REACH", "announce_live", "begin", "hand_over"]
__all__ += ["is_redrawn_alone", "live_parts", "wait_until_sent"]

LIVE, CAPS_REACH, RULES_REACH = "live", "caps_reach", "rules_reach"
"""Keys of the fragments that a control redraws: one a page, and what limits reach."""

LONGEST, LOOK_AGAIN = 5.0, 0.002
"""Seconds to wait for a browser that takes nothing, and between two looks."""

_LIVE_ON, _IS_WHOLE, _IS_DRAWN = "_live_on", "_is_whole", "_live_is_drawn"


def begin() -> None:
    """Begin to draw the whole page, before anything of it is: a move may end the run there."""
    st.session_state[_LIVE_ON] = None
    st.session_state[_IS_DRAWN] = False


def announce_live() -> None:
    """Note that the page being drawn has a part that controls redraw by themselves."""
    st.session_state[_IS_DRAWN] = st.session_state[_IS_WHOLE] = True


def is_redrawn_alone() -> bool:
    """Whether that part is drawn without the page around it (asked once, as it begins)."""
    return not st.session_state.pop(_IS_WHOLE, False)


def hand_over() -> None:
    """End a run of the whole script: once all is sent, a control may redraw its part alone."""
    if st.session_state.get(_IS_DRAWN) and wait_until_sent():
        st.session_state[_LIVE_ON] = _page_asked_for()


def live_parts() -> list[str]:
    """Return the keys of what a control redraws; none where the whole page is to be drawn.

    That is where it has no such part, until the browser has what the last whole run drew, and where
    another page was asked for of which nothing was drawn yet.
    """
    state = st.session_state
    if state.get(_LIVE_ON) is None or state[_LIVE_ON] != _page_asked_for():
        return []
    reach = {CAPS_REACH: state.get("caps"), RULES_REACH: state.get("rules")}
    return [LIVE, *(key for key, text in reach.items() if text)]


def _page_asked_for() -> str:
    """Return the mark of the page that this run is to draw; empty without a browser."""
    context = get_script_run_ctx()
    return "" if context is None else context.page_script_hash


def wait_until_sent() -> bool:
    """Wait until all that this run drew is on its way; whether it is (or nobody is to get it).

    A move that comes meanwhile waits until it returns.
    """
    context = get_script_run_ctx()
    if context is None or not runtime.exists():
        return True
    server = runtime.get_instance()
    sessions = getattr(server, "_session_mgr", None)
    if sessions is None:  # a test's page without a server
        return True
    client = sessions.get_active_session_info(context.session_id)
    if client is None:
        return False
    until = time.monotonic() + LONGEST
    is_queued = threading.Event()  # what was drawn goes to the queue by way of the server's loop
    server._get_async_objs().eventloop.call_soon_threadsafe(is_queued.set)
    is_queued.wait(LONGEST)
    while not client.session._browser_queue.is_empty():
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_AGAIN)
    return is_queued.is_set()
