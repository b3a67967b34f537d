"""The database that an import works in: a file in a scratch folder, with a limit on memory."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from engine.data.home import home
from engine.errors import DataError

__all__ = ["Database", "name_sql", "open_database", "text_sql"]

MEMORY = "4GB"
SCRATCH = ".import-"
STALE = 6 * 3600
"""Seconds after which a folder of scratch belongs to nobody."""


def name_sql(name: str) -> str:
    """Write a name so that SQL takes it for one, whatever is in it.

    >>> name_sql('a "b"; DROP')
    '"a ""b""; DROP"'
    """
    return '"' + name.replace('"', '""') + '"'


def text_sql(text: str) -> str:
    """Write a text so that SQL takes it for one, whatever is in it.

    >>> text_sql("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


class Database:
    """A connection, and the scratch folder that goes with it.

    Attributes
    ----------
    scratch : Path
        For whatever is unpacked or written anew; gone when the database is closed.
    """

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        # Nothing is to be fetched from the network for an unknown file.
        self._connection = duckdb.connect(
            str(scratch / "work.duckdb"),
            config={
                "memory_limit": MEMORY,
                "temp_directory": str(scratch / "spill"),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        self._connection.execute("SET TimeZone = 'UTC'")
        # A condition that is null is not met, and of no rows none meets it.
        self._connection.execute("CREATE TEMP MACRO n_if(one) AS coalesce(count_if(one), 0)")
        self._connection.execute("SET enable_progress_bar = false")

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Execute a statement."""
        try:
            self._connection.execute(sql, list(values))
        except duckdb.OutOfMemoryException as error:
            raise DataError(
                f"There is not enough memory or room on the disk for these data ({MEMORY} are "
                "used): take a part of the rows, or leave columns out."
            ) from error

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the answer to a question that has few rows."""
        self.run(sql, values)
        return self._connection.fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...]:
        """Return the first row of an answer."""
        return self.rows(sql, values)[0]

    def column(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the first column of an answer."""
        return [row[0] for row in self.rows(sql, values)]

    def register(self, name: str, table: Any) -> None:
        """Make an Arrow table known under a name."""
        self._connection.register(name, table)

    def interrupt(self) -> None:
        """Stop what is being executed (from another thread)."""
        self._connection.interrupt()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


@contextmanager
def open_database() -> Iterator[Database]:
    """Open an empty database; it and its folder are gone when the block ends, however it ends."""
    parent = home() / ".data"
    parent.mkdir(parents=True, exist_ok=True)
    for stale in parent.glob(f"{SCRATCH}*"):  # of a process that was killed
        if time.time() - stale.stat().st_mtime > STALE:
            shutil.rmtree(stale, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=parent))
    database = Database(scratch)
    try:
        yield database
    finally:
        database.close()
        shutil.rmtree(scratch, ignore_errors=True)
