"""Counts in words, for the sentences about data."""

from __future__ import annotations

__all__ = ["counted"]


def counted(number: int, noun: str) -> str:
    """Write a count with its noun.

    >>> counted(1, "row"), counted(1500, "row")
    ('1 row', '1,500 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
