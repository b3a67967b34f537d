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
from dashboard.plain_text import as_message
from dashboard.tray import progress
from engine.analysis.trials import CancelledError, Told
from engine.errors import StudioError
from engine.formats import time_left

__all__ = ["DATA_DESK", "PAGES_DESK", "Job", "find", "forget", "hand_out", "has_ended_well"]
__all__ += ["interactive", "is_there", "start"]

LOG = logging.getLogger("rerank_studio")

MOST_KEPT = 24
LONGEST_WAIT, PAINTING = 2.0, 0.4
"""Seconds that a job lets pages go first, and that it leaves a browser to paint what they made."""

_BUSY, _PAINTED = 0, 0.0
_LOCK = threading.Lock()


@dataclass
class Job:
    """One piece of work; ``share`` is done, ``result`` or ``error`` is there at the end.

    ``partial`` is what can be shown until then, where the work hands out something.
    ``step`` is the part that is being done, where the work says so.
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


_DESKS: dict[str, tuple[ThreadPoolExecutor, dict[Hashable, Job]]] = {}
"""The server's own, and no cache: what runs is not lost where caches are emptied."""


def _desk(desk: str = PAGES_DESK) -> tuple[ThreadPoolExecutor, dict[Hashable, Job]]:
    with _LOCK:
        if desk not in _DESKS:
            _DESKS[desk] = ThreadPoolExecutor(1, thread_name_prefix=f"job-{desk}"), {}
        return _DESKS[desk]


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
        known = jobs.get(key)
        if known is not None and not known.error:
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
    label : str
    begin : callable
        What a press of the button does; a failure of it is a notice above the page.
    **button
        Of :func:`streamlit.button`.
    """
    has_ended = job is not None and has_ended_well(job)
    if job is None or job.error:
        st.button(label, on_click=callback(begin), **button)
    return has_ended
