"""A mapping guessed from the names of columns and from what they hold; people may change it."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import fields, replace

from engine.data.contract import LOG_NUMBERS
from engine.importing.clocks import find_clock
from engine.importing.column_words import bare, fits
from engine.importing.database import Database
from engine.importing.event_words import is_impression, is_no, strength_of
from engine.importing.evidence import Evidence
from engine.importing.guess_about import guess_items, guess_people
from engine.importing.mapping import InteractionsMap, Mapping, ShownMap
from engine.importing.profiles import Profile, profiles_of
from engine.importing.roles import NAMED, Profiles, Roles, best, find_roles
from engine.importing.sources import Source

__all__ = ["guess_mapping"]

FEW_EVENTS = 30
LESS = 0.1
"""Of the disagreement of any two rows, what is left among those of one item, for a fact."""
RATINGS = (
    "rating", "ratings", "overall", "stars", "score", "reviewoverall", "vote", "votes", "thumbs",
    "thumb", "liked", "bewertung", "beoordeling", "valoracion", "puntuacion", "voto", "punteggio",
)  # fmt: skip


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
    evidence = Evidence(database)
    roles = find_roles(files, evidence)
    reading = {one.name: one.reading for one in sources if one.reading.as_dict()}
    if not roles.interactions:
        return Mapping(reading=reading), files
    log = _with_joined(files, roles, roles.interactions[0])
    interactions, shown = _interactions(log, roles, _Facts(files, roles, evidence))
    about = [
        _with_joined(files, roles, one[0]) if one else None for one in (roles.items, roles.people)
    ]
    mapping = Mapping(
        interactions=interactions,
        shown=shown,
        items=guess_items(about[0], log, roles, evidence),
        people=guess_people(about[1], log, roles, evidence),
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


class _Facts:
    """Whether a column of the log is a fact about its items or people, and no answer of theirs."""

    def __init__(self, files: Dict[str, Profiles], roles: Roles, evidence: Evidence) -> None:
        self._file, self._evidence = roles.interactions[0], evidence
        self._columns = files[self._file]
        self._own = [one for one in (roles.person, roles.item) if one in self._columns]

    def is_fact(self, name: str) -> bool:
        """Whether rows of an item, or of a person, have the same far oftener than others."""
        if name not in self._columns or self._columns[name].n_distinct < 2:
            return False
        by_chance = self._evidence.chance(self._file, name)
        agree = [self._evidence.agreement(self._file, own, name, untold=0.0) for own in self._own]
        return any(1 - one <= LESS * (1 - by_chance) for one in agree)


def _interactions(log: Profiles, roles: Roles, facts: _Facts) -> tuple[InteractionsMap, ShownMap]:
    taken = (roles.person, roles.item)
    time = _time(log, taken)
    event = _event(log, (*taken, time or ""))
    events: dict[str, float | None] = {}
    if event is None:
        event = _answer_in_words(log, (*taken, time or ""))
    if event:
        events = {word: strength_of(word) for word in log[event].examples}
    if event and fits(event, "value") > fits(event, "flag"):
        # "No" to "did you like it" is an answer, where "no" to "was it clicked" is none.
        events = {word: 0.0 if is_no(word) else one for word, one in events.items()}
    clock = find_clock(log, time)
    used = (*taken, time or "", clock or "", event or "")
    places = _shown(log, used)
    shown = places if any(map(is_impression, events)) else ShownMap()
    # A chance or a place is no answer, whether or not it can be kept as a log.
    value = _value(log, (*used, *(getattr(places, name) or "" for name in OF_LOGS)), facts)
    takes_back = value is not None and (log[value].low or 0) < 0
    takes_back |= any((one or 0) < 0 for one in events.values())
    mapped = InteractionsMap(
        files=roles.interactions,
        person=roles.person,
        item=roles.item,
        time=time,
        clock=clock,
        value=value,
        event=event,
        events=events,
        repeats="sum" if takes_back and not _is_scale(value) else "each",
        unrated=_unrated(log, value),
    )
    return mapped, shown


def _answer_in_words(log: Profiles, taken: tuple[str, ...]) -> str | None:
    """Find a column that is called as values are and holds yes and no, thumbs up and down."""
    able = {
        name: one
        for name, one in log.items()
        if name not in taken
        and fits(name, "value") >= NAMED
        and 1 < one.n_distinct <= FEW_EVENTS
        and one.numbers < 0.5
        and any(strength_of(word) != 1.0 or is_no(word) for word in one.examples)
    }
    return best(able, "value")


OF_LOGS = ("position", "propensity", "policy", "slate")


def _shown(log: Profiles, taken: tuple[str, ...]) -> ShownMap:
    """Find what says at which place something was shown."""
    found = {one.name: best(log, one.name, without=taken) for one in fields(ShownMap)}
    numbers = {name: found[name] for name in LOG_NUMBERS}
    wrong = [name for name, own in numbers.items() if own and not _is_number(log[own])]
    return ShownMap(**{**found, **dict.fromkeys(wrong)})


def _is_scale(value: str | None) -> bool:
    """Whether a column is called as ratings are, which may be below nought."""
    return value is not None and bare(value).endswith(RATINGS)


def _unrated(log: Profiles, value: str | None) -> float | None:
    """Return what stands where nobody rated: 0 or -1 below a scale that begins at 1."""
    if value is None or not _is_scale(value):
        return None
    one = log[value]
    begins = [float(text) for text in one.examples if re.fullmatch(r"\d+(\.\d+)?", text)]
    second = min((number for number in begins if number > 0), default=0.0)
    is_scale = one.high in (5, 10) and one.whole > 0.99 and second >= 1
    return one.low if is_scale and one.low in (0, -1) else None


def _time(log: Profiles, taken: tuple[str, ...]) -> str | None:
    named = {
        name: fits(name, "time") + one.is_moment
        for name, one in log.items()
        if name not in taken
        and (one.is_moment or (fits(name, "time") > 0.4 and one.numbers > 0.9))
        and (fits(name, "time") or not _is_id(name))
    }
    return max(named, key=lambda name: named[name], default=None)


def _is_id(name: str) -> bool:
    """Whether a name says that its column tells things apart."""
    is_named = fits(name, "person") >= NAMED or fits(name, "item") >= NAMED
    return is_named or bare(name).endswith(("id", "code", "key", "no", "number"))


def _event(log: Profiles, taken: tuple[str, ...]) -> str | None:
    named = any(fits(name, "person") for name in log)
    found = {
        name: fits(name, "event") or 0.1
        for name, one in log.items()
        if name not in taken
        and (fits(name, "event") > 0 or not named)
        and one.n_distinct <= FEW_EVENTS
        and one.numbers < 0.5
        and any(strength_of(word) != 1.0 or word.casefold() == "view" for word in one.examples)
    }
    return max(found, key=lambda name: found[name], default=None) or _flag(log, taken)


def _flag(log: Profiles, taken: tuple[str, ...]) -> str | None:
    """Find a column of 0 and 1 that says of what was shown whether it was chosen."""
    flags = {
        name: one
        for name, one in log.items()
        if name not in taken and set(one.examples) in YES_OR_NO and one.n_filled == one.n
    }
    found = best(flags, "flag")
    return found if found and fits(found, "flag") >= NAMED else None


YES_OR_NO: tuple[set[str], ...] = ({"0", "1"}, {"0.0", "1.0"}, {"true", "false"})
YES_OR_NO += ({"True", "False"}, {"0", "1", ""})


def _value(log: Profiles, taken: tuple[str, ...], facts: _Facts) -> str | None:
    numeric = {
        name: one
        for name, one in log.items()
        if name not in taken and _is_number(one) and not facts.is_fact(name)
    }
    named = best(numeric, "value")
    if named or any(fits(name, "person") for name in log):
        return named
    others = [n for n, one in numeric.items() if not one.is_moment and one.n_distinct > 1]
    return next((name for name in others if not log[name].is_unique), None)


OF_A_NUMBER = r"^([-+]?\d*\.?\d+)(?:/\d+|[a-zA-Z★]+|(?::\d\d){1,2})$"
"""``4/5``, ``4 stars`` (without its blank), ``0:04:30``."""


def _is_number(one: Profile) -> bool:
    """Whether most cells are numbers, with a currency or a decimal comma too."""
    as_written = [re.sub(r"[\s€$£¥%]|(?<=\d),(?=\d)", "", text) for text in one.examples]
    as_written = [re.sub(OF_A_NUMBER, r"\1", text) for text in as_written]
    n_numbers = sum(bool(re.fullmatch(r"[-+]?\d*\.?\d+", text)) for text in as_written)
    return one.numbers > 0.5 or (len(as_written) > 0 and n_numbers > 0.8 * len(as_written))
