"""Whether a page was handed to the browser before a part of it is drawn alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.testing.v1 import AppTest

from dashboard import delivery


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch, loop: asyncio.AbstractEventLoop) -> ForwardMsgQueue:
    """A server that holds one browser's queue, with something in it that is to be sent."""
    queue = ForwardMsgQueue()
    queue.enqueue(ForwardMsg())
    client = SimpleNamespace(session=SimpleNamespace(_browser_queue=queue))
    server = SimpleNamespace(
        _session_mgr=SimpleNamespace(get_active_session_info={"me": client}.get),
        _get_async_objs=lambda: SimpleNamespace(eventloop=loop),
    )
    monkeypatch.setattr(delivery.runtime, "exists", lambda: True)
    monkeypatch.setattr(delivery.runtime, "get_instance", lambda: server)
    monkeypatch.setattr(delivery, "get_script_run_ctx", lambda: SimpleNamespace(session_id="me"))
    return queue


def test_what_lies_in_the_queue_is_waited_for(
    queue: ForwardMsgQueue, loop: asyncio.AbstractEventLoop
) -> None:
    loop.call_soon_threadsafe(loop.call_later, 0.2, queue.flush)
    assert delivery.wait_until_sent()
    assert queue.is_empty()


def test_a_browser_that_takes_nothing_is_not_waited_for_without_end(
    queue: ForwardMsgQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "LONGEST", 0.05)
    assert not delivery.wait_until_sent()
    assert not queue.is_empty()


def test_a_browser_that_has_gone_has_nothing(
    queue: ForwardMsgQueue,  # noqa: ARG001 -- a server is there
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivery, "get_script_run_ctx", lambda: SimpleNamespace(session_id="gone"))
    assert not delivery.wait_until_sent()


def test_a_part_is_redrawn_alone_only_once_the_whole_page_was_sent() -> None:
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert [one.value for one in app.text] == ["[]", "['live']"]


def test_nothing_is_redrawn_alone_where_another_page_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A move that ended the opening of another page was answered by the part of the page before."""
    asked_for = iter(["tune", "people"])
    monkeypatch.setattr(delivery, "_page_asked_for", lambda: next(asked_for))
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert [one.value for one in app.text] == ["[]", "[]"]


def _page():
    import streamlit as st

    from dashboard import delivery, session
    from dashboard.live import live

    delivery.begin()
    session.start("people")
    live(lambda: None)
    st.text(str(delivery.live_parts()))
    delivery.hand_over()
    st.text(str(delivery.live_parts()))
