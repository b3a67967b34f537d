"""The store's file: its tables, how an older one is brought up to date, how it is opened.

Nothing is ever overwritten: a change is a row more, and what stands is the last row of each.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee

from engine.saved.errors import GO_ON, StoreError, said

__all__ = ["MIGRATIONS", "REVISIONS", "STEPS", "VERSION", "reading", "writing"]

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE revisions (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        data TEXT NOT NULL,
        action TEXT NOT NULL,
        name TEXT NOT NULL,
        note TEXT NOT NULL,
        content TEXT NOT NULL,
        is_deleted INTEGER NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL,
        why TEXT NOT NULL,
        UNIQUE (id, revision)
    )
    """,
    """
    CREATE TABLE steps (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        data TEXT NOT NULL,
        action TEXT NOT NULL,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        who TEXT NOT NULL,
        at TEXT NOT NULL,
        why TEXT NOT NULL
    )
    """,
)
"""What each version adds to the one before; ``user_version`` counts those that were done."""

VERSION = len(MIGRATIONS)

REVISIONS, STEPS = peewee.Table("revisions"), peewee.Table("steps")

WAIT = 20.0
"""Seconds that a change waits for another one to end."""

PRAGMAS: tuple[tuple[str, str | int], ...] = (("journal_mode", "wal"), ("synchronous", "full"))


@contextmanager
def writing(path: Path) -> Iterator[peewee.SqliteDatabase]:
    """Open the store for one change, which is there whole or not at all; made if missing.

    Raises
    ------
    StoreError
    """
    with said(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        database = peewee.SqliteDatabase(str(path), pragmas=PRAGMAS, timeout=WAIT)
        with database.connection_context():
            _bring_up_to_date(database, path)
            with database.atomic("IMMEDIATE"):
                yield database


@contextmanager
def reading(path: Path) -> Iterator[peewee.SqliteDatabase | None]:
    """Open the store to read; ``None`` where there is none yet, and none is made.

    A file, or a folder, that may not be written to is read all the same.

    Raises
    ------
    StoreError
    """
    if not path.exists():
        yield None
        return
    with said(path):
        database = _open_to_read(path)
        with database.connection_context():
            if database.user_version < VERSION:
                _bring_up_to_date(database, path)
            _refuse_newer(database, path)
            yield database


def _open_to_read(path: Path) -> peewee.SqliteDatabase:
    """Open as usual, or, where the log cannot be made beside the file, as it lies there."""
    uri = path.resolve().as_uri()
    # a folder that may not be written to has no log that somebody could be writing
    for ending in ("?mode=rw", "?mode=ro", "?immutable=1"):
        database = peewee.SqliteDatabase(uri + ending, uri=True, timeout=WAIT)
        try:
            with database.connection_context():
                database.execute_sql("SELECT count(*) FROM sqlite_master").fetchone()
        except peewee.OperationalError:
            if ending == "?immutable=1":
                raise
        else:
            break
    return database


def _bring_up_to_date(database: peewee.SqliteDatabase, path: Path) -> None:
    """Do what is still to be done, all of it or nothing."""
    _refuse_newer(database, path)
    if database.user_version == VERSION:
        return
    with database.atomic("IMMEDIATE"):
        for version in range(database.user_version, VERSION):
            database.execute_sql(MIGRATIONS[version])
        database.user_version = VERSION


def _refuse_newer(database: peewee.SqliteDatabase, path: Path) -> None:
    if database.user_version > VERSION:
        raise StoreError(
            f"The store of scenarios {path} was written by a newer version of Rerank Studio "
            f"(format {database.user_version}; this one knows up to {VERSION}), and was not "
            f"touched: update; {GO_ON}."
        )
