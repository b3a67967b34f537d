"""Files that say what a value of another file stands for: ``aisle_id`` → ``aisle``."""

from __future__ import annotations

from collections.abc import Mapping

from engine.importing.column_words import fits
from engine.importing.mapping import Join
from engine.importing.profiles import Profile

__all__ = ["NAMED", "Profiles", "find_lookups", "has_kinds", "is_log", "names_any"]

Profiles = Mapping[str, Profile]
"""Column → profile, of one file."""

NAMED = 0.5
"""What a name fits at least that is a known one, and does not merely end as one does."""


def names_any(columns: Profiles, what: str) -> bool:
    """Whether a column of a file is called as ``what`` is."""
    return any(fits(one, what) >= NAMED for one in columns)


def is_log(columns: Profiles) -> bool:
    """Whether a file names people and items, and so is about neither: it is what somebody did."""
    return names_any(columns, "person") and names_any(columns, "item")


def has_kinds(columns: Profiles) -> bool:
    """Whether a file that names no people says of what kind something is, row by row."""
    return not names_any(columns, "person") and names_any(columns, "genres")


def find_lookups(
    files: Mapping[str, Profiles], known: list[str], rest: list[str], own: str
) -> tuple[Join, ...]:
    """Return files that say what a number in a known file stands for (``aisle_id`` → ``aisle``).

    ``own`` is the items' id in the first known file: by it, a file of their kinds may have several
    rows of each. What is found leads on to what it knows.
    """
    joins: list[Join] = []
    known, rest = list(known), list(rest)
    while found := next(
        (join for other in rest if (join := _lookup(files, known, other, own))), None
    ):
        joins.append(found)
        known.append(found.file)
        rest.remove(found.file)
    return tuple(joins)


def _lookup(files: Mapping[str, Profiles], known: list[str], other: str, own: str) -> Join | None:
    columns = files[other]
    if is_log(columns):
        return None
    for name in known:
        shared = [one for one in columns if one in files[name]]
        keys = [one for one in shared if columns[one].is_unique and _may_be_key(columns[one])]
        if keys:
            return Join(other, keys[0])
        if name == known[0] and own in shared and has_kinds(columns):
            return Join(other, own)
    return None


def _may_be_key(one: Profile) -> bool:
    """Whether a column stands for something: no time, no amount."""
    is_time = one.is_moment or fits(one.name, "time") >= NAMED
    return not is_time and not fits(one.name, "value") and not one.is_prose
