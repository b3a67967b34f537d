"""A mapping guessed from the names of columns and from what they hold; people may change it."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import fields, replace

from engine.data.contract import LOG_NUMBERS
from engine.importing.column_words import bare, fits, is_personal
from engine.importing.database import Database
from engine.importing.event_words import strength_of
from engine.importing.mapping import InteractionsMap, ItemsMap, Mapping, PeopleMap, ShownMap
from engine.importing.profiles import Profile, profiles_of
from engine.importing.roles import Profiles, Roles, best, find_roles
from engine.importing.sources import Source

__all__ = ["guess_mapping"]

MOST_ATTRIBUTES = 40
FEW_EVENTS = 30


def guess_mapping(
    database: Database, sources: Sequence[Source]
) -> tuple[Mapping, dict[str, Profiles]]:
    """Guess what each file and column is.

    Returns
    -------
    mapping : Mapping
        ``interactions.person`` and ``item`` are empty where nothing looks like them.
    profiles : dict
        File → column → :class:`engine.importing.profiles.Profile`.
    """
    by_size = sorted(sources, key=lambda one: -one.path.stat().st_size)
    files: dict[str, Profiles] = {one.name: profiles_of(database, one) for one in by_size}
    roles = find_roles(files)
    reading = {one.name: one.reading for one in sources if one.reading.as_dict()}
    if not roles.interactions:
        return Mapping(reading=reading), files
    log = _with_joined(files, roles, roles.interactions[0])
    interactions, shown = _interactions(log, roles)
    mapping = Mapping(
        interactions=interactions,
        shown=shown,
        items=_items(files, roles, log),
        people=_people(files, roles, log),
        joins=roles.joins,
        reading=reading,
    )
    return mapping, files


def _with_joined(files: Dict[str, Profiles], roles: Roles, base: str) -> dict[str, Profile]:
    """Return the columns of a file with those that are found through it."""
    found = dict(files[base])
    for join in roles.joins:
        if join.by in found:
            more = {n: replace(one, is_looked_up=True) for n, one in files[join.file].items()}
            found = {**more, **found}
    return found


def _interactions(log: Profiles, roles: Roles) -> tuple[InteractionsMap, ShownMap]:
    taken = (roles.person, roles.item)
    time = _time(log, taken)
    event = _event(log, (*taken, time or ""))
    events: dict[str, float | None] = {}
    if event:
        events = {word: strength_of(word) for word in log[event].examples}
    used = (*taken, time or "", event or "")
    shown = _shown(log, used) if None in events.values() else ShownMap()
    value = _value(log, (*used, shown.position or "", shown.propensity or ""))
    takes_back = value is not None and (log[value].low or 0) < 0
    takes_back |= any((one or 0) < 0 for one in events.values())
    mapped = InteractionsMap(
        files=roles.interactions,
        person=roles.person,
        item=roles.item,
        time=time,
        value=value,
        event=event,
        events=events,
        repeats="sum" if takes_back and not _is_scale(value) else "each",
    )
    return mapped, shown


def _shown(log: Profiles, taken: tuple[str, ...]) -> ShownMap:
    """Find what says at which place something was shown."""
    found = {one.name: best(log, one.name, without=taken) for one in fields(ShownMap)}
    numbers = {name: found[name] for name in LOG_NUMBERS}
    wrong = [name for name, own in numbers.items() if own and not _is_number(log[own])]
    return ShownMap(**{**found, **dict.fromkeys(wrong)})


def _is_scale(value: str | None) -> bool:
    """Whether a column is called as ratings are, which may be below nought."""
    return value is not None and bare(value) in ("rating", "overall", "stars", "score")


def _time(log: Profiles, taken: tuple[str, ...]) -> str | None:
    named = {
        name: fits(name, "time") + one.is_moment
        for name, one in log.items()
        if name not in taken and (one.is_moment or (fits(name, "time") > 0.4 and one.numbers > 0.9))
    }
    return max(named, key=lambda name: named[name], default=None)


def _event(log: Profiles, taken: tuple[str, ...]) -> str | None:
    found = {
        name: fits(name, "event")
        for name, one in log.items()
        if name not in taken
        and fits(name, "event") > 0
        and one.n_distinct <= FEW_EVENTS
        and one.numbers < 0.5
        and any(strength_of(word) != 1.0 or word.casefold() == "view" for word in one.examples)
    }
    return max(found, key=lambda name: found[name], default=None)


def _value(log: Profiles, taken: tuple[str, ...]) -> str | None:
    numeric = {n: one for n, one in log.items() if n not in taken and _is_number(one)}
    named = best(numeric, "value")
    if named or any(fits(name, "person") for name in log):
        return named
    others = [name for name, one in numeric.items() if not one.is_moment]
    return others[0] if others else None


def _is_number(one: Profile) -> bool:
    """Whether most cells are numbers, with a currency or a decimal comma too."""
    as_written = [re.sub(r"[\s€$£¥%]|(?<=\d),(?=\d)", "", text) for text in one.examples]
    n_numbers = sum(bool(re.fullmatch(r"[-+]?\d*\.?\d+", text)) for text in as_written)
    return one.numbers > 0.5 or (len(as_written) > 0 and n_numbers > 0.8 * len(as_written))


def _items(files: Dict[str, Profiles], roles: Roles, log: Profiles) -> ItemsMap:
    columns = _with_joined(files, roles, roles.items[0]) if roles.items else dict(log)
    own = roles.item
    if roles.items:
        named = [one for one in columns if bare(one) == bare(roles.item)]
        same = [*named, best(columns, "item") or "", *[o for o in columns if bare(o) == "id"]]
        own = next(one for one in same if one)
    title = best(columns, "title", without=(own, roles.person))
    if title is None and columns[own].numbers < 0.5 and not roles.items:
        title = own
    taken = (own, roles.person, title or "")
    text = {name: one for name, one in columns.items() if name not in taken}
    genres = best({n: one for n, one in text.items() if _may_be_genres(one)}, "genres")
    flags = _flags(columns)
    dates = {n: one for n, one in text.items() if one.dates > 0.5 or one.numbers > 0.5}
    released = best(dates, "released") if roles.items else None
    used = (*taken, genres or "")
    provider = best(
        {n: one for n, one in columns.items() if one.numbers < 0.5}, "provider", without=used
    )
    return ItemsMap(
        files=roles.items,
        item=own,
        title=title,
        genres=(genres,) if genres else flags,
        genre_separator=_separator(columns[genres]) if genres else None,
        released=released,
        provider=provider,
    )


def _may_be_genres(one: Profile) -> bool:
    return one.numbers < 0.5 and one.dates < 0.5 and not one.is_unique and one.n_filled > 0


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


def _people(files: Dict[str, Profiles], roles: Roles, log: Profiles) -> PeopleMap:
    if roles.people:
        columns = _with_joined(files, roles, roles.people[0])
        named = [one for one in columns if bare(one) == bare(roles.person)]
        own = (named or [best(columns, "person") or next(iter(columns))])[0]
        chosen = [n for n, one in columns.items() if n != own and _may_divide(one)]
        return PeopleMap(roles.people, own, tuple(chosen[:MOST_ATTRIBUTES]))
    chosen = [
        n
        for n, one in log.items()
        if n not in (roles.person, roles.item) and fits(n, "attribute") >= 0.5 and _may_divide(one)
    ]
    return PeopleMap((), roles.person, tuple(chosen[:MOST_ATTRIBUTES]))


def _may_divide(one: Profile) -> bool:
    """Whether a column can divide people: no names, no ids, more than one label."""
    is_id = one.is_unique and one.n_filled > 20 and one.numbers < 0.9
    return one.n_distinct > 1 and not is_id and not is_personal(one.name)
