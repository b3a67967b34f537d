"""Whether the browser was handed what a run of the whole script drew.

A move of a control drops what the run before it left unsent, and then draws a part of the page
alone: that part was written into places that the browser never had ("Bad delta path"), and the page
was gone. Streamlit has no public word for "sent", so its queue is looked at here and nowhere else.
"""

from __future__ import annotations

import threading
import time

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

__all__ = ["wait_until_sent"]

LONGEST, LOOK_AGAIN = 5.0, 0.002
"""Seconds to wait for a browser that takes nothing, and between two looks."""


def wait_until_sent() -> bool:
    """Wait until all that this run drew is on its way; whether it is (or nobody is to get it).

    Call it at the end of the whole script: a move that comes meanwhile waits until it returns.
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
