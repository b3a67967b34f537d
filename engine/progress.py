"""How far a long step is, said to whoever listens: nothing is passed through what lies between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["in_blocks", "listening", "part", "told"]

Tell = Callable[[float], None]

AT_ONCE = 100_000
"""Rows between two words to a listener, where one is a person: a few tenths of a second."""

_LISTENER: ContextVar[Tell | None] = ContextVar("listener", default=None)


@contextmanager
def listening(tell: Tell, *, begins: float = 0.0, ends: float = 1.0) -> Iterator[None]:
    """Hear what :func:`told` says within, as a share between ``begins`` and ``ends``.

    Parameters
    ----------
    tell : callable
        Takes a share in [0, 1]; what it raises stops the work.
    begins, ends : float
        Which part of the listener's own work this is.
    """
    token = _LISTENER.set(lambda share: tell(begins + (ends - begins) * share))
    try:
        yield
    finally:
        _LISTENER.reset(token)


@contextmanager
def part(begins: float, ends: float) -> Iterator[None]:
    """Let what is said within count as the part from ``begins`` to ``ends`` of what is heard."""
    outer = _LISTENER.get()
    with listening(outer or (lambda _: None), begins=begins, ends=ends):
        yield


def told(share: float) -> None:
    """Say that a share in [0, 1] is done; the listener may raise to stop the work."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(min(max(share, 0.0), 1.0))


def in_blocks(n_rows: int, at_once: int | None = None) -> Iterator[slice]:
    """Cut so many rows into blocks, and say after each how much of them is done.

    >>> list(in_blocks(5, 2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    width = at_once or AT_ONCE
    for start in range(0, n_rows, width):
        stop = min(n_rows, start + width)
        yield slice(start, stop)
        told(stop / n_rows)
