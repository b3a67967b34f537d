"""The mapping: which column of which file is what."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from typing import Literal

from engine.importing.reading import Reading

__all__ = ["Dates", "Ids", "InteractionsMap", "ItemsMap", "Join", "Mapping", "PeopleMap", "Repeats"]
__all__ += ["ShownMap"]

Dates = Literal["day first", "month first"]
Repeats = Literal["each", "again", "sum", "last"]
Ids = Literal["keep", "hash", "hide"]


@dataclass(frozen=True)
class InteractionsMap:
    """Who met what, when, and how.

    Attributes
    ----------
    files : tuple of str
        Of equal columns; their rows are put one after another.
    person, item : str
        Columns.
    time, value, event : str, optional
        Columns.
    events : dict
        Word in ``event`` → strength; negative for what takes back (a return), None to leave
        these rows out. Where there is no ``value``, the strength is it.
    clock : str, optional
        Column with the time of day, where ``time`` holds the date alone.
    dates : str, optional
        How dates such as 3/4/2024 are meant; looked for where it is None.
    repeats : {"each", "again", "sum", "last"}
        What several rows of one person with one item are: each a row; the same of what people take
        again and again, which a fit may then recommend again; one with the sum of their values; or
        the latest alone.
    unrated : float, optional
        What stands in ``value`` where nobody rated (0 or -1 below a scale of 1 to 5): these rows
        are left out.
    liked : float, optional
        An interaction with at least this value is liked; suggested where it is None.
    """

    files: tuple[str, ...] = ()
    person: str = ""
    item: str = ""
    time: str | None = None
    value: str | None = None
    event: str | None = None
    events: Dict[str, float | None] = field(default_factory=dict)
    clock: str | None = None
    dates: Dates | None = None
    repeats: Repeats = "each"
    unrated: float | None = None
    liked: float | None = None


@dataclass(frozen=True)
class ShownMap:
    """Columns of the interactions that say what was shown, as the data contract names them.

    With ``position`` or ``propensity``, and an event that is an impression, all rows are kept as
    the log of what was shown.
    """

    position: str | None = None
    propensity: str | None = None
    seconds: str | None = None
    policy: str | None = None
    slate: str | None = None
    context: str | None = None


@dataclass(frozen=True)
class ItemsMap:
    """What items are. Without ``files`` they are made from the interactions' own columns.

    ``genres`` may be several columns; ``genre_separator`` is looked for where it is None.
    ``columns`` are taken as they are.
    """

    files: tuple[str, ...] = ()
    item: str = ""
    title: str | None = None
    genres: tuple[str, ...] = ()
    genre_separator: str | None = None
    released: str | None = None
    provider: str | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class PeopleMap:
    """Which columns describe people; without ``files`` they are columns of the interactions."""

    files: tuple[str, ...] = ()
    person: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Join:
    """A file with further columns, found by a column that both files have."""

    file: str
    by: str


@dataclass(frozen=True)
class Mapping:
    """Everything that an import depends on, but for the files."""

    interactions: InteractionsMap = field(default_factory=InteractionsMap)
    items: ItemsMap = field(default_factory=ItemsMap)
    people: PeopleMap = field(default_factory=PeopleMap)
    shown: ShownMap = field(default_factory=ShownMap)
    joins: tuple[Join, ...] = ()
    ids: Ids = "keep"
    reading: Dict[str, Reading] = field(default_factory=dict)
    title: str = ""
    licence: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """Names of all files that are read, each once."""
        named = (*self.interactions.files, *self.items.files, *self.people.files)
        return tuple(dict.fromkeys([*named, *(one.file for one in self.joins)]))
