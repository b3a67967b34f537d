"""From files and a mapping to checked tables, and from these to a data set of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.data.liked import Liked
from engine.errors import DataError
from engine.importing.catalogue import make_items
from engine.importing.database import Database
from engine.importing.findings import Findings
from engine.importing.left_behind import say_left_behind
from engine.importing.lists_in_cells import each_in_a_row
from engine.importing.log import make_log
from engine.importing.mapping import Mapping as ColumnMapping
from engine.importing.mapping import PeopleMap
from engine.importing.odd import say_what_is_odd
from engine.importing.people import hide_ids, make_people
from engine.importing.properties import in_columns
from engine.importing.reading import Reading
from engine.importing.sheets import sheets_with_rows
from engine.importing.shown_places import SHOWN, make_shown, shown_columns
from engine.importing.sources import SPREADSHEETS, Source, open_source
from engine.importing.threshold import Values, liked_of_log, values_of
from engine.importing.unpacking import unpacked
from engine.importing.views import View, make_view

__all__ = ["Built", "Tell", "build", "open_sources"]

Tell = Callable[[str, float], None]
"""Called with what is being done, and the share of the whole that was done before it."""


@dataclass(frozen=True, eq=False)
class Built:
    """What came of an import, in the database's tables.

    Attributes
    ----------
    findings : Findings
        Everything that was found; with a problem among it, the tables may be missing.
    counts : dict
        ``read`` rows of interactions, and ``people``, ``items``, ``interactions`` that are left;
        ``shown``, the impressions that are kept as a log.
    values : Values or None
    liked : Liked or None
    has_time : bool
    """

    findings: Findings
    counts: Mapping[str, int]
    values: Values | None
    liked: Liked | None
    has_time: bool


def open_sources(
    database: Database,
    paths: Sequence[Path],
    findings: Findings,
    reading: Mapping[str, Reading] | None = None,
) -> dict[str, Source]:
    """Look at files, and at what is packed in them; name → source.

    What cannot be read is a problem of its own, the others are looked at all the same.
    """
    sources: dict[str, Source] = {}
    for number, path in enumerate(paths):
        room = database.scratch / f"files-{number}"
        room.mkdir()
        try:
            tables = unpacked(path, room)
        except DataError as error:
            findings.add("problem", str(error), file=path.name)
            continue
        for name, table in tables.items():
            name = name if name not in sources else f"{path.name}/{name}"
            try:
                for own, how in _parts(name, table, (reading or {}).get(name), findings):
                    source = open_source(database, own, table, how, findings)
                    source = each_in_a_row(database, source, findings)
                    sources[own] = in_columns(database, source, findings)
            except DataError as error:
                findings.add("problem", str(error), file=name)
    return sources


def _parts(
    name: str, path: Path, how: Reading | None, findings: Findings
) -> Iterator[tuple[str, Reading]]:
    """Yield the tables of a file and how each is read: every sheet with rows is one of its own."""
    if path.suffix.lower() not in SPREADSHEETS or (how is not None and how.sheet is not None):
        yield name, how or Reading()
        return
    filled, empty = sheets_with_rows(path)
    if len(filled) < 2:
        yield name, how or Reading()
        return
    without = f"; {', '.join(empty[:5])} without rows" if empty else ""
    findings.add(
        "changed",
        f"each of its {len(filled)} sheets with rows is a table of its own "
        f"({', '.join(filled[:5])}{' …' if len(filled) > 5 else ''}){without}",
        file=name,
    )
    for sheet in filled:
        yield f"{name}/{sheet}", Reading(sheet=sheet)


def build(
    database: Database,
    sources: Mapping[str, Source],
    mapping: ColumnMapping,
    findings: Findings,
    tell: Tell | None = None,
) -> Built:
    """Make the tables of interactions, items and people, and look at them.

    Everything that can be found is found in one go: a wrong column of people does not hide a
    wrong date.
    """
    say = tell or (lambda _what, _share: None)
    is_complete = _check_complete(mapping, findings)
    for name in sources:
        if is_complete and name not in mapping.files:
            findings.add("odd", "nothing of this file is used; choose columns of it", file=name)
    log, counts = mapping.interactions, {"read": 0, "people": 0, "items": 0, "interactions": 0}
    counts["shown"] = 0
    if not is_complete:
        return Built(findings, counts, None, None, bool(log.time))
    say("Reading interactions", 0.0)
    from_log = (() if mapping.items.files else _item_columns(mapping)) + (
        () if mapping.people.files else mapping.people.columns
    )
    wanted = (log.person, log.item, log.time, log.clock, log.value, log.event, *from_log)
    wanted = (*wanted, *shown_columns(mapping.shown).values())
    view = make_view(database, sources, log.files, wanted, mapping.joins, findings)
    items_view = _items_view(database, sources, mapping, view, findings)
    people_view = _people_view(database, sources, mapping, view, findings)
    say_left_behind(
        sources,
        mapping,
        (*wanted_in_all(mapping), *(one for one in wanted if one)),
        findings,
    )
    # a file that could not be opened was a problem before: by now columns were looked for as well
    if not findings.is_usable or view is None or items_view is None or people_view is None:
        return Built(findings, counts, None, None, bool(log.time))
    say("Checking interactions", 0.4)
    counts["read"] = view.n_rows
    counts["shown"] = make_shown(database, view, log, mapping.shown, findings)
    counts["interactions"] = make_log(
        database, view, log, findings, keeps_shown=counts["shown"] > 0
    )
    if not counts["interactions"]:
        findings.add("problem", "no interaction is left; see what was left out")
        return Built(findings, counts, None, None, bool(log.time))
    say("Items", 0.65)
    counts["items"] = make_items(database, items_view, mapping.items, findings)
    say("People", 0.75)
    people = mapping.people if mapping.people.person else _people_of(mapping)
    counts["people"] = make_people(database, people_view, people, findings)
    hide_ids(database, mapping.ids, findings, also=(SHOWN,) if counts["shown"] else ())
    if mapping.ids != "keep":
        findings.name_nobody((log.person, mapping.people.person))
    say("Looking for what is odd", 0.85)
    say_what_is_odd(
        database, findings, has_time=bool(log.time), keeps_repeats=log.repeats == "again"
    )
    values = values_of(database)
    liked = liked_of_log(database, values, log, findings)
    return Built(findings, counts, values, liked, bool(log.time))


def _check_complete(mapping: ColumnMapping, findings: Findings) -> bool:
    log = mapping.interactions
    if not log.files:
        findings.add("problem", "no file holds interactions: say which one does")
    for name, column in (("person", log.person), ("item", log.item)):
        if not column:
            findings.add(
                "problem",
                f"no column names the {name} of an interaction: choose it",
                file=", ".join(log.files[:3]),
            )
    return bool(log.files and log.person and log.item)


def wanted_in_all(mapping: ColumnMapping) -> tuple[str, ...]:
    """Return the columns of items and people that are mapped."""
    return (*_item_columns(mapping), mapping.people.person, *mapping.people.columns)


def _item_columns(mapping: ColumnMapping) -> tuple[str, ...]:
    items = mapping.items
    named = (items.item, items.title, items.released, items.provider)
    return (*(one for one in named if one), *items.genres, *items.columns)


def _items_view(
    database: Database,
    sources: Mapping[str, Source],
    mapping: ColumnMapping,
    log: View | None,
    findings: Findings,
) -> View | None:
    if not mapping.items.files:
        return log
    columns = _item_columns(mapping)
    return make_view(
        database,
        sources,
        mapping.items.files,
        columns,
        mapping.joins,
        findings,
        keeps_all=mapping.items.genres,
    )


def _people_view(
    database: Database,
    sources: Mapping[str, Source],
    mapping: ColumnMapping,
    log: View | None,
    findings: Findings,
) -> View | None:
    people = mapping.people
    if not people.files:
        return log
    columns = (people.person, *people.columns)
    return make_view(database, sources, people.files, columns, mapping.joins, findings)


def _people_of(mapping: ColumnMapping) -> PeopleMap:
    return replace(mapping.people, person=mapping.interactions.person)
