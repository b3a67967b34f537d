"""Jobs: one at a time, found again, stopped when asked, giving way to pages."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard import jobs
from engine.errors import ScenarioError


@pytest.fixture(autouse=True)
def empty_desk():
    jobs._DESKS.clear()


def ended(job):
    deadline = time.monotonic() + 60
    while not job.is_done:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return job


def test_the_same_work_is_done_once_and_found_again():
    runs = []
    first = jobs.start("key", "Working", lambda tell: runs.append(tell(0.5)) or 42)
    assert jobs.start("key", "Working", lambda _: runs.append(1)) is first
    assert ended(first).result == 42
    assert jobs.find("key") is first
    assert len(runs) == 1
    assert first.share == 1.0


def test_what_runs_is_still_found_where_the_servers_caches_are_emptied():
    """Removing a data set empties them, and a fit of another one went on out of sight."""
    gate = threading.Event()
    job = jobs.start("fit", "Fitting", lambda _: gate.wait(30))
    st.cache_resource.clear()
    assert jobs.find("fit") is job
    gate.set()
    assert ended(job).result is True


def test_a_second_job_waits_for_the_first():
    gate = threading.Event()
    one = jobs.start("one", "One", lambda _: gate.wait(30))
    two = jobs.start("two", "Two", lambda _: 2)
    time.sleep(0.05)
    assert not two.is_done
    assert two.in_words == "waiting for other work to end"
    gate.set()
    assert ended(two).result == 2
    assert one.is_done


def test_a_stopped_job_says_so_and_can_be_started_again():
    begun = threading.Event()

    def work(tell):
        begun.set()
        for _ in range(3000):
            tell(0.1)
            time.sleep(0.01)

    job = jobs.start("key", "Working", work)
    assert begun.wait(30)
    job.cancel()
    assert "Stopped" in ended(job).error
    again = jobs.start("key", "Working", lambda _: 7)
    assert again is not job
    assert ended(again).result == 7


def test_what_the_input_caused_is_its_sentence_and_our_mistake_a_number(caplog):
    def refuse(_tell):
        raise ScenarioError("No metric is named 'x'.")

    def fail(_tell):
        raise ZeroDivisionError

    assert ended(jobs.start("a", "A", refuse)).error == "No metric is named 'x'."
    said = ended(jobs.start("b", "B", fail)).error
    assert "server's log" in said
    assert "ZeroDivisionError" not in said
    assert caplog.records


def test_a_job_waits_while_a_page_is_being_made():
    begun, went_on, moments = threading.Event(), threading.Event(), []

    def work(tell):
        moments.append(time.monotonic())
        begun.set()
        tell(0.5)
        went_on.set()

    with jobs.interactive():
        job = jobs.start("key", "Working", work)
        assert not begun.wait(0.2)
        made = time.monotonic()
    ended(job)
    assert went_on.is_set()
    assert moments[0] - made > jobs.PAINTING - 0.05  # a browser of this machine paints first


def test_bars_tick_in_the_tray_alone_and_never_among_what_a_page_draws_anew():
    """A ticking part inside a panel took the page down ("Bad delta path")."""
    folder = Path(jobs.__file__).parent
    ticking = [path.name for path in folder.rglob("*.py") if "run_every" in path.read_text("utf-8")]
    assert ticking == ["tray.py"]
    app = AppTest.from_function(_two_jobs, default_timeout=60).run()
    tray = next(one for one in app.main.children.values() if one.type == "flex_container")
    assert [one.type for one in app.get("progress")] == ["progress", "progress"]
    assert len(tray.get("progress")) == 2
    assert len([one for one in app.caption if "in the corner" in one.value]) == 3


def _two_jobs():
    from dashboard.jobs import Job
    from dashboard.tray import progress, tray

    one, two = Job("One"), Job("Two *is* <b>")
    with tray():
        for job in (one, two, one):
            progress(job)
