"""Counts in words: every number of things that a sentence names."""

from __future__ import annotations

__all__ = ["counted", "left_out", "verb"]

PLURALS = {"person": "people", "is": "are", "has": "have", "was": "were"}
"""Words whose plural is no ending."""


def counted(number: int, noun: str) -> str:
    """Write a count with its noun, which is given in the singular; its last word takes the plural.

    >>> counted(1, "row"), counted(1500, "row"), counted(0, "person"), counted(2, "category")
    ('1 row', '1,500 rows', '0 people', '2 categories')
    """
    return f"{number:,} {noun if number == 1 else _plural(noun)}"


def verb(number: int, singular: str = "is") -> str:
    """Return the verb after a count.

    >>> verb(1), verb(256), verb(2, "has"), verb(2, "changes"), verb(1, "changes")
    ('is', 'are', 'have', 'change', 'changes')
    """
    return singular if number == 1 else PLURALS.get(singular, singular.removesuffix("s"))


def _plural(noun: str) -> str:
    before, space, last = noun.rpartition(" ")
    if last in PLURALS:
        return before + space + PLURALS[last]
    if last.endswith("y") and last[-2:-1] not in tuple("aeiou"):
        return f"{before}{space}{last[:-1]}ies"
    return noun + ("es" if last.endswith(("s", "x", "ch", "sh")) else "s")


def left_out(file: str, column: str, n_rows: int, reason: str) -> str:
    """Say in a sentence what reading left out.

    >>> left_out("items.csv", "item_id", 2, "the same row again; one is kept")
    'Left out: 2 rows of items.csv (`item_id`): the same row again; one is kept.'
    """
    return f"Left out: {counted(n_rows, 'row')} of {file} (`{column}`): {reason}."
