"""Everybody, some hundred people at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from engine.threads import side_by_side

__all__ = ["blocks", "over_blocks"]

BLOCK_PEOPLE = 1024
"""People who are retrieved for and described together: the memory that a fit needs is theirs, times
the blocks that are worked on side by side."""


def blocks(n_people: int) -> Iterator[slice]:
    """Slices of people that are worked on together."""
    for start in range(0, n_people, BLOCK_PEOPLE):
        yield slice(start, min(start + BLOCK_PEOPLE, n_people))


def over_blocks(
    work: Callable[[slice], None], n_people: int, tell: Callable[[float], None] = lambda _: None
) -> None:
    """Do ``work`` for every block of people, several side by side; it writes its own rows alone.

    ``tell`` hears the share of people that are done.
    """
    parts = list(blocks(n_people))
    done = side_by_side([partial(work, block) for block in parts])
    for block, _ in zip(parts, done, strict=True):
        tell(block.stop / n_people)
