"""How many threads the pipeline uses, and two ways to spread work over them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import TypeVar

from threadpoolctl import threadpool_limits

__all__ = ["THREADS_SETTING", "over_rows", "side_by_side", "thread_count"]

THREADS_SETTING = "RERANK_STUDIO_THREADS"
"""Environment variable with the number of threads; all cores that this process may use if unset."""

CHUNKS_PER_THREAD = 4
"""More chunks than threads: rows differ in work, and a thread that is done takes the next chunk."""

Result = TypeVar("Result")

_OWN = threading.local()
"""``count``: threads that a piece of work beside others may use; not set elsewhere."""


def thread_count() -> int:
    """Threads to use, at least 1; the setting changes no result, only its time.

    A piece of work that :func:`side_by_side` runs has its share of them.

    Raises
    ------
    ValueError
        If the setting is no whole number of 1 or more.
    """
    share = getattr(_OWN, "count", 0)
    if share:
        return int(share)
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


def side_by_side(
    pieces: Sequence[Callable[[], Result]], most: int | None = None
) -> Generator[Result, None, None]:
    """Run pieces of work, as many at once as there are threads; yield what they give, in order.

    Where a step of a piece can only use one core, another piece has the others; and threads that
    share small work wait for each other most of the time. Each piece has its share of the threads,
    and BLAS one, so that a result depends on no number of cores. The first piece that fails ends
    the rest.

    Parameters
    ----------
    pieces : sequence of callables
        None reads what another writes.
    most : int, optional
        At most so many at once: 1 where they share a library's random numbers, say.
    """
    n_threads = thread_count()
    n_at_once = min(n_threads, len(pieces), most or n_threads)
    is_beside = hasattr(_OWN, "count")
    # also where pieces run in turn: the last bits of a product depend on the number of BLAS threads
    with nullcontext() if is_beside else threadpool_limits(1, "blas"):
        if n_at_once < 2:
            for piece in pieces:
                yield piece()
            return
        pool = ThreadPoolExecutor(n_at_once, initializer=_share, initargs=(n_threads // n_at_once,))
        try:
            yield from pool.map(lambda piece: piece(), pieces)
        finally:
            pool.shutdown(cancel_futures=True)


def _share(count: int) -> None:
    _OWN.count = count
