"""A finished import written as a data set of its own, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.data.download import checksum, folder_in_progress
from engine.data.home import data_folder
from engine.errors import DataError
from engine.importing.catalogue import ITEMS
from engine.importing.database import Database, name_sql, open_database
from engine.importing.findings import Findings
from engine.importing.guess import guess_mapping
from engine.importing.imported import (
    FORMAT,
    MAPPING,
    RECORD,
    SHOWN_TABLE,
    Imported,
    check_name,
)
from engine.importing.importer import Built, Tell, build, open_sources
from engine.importing.log import LOG
from engine.importing.mapping import Mapping, Repeats
from engine.importing.mapping_file import mapping_to_json
from engine.importing.people import PEOPLE
from engine.importing.shown_places import SHOWN
from engine.written_beside import write_beside

__all__ = ["check_files", "import_files"]


OnBuilt = Callable[[Built, Mapping], None]
"""Called with what was found and the mapping, before anything is kept or refused."""


def check_files(
    paths: Sequence[Path],
    mapping: Mapping | None = None,
    *,
    liked: float | None = None,
    repeats: Repeats | None = None,
    tell: Tell | None = None,
) -> tuple[Built, Mapping]:
    """Read and check files as an import would, and keep nothing.

    Parameters
    ----------
    paths : sequence of Path
    mapping : Mapping, optional
        Guessed where it is None.
    liked : float, optional
        In place of the mapping's threshold.
    repeats : str, optional
        In place of the mapping's.
    tell : callable, optional

    Returns
    -------
    built : Built
        Its findings are all that was found.
    mapping : Mapping
        As given or guessed.
    """
    with open_database() as database:
        return _built(database, paths, mapping, (liked, repeats), tell)


def _built(
    database: Database,
    paths: Sequence[Path],
    mapping: Mapping | None,
    said: tuple[float | None, Repeats | None],
    tell: Tell | None,
) -> tuple[Built, Mapping]:
    findings = Findings()
    sources = open_sources(database, paths, findings, mapping.reading if mapping else None)
    if mapping is None:
        mapping, _ = guess_mapping(database, list(sources.values()))
    named = zip(("liked", "repeats"), said, strict=True)
    changes: dict[str, Any] = {name: one for name, one in named if one is not None}
    mapping = replace(mapping, interactions=replace(mapping.interactions, **changes))
    return build(database, sources, mapping, findings, tell), mapping


def import_files(
    paths: Sequence[Path],
    mapping: Mapping | None,
    name: str,
    *,
    liked: float | None = None,
    repeats: Repeats | None = None,
    on_built: OnBuilt | None = None,
    tell: Tell | None = None,
) -> Imported:
    """Import files as the data set ``name``; one of that name is replaced once all is well.

    Parameters
    ----------
    paths, mapping, liked, repeats, tell
        As for :func:`check_files`.
    name : str
        See :func:`engine.importing.imported.check_name`.
    on_built : callable, optional

    Raises
    ------
    DataError
        The name cannot be one, or something has to be mended first: the sentence holds every
        problem that was found.
    """
    check_name(name)
    with open_database() as database:
        built, mapping = _built(database, paths, mapping, (liked, repeats), tell)
        if on_built:
            on_built(built, mapping)
        if not built.findings.is_usable:
            raise DataError(" ".join(one.sentence for one in built.findings.of("problem")))
        if tell:
            tell("Writing", 0.95)
        with folder_in_progress(data_folder(name)) as folder:
            write_tables(database, built, folder)
            record = json.dumps(
                _record(name, paths, mapping, built, folder), indent=1, ensure_ascii=False
            )
            write_beside(folder / RECORD, record)
            write_beside(folder / MAPPING, mapping_to_json(mapping))
    return Imported.open(name)


def _record(
    name: str, paths: Sequence[Path], mapping: Mapping, built: Built, folder: Path
) -> dict[str, object]:
    assert built.liked is not None
    return {
        "format": FORMAT,
        "name": name,
        "title": mapping.title or name,
        "licence": mapping.licence,
        "imported": datetime.now(UTC).isoformat(timespec="seconds"),
        "has_time": built.has_time,
        "again": mapping.interactions.repeats == "again",
        "liked": built.liked.threshold,
        "liked_why": built.liked.why,
        "counts": dict(built.counts),
        "files": [
            {"name": path.name, "bytes": path.stat().st_size, "sha256": checksum(path, "sha256")}
            for path in paths
        ],
        "findings": built.findings.as_json(),
        "sums": {path.name: checksum(path, "sha256") for path in sorted(folder.glob("*.parquet"))},
    }


def write_tables(database: Database, built: Built, folder: Path) -> None:
    """Write the tables of a finished import as Parquet, in the contract's form."""
    at = "moment" if built.has_time else _one_moment(database)
    described = database.column(f"SELECT DISTINCT event FROM {name_sql(LOG)} LIMIT 2")
    event = ", event" if described not in ([], [None]) else ""
    selects = {
        "interactions": f"SELECT user_id, item_id, {at} AS timestamp, value{event} "
        f"FROM {name_sql(LOG)}",
        "items": f"SELECT * FROM {name_sql(ITEMS)} ORDER BY item_id",
        "users": f"SELECT * FROM {name_sql(PEOPLE)} ORDER BY user_id",
    }
    if built.counts["shown"]:
        when = "timestamp" if built.has_time else at
        stem = Path(SHOWN_TABLE).stem
        selects[stem] = f"SELECT * REPLACE ({when} AS timestamp) FROM {name_sql(SHOWN)}"
    for name, select in selects.items():
        path = str(folder / f"{name}.parquet").replace("'", "''")
        database.run(f"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def _one_moment(database: Database) -> str:
    """Return the moment that stands for all where there is no time: that of the newest item."""
    columns = database.column(f"SELECT column_name FROM (DESCRIBE {name_sql(ITEMS)})")
    newest = None
    if "released" in columns:
        newest = database.row(f"SELECT max(released) FROM {name_sql(ITEMS)}")[0]
    return f"TIMESTAMP '{newest or '2000-01-01'}'"
