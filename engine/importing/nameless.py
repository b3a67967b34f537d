"""Interactions in a file whose columns have no names that say anything."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.importing.evidence import Evidence
from engine.importing.mapping import Join
from engine.importing.profiles import Profile

__all__ = ["by_content"]

OF_ITEMS = r"B0[0-9A-Z]{8}|\d{9}[\dX]|97[89]\d{10}|tt\d{7,8}|spotify:\w+:\w+"
"""Ids that only goods have: of Amazon, books, films, songs."""

FACT = 0.95
FEWEST = 10


def by_content(
    files: Mapping[str, Mapping[str, Profile]], evidence: Evidence
) -> tuple[str, str, str, tuple[Join, ...]] | None:
    """Return the file, and the first two of its columns that may be ids, the person's first.

    What repeats and is no time, number with a fraction, list or long text may be an id. Numbers are
    none where two columns of words may be (they are counts then), and neither is what hangs on
    another column (a category on the item, the id of an artist on the name).
    """
    for name, profiles in files.items():
        able = [one for one in profiles.values() if _may_be_id(one)]
        words = [one for one in able if one.numbers < 0.5]
        able = words if len(words) > 1 else able
        ids = [
            one
            for place, one in enumerate(able)
            if not place or not _is_fact(evidence, name, able, one)
        ]
        if len(ids) > 1:
            person, item = _in_order(ids)
            return name, person.name, item.name, ()
    return None


def _may_be_id(one: Profile) -> bool:
    repeats = one.n_distinct > FEWEST and not one.is_unique
    is_plain = not one.is_moment and not one.lists and not one.is_prose
    return repeats and is_plain and one.numbers - one.whole < 0.01


def _is_fact(evidence: Evidence, file: str, able: list[Profile], one: Profile) -> bool:
    """Whether a column says something about another one that has more to tell apart."""
    return any(
        evidence.agreement(file, other.name, one.name, untold=0.0) >= FACT
        for other in able[1:]
        if (other.n_distinct, -able.index(other)) > (one.n_distinct, -able.index(one))
    )


def _in_order(ids: list[Profile]) -> tuple[Profile, Profile]:
    """Return the person's column and the item's; ids of goods are items wherever they stand."""
    first, second = ids[:2]
    goods = [all(re.fullmatch(OF_ITEMS, text) for text in one.examples) for one in (first, second)]
    return (second, first) if goods == [True, False] else (first, second)
