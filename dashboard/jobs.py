"""Long work beside the pages: one piece at a time, with progress, time left and a way to stop it.

A job runs in a thread of the server, so every session sees it and a page that was left finds it
again. While a page makes what a control moved, a job waits: sliders stay as quick as without it.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import streamlit as st

from dashboard.boundary import callback
from dashboard.plain_text import as_markdown, as_message
from engine.analysis.trials import CancelledError, Told
from engine.errors import StudioError
from engine.formats import time_left

__all__ = ["DATA_DESK", "PAGES_DESK", "Job", "find", "forget", "hand_out", "has_ended_well"]
__all__ += ["TRAY", "interactive", "is_there", "progress", "start", "tray"]

LOG = logging.getLogger("rerank_studio")

MOST_KEPT = 24
LONGEST_WAIT, PAINTING = 2.0, 0.4
"""Seconds that a job lets pages go first, and that it leaves a browser to paint what they made."""
TRAY, _IN_TRAY = "work_tray", "_in_tray"
_BUSY, _PAINTED, _LOCK = 0, 0.0, threading.Lock()


@dataclass
class Job:
    """One piece of work; ``share`` is done, ``result`` or ``error`` is there at the end.

    Where the work says so, ``partial`` is what can be shown until then and ``step`` what is done.
    """

    name: str
    share: float = 0.0
    begun: float | None = None
    is_done: bool = False
    result: Any = None
    error: str = ""
    partial: Any = None
    step: str = ""
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)

    def cancel(self) -> None:
        """Stop at the next step."""
        self._stop.set()

    @property
    def has_result(self) -> bool:
        """Whether it ended well."""
        return self.is_done and not self.error

    @property
    def was_cancelled(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stop.is_set()

    def tell(self, share: float) -> None:
        """Note progress; give way to pages, and stop where that was asked for."""
        until = time.monotonic() + LONGEST_WAIT
        while (_BUSY or time.monotonic() < _PAINTED) and time.monotonic() < until:
            time.sleep(0.01)
        if self._stop.is_set():
            raise CancelledError("Stopped; nothing was changed.")
        self.share = min(max(share, self.share), 1.0)

    @property
    def in_words(self) -> str:
        """Where it stands: ``42 % · about 3 s left``."""
        if self.begun is None:
            return "waiting for other work to end"
        spent = time.monotonic() - self.begun
        step = f"{self.step} · " if self.step else ""
        if self.share < 0.03:
            return f"{step}beginning"
        left = time_left(spent / self.share - spent)
        return f"{step}{100 * self.share:.0f} % · about {left} left"


PAGES_DESK, DATA_DESK = "pages", "data"
"""Desks, each with one worker and a queue: a fit of many minutes holds up no sweep."""


@contextmanager
def interactive() -> Iterator[None]:
    """Mark that a page is making something that somebody waits for."""
    global _BUSY, _PAINTED
    with _LOCK:
        _BUSY += 1
    try:
        yield
    finally:
        with _LOCK:
            _BUSY -= 1
            _PAINTED = time.monotonic() + PAINTING


def _desk(desk: str = PAGES_DESK) -> tuple[ThreadPoolExecutor, dict[Hashable, Job]]:
    return _opened(desk)


@st.cache_resource(show_spinner=False)
def _opened(desk: str) -> tuple[ThreadPoolExecutor, dict[Hashable, Job]]:
    return ThreadPoolExecutor(1, thread_name_prefix=f"job-{desk}"), {}


def find(key: Hashable, *, desk: str = PAGES_DESK) -> Job | None:
    """Return the job of that key, running or done; ``None`` where there is none."""
    return _desk(desk)[1].get(key)


def forget(key: Hashable, *, desk: str = PAGES_DESK) -> None:
    """Let go of a job that has ended, so that the same can be done again."""
    jobs = _desk(desk)[1]
    with _LOCK:
        if key in jobs and jobs[key].is_done:
            del jobs[key]


def hand_out(key: Hashable, so_far: Any, *, desk: str = PAGES_DESK) -> None:
    """Show what the job of that key has found so far (from the job itself)."""
    if (job := find(key, desk=desk)) is not None:
        job.partial = so_far


def start(key: Hashable, name: str, work: Callable[[Told], Any], *, desk: str = PAGES_DESK) -> Job:
    """Begin work unless the same is running or done already; return its job.

    Parameters
    ----------
    key : hashable
        What the result depends on.
    name : str
        What is being done, for people.
    work : callable
        Takes a function to tell progress to; its return value becomes the job's result.
    desk : str
        Work of one desk is done one piece after another.
    """
    pool, jobs = _desk(desk)
    with _LOCK:
        if (known := jobs.get(key)) is not None and not known.error:
            return known
        job = jobs[key] = Job(name)
        for old in list(jobs)[:-MOST_KEPT]:
            if jobs[old].is_done:
                del jobs[old]
    pool.submit(_run, job, work)
    return job


def _run(job: Job, work: Callable[[Told], Any]) -> None:
    job.begun = time.monotonic()
    try:
        job.tell(0.0)
        job.result = work(job.tell)
        job.share = 1.0
    except StudioError as error:
        job.error = str(error)
    except Exception:
        number = secrets.token_hex(3)
        LOG.exception("error %s in a job", number)
        job.error = (
            f"{job.name} failed by a mistake of ours; the details are in the server's log under "
            f"{number}. Nothing was changed."
        )
    finally:
        job.is_done = True


def has_ended_well(job: Job) -> bool:
    """Whether its result can be drawn; else draw why there is none, or how far it is."""
    if job.error:
        st.warning(as_message(job.error), icon=":material/info:")
    elif not job.is_done:
        progress(job)
    return job.has_result


def is_there(
    job: Job | None, label: str, begin: Callable[..., None], **button: Any
) -> TypeGuard[Job]:
    """Whether work that somebody asks for has ended well; else draw its button, or how far it is.

    Parameters
    ----------
    job : Job or None
        None where nobody asked yet.
    label, **button
        Of :func:`streamlit.button`.
    begin : callable
        What a press of the button does; a failure of it is a notice above the page.
    """
    has_ended = job is not None and has_ended_well(job)
    if job is None or job.error:
        st.button(label, on_click=callback(begin), **button)
    return has_ended


def progress(job: Job) -> None:
    """Say here that a job runs; its bar, with a button that stops it, stands in the tray.

    The page begins anew when the job ends, and when it has more to show.
    """
    shown = st.session_state[_IN_TRAY]
    if not any(one is job for one in shown):
        shown.append(job)
    st.caption(f":material/hourglass_top: {as_markdown(job.name)}: the bar is in the corner below.")


@contextmanager
def tray() -> Iterator[None]:
    """Draw the bars of what :func:`progress` is called with meanwhile, in a corner of the window.

    One part of the page ticks, where nothing that a page draws can move it: among a panel's
    elements it wrote into the place of another once the panel was drawn anew with fewer.
    """
    shown = st.session_state[_IN_TRAY] = []
    place = st.container(key=TRAY)
    yield
    with place:
        if shown:
            _draw_bars([(job, job.partial) for job in shown])


def _draw_bars(shown: list[tuple[Job, Any]]) -> None:
    @st.fragment(run_every=0.5)
    def part() -> None:
        if any(job.is_done or job.partial is not seen for job, seen in shown):
            st.rerun()
        for job, _ in shown:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.progress(job.share, as_markdown(f"{job.name}: {job.in_words}"))
                st.button(
                    "Stop", key=f"_stop_{id(job)}", on_click=callback(job.cancel), type="tertiary"
                )

    part()
