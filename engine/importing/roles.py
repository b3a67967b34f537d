"""Which file holds what: interactions, items, people, and what joins them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.importing.column_words import bare, fits
from engine.importing.evidence import Evidence
from engine.importing.lookups import NAMED, Profiles, find_lookups, has_kinds, is_log, names_any
from engine.importing.mapping import Join
from engine.importing.nameless import by_content
from engine.importing.profiles import SAMPLED

__all__ = ["NAMED", "Profiles", "Roles", "best", "find_roles"]

OTHER = {"person": "item", "item": "person"}
"""Of whom or what ids are besides those that are asked for."""

OFTEN = 0.5
"""Share of ids that are met in another file, from which on it is about them."""


@dataclass(frozen=True)
class Roles:
    """Files by what they hold; ``person`` and ``item`` are columns of the interactions.

    ``item_key`` and ``person_key`` are the columns of ``items`` and ``people`` with the same ids.
    """

    interactions: tuple[str, ...]
    person: str
    item: str
    items: tuple[str, ...]
    people: tuple[str, ...]
    joins: tuple[Join, ...]
    item_key: str = ""
    person_key: str = ""


def best(profiles: Profiles, what: str, *, without: tuple[str, ...] = ()) -> str | None:
    """Return the column whose name fits best, or None where none does."""
    found = {name: fits(name, what) for name in profiles if name not in without}
    chosen = max(found, key=lambda name: found[name], default=None)
    return chosen if chosen is not None and found[chosen] > 0 else None


def find_roles(files: Mapping[str, Profiles], evidence: Evidence) -> Roles:
    """Find the interactions first, then what describes their items and people.

    Parameters
    ----------
    files : mapping
        File → its columns; larger files first.
    evidence : Evidence
        Of their samples.
    """
    log, person, item, joins = _interactions(files, evidence)
    if not log:
        return Roles((), "", "", (), (), ())
    parts = tuple(name for name in files if list(files[name]) == list(files[log]))
    others = [name for name in files if name not in parts and name not in {j.file for j in joins}]
    about = _About(files, evidence, log)
    item = about.better_item(others, person, item)
    items, item_key = about.found(others, item, "item")
    people, person_key = about.found([one for one in others if one not in items], person, "person")
    known = [*parts, *items, *people, *(one.file for one in joins)]
    rest = [name for name in files if name not in known]
    joins = (*joins, *find_lookups(files, [*items, *people, log], rest, item_key if items else ""))
    return Roles(parts, person, item, items, people, joins, item_key, person_key)


def _interactions(
    files: Mapping[str, Profiles], evidence: Evidence
) -> tuple[str, str, str, tuple[Join, ...]]:
    whole = []
    for name, profiles in files.items():
        person = best(profiles, "person")
        item = best(profiles, "item", without=(person,) if person else ())
        if person and item:
            scored = fits(person, "person") + fits(item, "item")
            # In a list of items or of people, one of the two says who made or holds it.
            is_list = profiles[item].is_unique or profiles[person].is_unique
            whole.append((scored - is_list, name, person, item))
    if whole and max(whole)[0] > 0:
        _, log, person, item = max(whole, key=lambda one: one[0])
        return log, person, item, ()
    return _over_two_files(files) or by_content(files, evidence) or _without_people(files)


def _over_two_files(
    files: Mapping[str, Profiles],
) -> tuple[str, str, str, tuple[Join, ...]] | None:
    """Find lines of orders in one file, and whose the orders are in another."""
    for log, profiles in files.items():
        item = best(profiles, "item")
        for other, theirs in files.items():
            person = best(theirs, "person")
            shared = [name for name in profiles if name in theirs and theirs[name].is_unique]
            if item and person and other != log and shared and not profiles[item].is_unique:
                return log, person, item, (Join(other, shared[0]),)
    return None


def _without_people(files: Mapping[str, Profiles]) -> tuple[str, str, str, tuple[Join, ...]]:
    """Find a log that names nobody, so that only the person is left to be chosen."""
    for name, profiles in files.items():
        item = best(profiles, "item")
        if item and fits(item, "item") >= NAMED and not profiles[item].is_unique:
            return name, "", item, ()
    return "", "", "", ()


class _About:
    """What describes the ids of the interactions: a file whose ids are the same ones."""

    def __init__(self, files: Mapping[str, Profiles], evidence: Evidence, log: str) -> None:
        self._files, self._evidence, self._log = files, evidence, log

    def better_item(self, others: list[str], person: str, item: str) -> str:
        """Return another id of items in the log where the files know that one alone."""
        log = self._files[self._log]
        scores = {}
        for name in log:
            is_id = name == item or fits(name, "item") >= NAMED
            if is_id and name != person and item in log:
                scores[name] = max(
                    (
                        self._match(one, name, key)
                        for one in others
                        for key in self._ids(one, name, "item")
                    ),
                    default=0.0,
                )
        known = max(scores, key=lambda name: scores[name], default=item)
        return known if scores and scores[known] > scores[item] + OFTEN else item

    def found(self, others: list[str], own: str, what: str) -> tuple[tuple[str, ...], str]:
        """Return the file with a row for each item or person, and its column of ids."""
        scores = {}
        for name in others:
            for key in self._ids(name, own, what):
                score = self._score(name, key, own, what)
                if score:
                    scores[name, key] = score
        if not scores:
            return (), ""
        file, key = max(scores, key=lambda one: scores[one])
        alike = [name for name in others if list(self._files[name]) == list(self._files[file])]
        return (file, *(name for name in alike if name != file)), key

    def _ids(self, name: str, own: str, what: str) -> list[str]:
        """Return columns that may be ids of that kind: of different ones, most by themselves.

        Items may have several rows, one for each genre, in a column that is called as theirs are.
        """
        profiles = self._files[name]
        if own not in self._files[self._log]:
            return [one for one in profiles if bare(one) == bare(own)]
        return [
            column
            for column, one in profiles.items()
            if one.n > 1
            and not one.is_prose
            and one.n_filled > 0
            and (2 * one.n_distinct >= one.n_filled or self._may_repeat(name, column, own, what))
        ]

    def _may_repeat(self, name: str, column: str, own: str, what: str) -> bool:
        is_named = bare(column) == bare(own) or fits(column, what) >= NAMED
        return what == "item" and is_named and has_kinds(self._files[name])

    def _match(self, name: str, own: str, key: str) -> float:
        return self._evidence.shared(self._log, own, name, key)

    def _score(self, name: str, key: str, own: str, what: str) -> float:
        """Return how sure it is that these are the same ids; 0 where they are not."""
        one = self._files[name][key]
        if _is_of_others(key, what):
            return 0.0
        named = 2.0 * (bare(key) == bare(own)) + fits(key, what) + 0.5 * (bare(key) == "id")
        if own not in self._files[self._log]:  # found through another file: names are all there is
            return named * one.is_unique
        if not named and names_any(self._files[name], OTHER[what]):
            return 0.0
        match = self._match(name, own, key)
        was_cut = one.n >= SAMPLED and named > NAMED
        if not one.is_unique and (match < OFTEN or is_log(self._files[name])):
            return 0.0
        if match < OFTEN and not was_cut and not (match and named):
            return 0.0
        return named + 2 * match + one.is_unique


def _is_of_others(key: str, what: str) -> bool:
    """Whether a column's name says that its ids are those of items where people are asked for."""
    other = OTHER[what]
    return fits(key, other) >= NAMED and fits(key, other) > fits(key, what)
