"""The store of scenarios: save, change, delete, restore; each change by somebody, for a reason.

Two people can change one scenario at once: a change names the revision that it was made from, and
where another came first it is refused with what changed, and nothing is lost.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import peewee

from engine.data.home import home
from engine.errors import ScenarioError
from engine.saved.errors import ConflictError, StoreError
from engine.saved.records import Author, Saved, stamp
from engine.saved.schema import REVISIONS, reading, writing
from engine.scenario import Scenario
from engine.scenario_values import MAX_TEXT, brief, text
from engine.scenario_words import differences

__all__ = ["ScenarioStore", "insert", "store_path"]

NOBODY = Author()


def store_path() -> Path:
    """Where the store is: one file next to the fits; it may not exist yet."""
    return home() / ".artifacts" / "scenarios.sqlite"


@dataclass(frozen=True)
class ScenarioStore:
    """The scenarios saved in one file.

    Every method raises :class:`StoreError` where the file is damaged, read-only, full or newer.
    ``now`` is the clock, the present by default.
    """

    path: Path

    def all(self, data: str = "", *, deleted: bool = False) -> tuple[Saved, ...]:
        """Return every scenario as it stands, of one data set or of all, the oldest first.

        ``deleted`` returns those that were deleted instead.
        """
        with reading(self.path) as database:
            newest = {} if database is None else _newest(database, data)
        return tuple(one for one in newest.values() if one.is_deleted == deleted)

    def get(self, id_: str, revision: int | None = None) -> Saved:
        """Return one scenario as it stands, or as a revision left it; a deleted one too."""
        found = [one for one in self.history(id_) if revision in (None, one.revision)]
        if not found:
            at = "" if revision is None else f", revision {revision}"
            raise StoreError(f"No saved scenario has the id {brief(id_)}{at}: it is of another "
                             "store, or of another machine; open its file instead.")  # fmt: skip
        return found[-1]

    def named(self, data: str, name: str) -> Saved:
        """Return the scenario of that name, or of that id."""
        known = self.all(data)
        for one in known:
            if name in (one.name, one.id):
                return one
        there = ", ".join(brief(one.name) for one in known) or "none yet"
        raise StoreError(f"No scenario of {data} is saved as {brief(name)}; there is {there}.")

    def history(self, id_: str) -> tuple[Saved, ...]:
        """Return a scenario as each of its changes left it, the first first."""
        with reading(self.path) as database:
            return () if database is None else tuple(_rows_of(database, REVISIONS.c.id == id_))

    def save(
        self, scenario: Scenario, *, data: str, name: str, note: str = "", by: Author = NOBODY,
        now: datetime | None = None,
    ) -> Saved:  # fmt: skip
        """Save a scenario under a name that no other of the data set has."""
        row = {"data": data, "action": "saved", "note": _checked_note(note)}
        return self._add(scenario, name, row, by, now)

    def duplicate(
        self, saved: Saved, *, name: str = "", by: Author = NOBODY, now: datetime | None = None
    ) -> Saved:
        """Save a copy, by default as ``NAME (2)``; it has a history of its own."""
        row = {"data": saved.data, "action": "duplicated", "note": saved.note}
        name = name or self.free_name(saved.data, saved.name)
        return self._add(saved.scenario, name, row, by, now)

    def change(
        self, saved: Saved, *, scenario: Scenario | None = None, name: str | None = None,
        note: str | None = None, by: Author = NOBODY, now: datetime | None = None,
    ) -> Saved:  # fmt: skip
        """Change the controls, the name or the note, from the revision that ``saved`` is.

        Raises
        ------
        ConflictError
            Somebody else changed it first.
        """
        action = "changed" if scenario else "renamed" if name else "annotated"
        new: dict[str, Any] = {"action": action, "is_deleted": False}
        if note is not None:
            new["note"] = _checked_note(note)
        if scenario is not None or name is not None:
            new["name"] = _checked_name(saved.name if name is None else name)
            new["content"] = _content(scenario or saved.scenario, new["name"])
        return self._change(saved, new, by, now)

    def delete(self, saved: Saved, *, by: Author = NOBODY, now: datetime | None = None) -> Saved:
        """Delete it; its history stays, and it can be restored."""
        return self._change(saved, {"action": "deleted", "is_deleted": True}, by, now)

    def restore(
        self, saved: Saved, revision: int, *, by: Author = NOBODY, now: datetime | None = None
    ) -> Saved:
        """Bring a scenario back to what a revision of it was, as a change more."""
        old = self.get(saved.id, revision)
        kept = {"name": old.name, "note": old.note, "content": old.content}
        return self._change(saved, {**kept, "action": "restored", "is_deleted": False}, by, now)

    def free_name(self, data: str, name: str) -> str:
        """Return the name, with a number behind it where it is taken."""
        taken = {one.name for one in self.all(data)}
        number, free = 2, name
        while free in taken:
            free = f"{name[: MAX_TEXT - 10]} ({number})"
            number += 1
        return free

    def _add(
        self, scenario: Scenario, name: str, given: dict[str, Any], by: Author,
        now: datetime | None,
    ) -> Saved:  # fmt: skip
        name = _checked_name(name)
        row = {
            **given, "id": secrets.token_hex(8), "revision": 1, "name": name,
            "content": _content(scenario, name), "is_deleted": 0,
            "who": by.who, "why": by.why, "at": stamp(now),
        }  # fmt: skip
        with writing(self.path) as database:
            _refuse_taken(database, row)
            return Saved(seq=insert(database, REVISIONS, row), **{**row, "is_deleted": False})

    def _change(self, saved: Saved, new: dict[str, Any], by: Author, now: datetime | None) -> Saved:
        made = replace(
            saved, **new, revision=saved.revision + 1, who=by.who, why=by.why, at=stamp(now)
        )
        row = {name: value for name, value in asdict(made).items() if name != "seq"}
        with writing(self.path) as database:
            known = _rows_of(database, REVISIONS.c.id == saved.id)
            if not known:
                raise StoreError(f"{brief(saved.name)} is not in this store: save it anew.")
            if known[-1].revision != saved.revision:
                raise ConflictError(known[-1], _changes(saved, known[-1]))
            if not made.is_deleted:
                _refuse_taken(database, row)
            return replace(made, seq=insert(database, REVISIONS, row))


def insert(database: peewee.SqliteDatabase, table: peewee.Table, row: dict[str, Any]) -> int:
    """Add a row; return its number in the order of all."""
    return int(table.insert(**row).execute(database))


def _rows_of(database: peewee.SqliteDatabase, which: peewee.Expression | None) -> list[Saved]:
    """Return whole revisions in the order in which they were made."""
    query = REVISIONS.select(*(getattr(REVISIONS.c, field.name) for field in fields(Saved)))
    query = query if which is None else query.where(which)
    rows = query.order_by(REVISIONS.c.seq).dicts().execute(database)
    return [Saved(**{**row, "is_deleted": bool(row["is_deleted"])}) for row in rows]


def _newest(database: peewee.SqliteDatabase, data: str) -> dict[str, Saved]:
    """Return the last revision of each scenario, in the order in which they were first saved."""
    rows = _rows_of(database, (REVISIONS.c.data == data) if data else None)
    return {one.id: one for one in rows}


def _refuse_taken(database: peewee.SqliteDatabase, row: dict[str, Any]) -> None:
    """Refuse the name of another scenario of the same data that is not deleted."""
    for one in _newest(database, row["data"]).values():
        if one.name == row["name"] and one.id != row["id"] and not one.is_deleted:
            raise StoreError(
                f"A scenario of {row['data']} is saved as {brief(row['name'])} already: give "
                "another name, or change that one."
            )


def _changes(mine: Saved, theirs: Saved) -> tuple[str, ...]:
    told = [f"name {brief(theirs.name)}"] if theirs.name != mine.name else []
    told += ["another note"] if theirs.note != mine.note else []
    try:
        return (*told, *differences(mine.scenario, theirs.scenario))
    except ScenarioError:  # of a newer version
        return tuple(told)


def _content(scenario: Scenario, name: str) -> str:
    return replace(scenario, name=name).to_json()


def _checked_name(name: str) -> str:
    if not isinstance(name, str) or not name.strip():
        raise StoreError("A saved scenario needs a name: give it one.")
    return text("a saved scenario", "name", name.strip())


def _checked_note(note: str) -> str:
    return text("a saved scenario", "note", note.strip())
