"""Which file holds what: interactions, items, people, and what joins them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.importing.column_words import bare, fits
from engine.importing.mapping import Join
from engine.importing.profiles import Profile

__all__ = ["Roles", "best", "find_roles"]

Profiles = Mapping[str, Profile]
"""Column → profile, of one file."""


@dataclass(frozen=True)
class Roles:
    """Files by what they hold; ``person`` and ``item`` are columns of the interactions."""

    interactions: tuple[str, ...]
    person: str
    item: str
    items: tuple[str, ...]
    people: tuple[str, ...]
    joins: tuple[Join, ...]


def best(profiles: Profiles, what: str, *, without: tuple[str, ...] = ()) -> str | None:
    """Return the column whose name fits best, or None where none does."""
    found = {name: fits(name, what) for name in profiles if name not in without}
    chosen = max(found, key=lambda name: found[name], default=None)
    return chosen if chosen is not None and found[chosen] > 0 else None


def find_roles(files: Mapping[str, Profiles]) -> Roles:
    """Find the interactions first, then what describes their items and people.

    Parameters
    ----------
    files : mapping
        File → its columns; larger files first.
    """
    log, person, item, joins = _interactions(files)
    if not log:
        return Roles((), "", "", (), (), ())
    parts = tuple(name for name in files if list(files[name]) == list(files[log]))
    others = [name for name in files if name not in parts and name not in {j.file for j in joins}]
    items = _about(files, others, item, "item")
    people = _about(files, [name for name in others if name not in items], person, "person")
    known = [*parts, *items, *people, *(one.file for one in joins)]
    rest = [name for name in files if name not in known]
    joins = (*joins, *_lookups(files, [*items, *people, log], rest))
    return Roles(parts, person, item, items, people, joins)


def _interactions(files: Mapping[str, Profiles]) -> tuple[str, str, str, tuple[Join, ...]]:
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
    return _over_two_files(files) or _by_content(files)


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


def _by_content(files: Mapping[str, Profiles]) -> tuple[str, str, str, tuple[Join, ...]]:
    """Where names say nothing: the two columns with most that repeats, in their order."""
    for name, profiles in files.items():
        repeat = {
            column: one.n_distinct
            for column, one in profiles.items()
            if not one.is_moment
            and one.n_distinct > 10
            and not one.is_unique
            and not one.lists
            and one.numbers - one.whole < 0.01
        }
        if len(repeat) > 1:
            two = sorted(repeat, key=lambda column: -repeat[column])[:2]
            person, item = (column for column in profiles if column in two)
            return name, person, item, ()
    return "", "", "", ()


def _about(
    files: Mapping[str, Profiles], others: list[str], own: str, what: str
) -> tuple[str, ...]:
    """Return the file with one row for each item or person: of the same name, else of the kind."""
    found = {}
    for name in others:
        column = _id_column(files[name], own, what)
        if column and files[name][column].is_unique and len(files[name]) > 1:
            found[name] = (bare(column) == bare(own)) + fits(column, what)
    return (max(found, key=lambda name: found[name]),) if found else ()


def _id_column(profiles: Profiles, own: str, what: str) -> str | None:
    same = next((name for name in profiles if bare(name) == bare(own)), None)
    return (
        same or best(profiles, what) or next((one for one in profiles if bare(one) == "id"), None)
    )


def _lookups(files: Mapping[str, Profiles], known: list[str], rest: list[str]) -> tuple[Join, ...]:
    """Return files that say what a number in a known file stands for (``aisle_id`` → ``aisle``)."""
    joins = []
    for other in rest:
        for name in known:
            shared = [one for one in files[other] if one in files[name]]
            keys = [one for one in shared if files[other][one].is_unique]
            if keys:
                joins.append(Join(other, keys[0]))
                break
    return tuple(joins)
