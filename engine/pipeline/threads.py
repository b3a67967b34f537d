"""How many threads the pipeline uses, and one way to spread rows over them."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

__all__ = ["THREADS_SETTING", "over_rows", "thread_count"]

THREADS_SETTING = "RERANK_STUDIO_THREADS"
"""Environment variable with the number of threads; all cores that this process may use if unset."""

CHUNKS_PER_THREAD = 4
"""More chunks than threads: rows differ in work, and a thread that is done takes the next chunk."""


def thread_count() -> int:
    """Threads to use, at least 1; the setting changes no result, only its time.

    Raises
    ------
    ValueError
        If the setting is no whole number of 1 or more.
    """
    text = os.environ.get(THREADS_SETTING, "")
    if not text:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if not text.isdigit() or int(text) < 1:
        raise ValueError(f"{THREADS_SETTING} must be a whole number from 1 on; got {text!r}.")
    return int(text)


def over_rows(work: Callable[[int, int], None], n_rows: int) -> None:
    """Call ``work(start, stop)`` for ranges that cover ``n_rows`` rows, several at once.

    Parameters
    ----------
    work : callable
        Writes the results of its rows alone, and must not hold the interpreter's lock.
    n_rows : int
    """
    n_threads = thread_count()
    n_chunks = min(n_rows, n_threads * CHUNKS_PER_THREAD)
    if n_threads == 1 or n_chunks < 2:
        work(0, n_rows)
        return
    cuts = [n_rows * chunk // n_chunks for chunk in range(n_chunks + 1)]
    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(work, cuts[:-1], cuts[1:]))
