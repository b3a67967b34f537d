"""Read files through the importer's own door, for its tests."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from engine.importing.cells import Column, id_sql, number_sql
from engine.importing.database import open_database
from engine.importing.findings import Findings
from engine.importing.importer import open_sources
from engine.importing.loading import load
from engine.importing.reading import Reading
from engine.importing.times import moment_sql

MADE = {"time": moment_sql, "number": number_sql, "id": id_sql}


def rows_of(path: Path, **how) -> tuple[tuple[str, ...], list[tuple], Findings]:
    """Return the columns and rows of one file, all text, and what was found."""
    findings = Findings()
    with open_database() as database:
        sources = open_sources(database, [path], findings, {path.name: Reading(**how)})
        assert sources, [one.sentence for one in findings]
        source = next(iter(sources.values()))
        table, _ = load(database, source, source.columns, findings)
        return source.columns, database.rows(f'SELECT * FROM "{table}"'), findings


def made_of(kind: str, cells: list[str | None], **how) -> tuple[list, Findings]:
    """Return what is made of a column of cells: times, numbers or ids."""
    findings = Findings()
    with open_database() as database:
        database.run("CREATE TABLE t AS SELECT unnest($1::VARCHAR[]) AS c", [cells])
        sql = MADE[kind](database, Column("t", "c", "file.csv"), findings, **how)
        return database.column(f"SELECT {sql} FROM t"), findings


def words_in(folder: Path) -> set[str]:
    """Return every word and number that the files of a data set say, once they are read.

    Their bytes are compressed and their checksums hexadecimal, and a key of the day makes both
    anew: three letters, or five digits, stand in such by chance. A checksum is one word here.
    """
    said = []
    for path in folder.iterdir():
        if path.suffix == ".parquet":
            table = pd.read_parquet(path)
            said += [str(name) for name in table.columns]
            said += table.astype(str).to_numpy().ravel().tolist()
        else:
            said.append(path.read_text("utf-8"))
    return set(re.findall(r"\w+", "\n".join(said)))
