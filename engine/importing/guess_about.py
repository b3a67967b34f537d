"""What is guessed about items and people: titles, genres, dates, and columns that divide."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.data.free_text import is_prose
from engine.importing.column_words import bare, fits, is_personal
from engine.importing.evidence import DEPENDS, Evidence
from engine.importing.mapping import ItemsMap, PeopleMap
from engine.importing.profiles import Profile
from engine.importing.roles import NAMED, Profiles, Roles, best

__all__ = ["guess_items", "guess_people"]

MOST_ATTRIBUTES = 40
MOST_UNNAMED = 12
"""Columns of people that are taken although their names say nothing of them."""

MOST_CATEGORIES = 1_000
NAMES_APART = 0.3
"""Different titles for each item, from which on a column may hold their names."""


@dataclass(frozen=True)
class _Described:
    """Columns of what is described, and which of them are facts about it."""

    columns: Profiles
    own: str
    file: str | None
    evidence: Evidence

    def facts(self, names: Iterable[str]) -> dict[str, Profile]:
        """Return the columns in which rows of one item (or person) agree; looked up ones do."""
        return {name: self.columns[name] for name in names if self._is_fact(name)}

    def _is_fact(self, name: str) -> bool:
        if self.file is None or self.own == name or self.columns[name].is_looked_up:
            return True
        if self.columns[self.own].is_looked_up or self.columns[self.own].is_unique:
            return True
        return self.evidence.agreement(self.file, self.own, name) >= DEPENDS


def guess_items(
    listed: Profiles | None, log: Profiles, roles: Roles, evidence: Evidence
) -> ItemsMap:
    """Guess what items are: of their own file, or of the interactions' columns."""
    columns = listed if listed is not None else dict(log)
    own = roles.item_key or roles.item
    without = () if listed is not None else (roles.person,)
    file = roles.items[0] if listed is not None else roles.interactions[0]
    facts = _Described(columns, own, file, evidence).facts(
        name for name in columns if name not in without
    )
    title = _title(facts, own)
    if title is None and listed is None and _is_wordy(columns[own]):
        title = own
    text = {name: one for name, one in facts.items() if name not in (own, title or "")}
    text |= {
        name: one
        for name, one in columns.items()
        if name not in (own, title, roles.person)
        and fits(name, "genres") >= NAMED
        and (listed is not None or evidence.hangs_on(file, own, name))
    }  # an item may have a row for each of its genres
    genres = _genres(text)
    dates = {n: one for n, one in text.items() if one.dates > 0.5 or one.numbers > 0.5}
    provider = best(
        {n: one for n, one in facts.items() if one.numbers < 0.5 and not one.is_prose},
        "provider",
        without=(own, title or "", genres or ""),
    )
    released = best(dates, "released") if listed is not None else None
    used = {own, title, genres, released, provider}
    return ItemsMap(
        files=roles.items,
        item=own,
        title=title,
        genres=(genres,) if genres else _flags(facts),
        genre_separator=_separator(columns[genres]) if genres else None,
        released=released,
        provider=provider,
        columns=() if listed is None else _descriptions(facts, used),
    )


def _title(facts: Profiles, own: str) -> str | None:
    """Return the column of names: of words, no long texts, and different ones for most items."""
    n_items = max(facts[own].n_distinct, 1) if own in facts else 1
    named = {
        name: one
        for name, one in facts.items()
        if name != own and not one.is_prose and one.numbers < 0.9 and not one.lists
    }
    apart = {n: one for n, one in named.items() if one.n_distinct >= NAMES_APART * n_items}
    found = best(apart, "title")
    if found is not None:
        return found
    # A shop may have no names, and the finest kind of thing is the nearest to one.
    kinds = {n: one for n, one in named.items() if fits(n, "title") >= NAMED and "desc" in bare(n)}
    return max(kinds, key=lambda name: kinds[name].n_distinct, default=None)


def _descriptions(facts: Profiles, used: Collection[str | None]) -> tuple[str, ...]:
    """Return columns of free text: what items say of themselves beyond a title."""
    return tuple(
        name
        for name, one in facts.items()
        if name not in used
        and not is_personal(name)
        and max(one.numbers, one.dates, one.lists) < 0.5
        and 2 * one.n_distinct >= one.n_filled > 0
        and is_prose(one.examples)
    )


def _is_wordy(one: Profile) -> bool:
    """Whether ids are names: with blanks between words, or of letters alone."""
    names = [text for text in one.examples if re.search(r"\w\s+\w", text) or text.isalpha()]
    return one.numbers < 0.5 and 2 * len(names) > len(one.examples) > 0


def _genres(text: Profiles) -> str | None:
    """Return the column of genres; numbers of categories where there are no words for them."""
    able = {
        name: one
        for name, one in text.items()
        if one.dates < 0.5 and not one.is_unique and one.n_distinct > 1 and not one.is_prose
    }
    words = {n: one for n, one in able.items() if one.numbers < 0.5}
    coded = {
        name: one
        for name, one in able.items()
        if bare(name).endswith(("id", "no", "code", "subclass"))
        and one.whole > 0.9
        and one.n_distinct <= min(MOST_CATEGORIES, one.n_filled // 2)
    }
    return best(words, "genres") or best(coded, "genres")


def _flags(columns: Profiles) -> tuple[str, ...]:
    """Columns of 0 and 1, where there are several: each is a genre, named as the column is."""
    found = tuple(
        name
        for name, one in columns.items()
        if set(one.examples) <= {"0", "1"} and one.n_filled == one.n
    )
    return found if len(found) > 3 else ()


def _separator(one: Profile) -> str | None:
    """Return a sign between the levels of a path (``Home > Kitchen``), which is no usual one."""
    for mark in (" > ", ">", " / ", " » "):
        if sum(mark in text for text in one.examples) * 2 > len(one.examples):
            return mark
    return None


def guess_people(
    listed: Profiles | None, log: Profiles, roles: Roles, evidence: Evidence
) -> PeopleMap:
    """Guess what divides people: columns of their own file, or of the interactions."""
    columns = listed if listed is not None else log
    own = roles.person_key or roles.person
    if not own:
        return PeopleMap()
    file = roles.people[0] if listed is not None else roles.interactions[0]
    facts = _Described(columns, own, file, evidence).facts(columns)
    able = [n for n, one in facts.items() if n != own and _may_divide(one)]
    named = [name for name in able if fits(name, "attribute") >= NAMED]
    if listed is None:
        chosen = [name for name in named if name != roles.item]
        return PeopleMap((), roles.person, tuple(chosen[:MOST_ATTRIBUTES]))
    others = [name for name in able if name not in named]
    chosen = able if len(others) <= MOST_UNNAMED else named or able[:MOST_UNNAMED]
    return PeopleMap(roles.people, own, tuple(chosen[:MOST_ATTRIBUTES]))


def _may_divide(one: Profile) -> bool:
    """Whether a column can divide people: no names, no ids or lists, more than one label."""
    is_id = one.is_unique and one.n_filled > 20 and one.numbers < 0.9
    is_label = one.n_distinct > 1 and not one.lists and not one.is_prose
    return is_label and not is_id and not is_personal(one.name)
