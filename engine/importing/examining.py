"""A first look at files: their columns, ten rows of each, and what they seem to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine.importing.database import Database, name_sql, open_database
from engine.importing.findings import Findings
from engine.importing.guess import guess_mapping
from engine.importing.importer import open_sources
from engine.importing.mapping import Mapping as ColumnMapping
from engine.importing.profiles import Profile
from engine.importing.reading import Reading

__all__ = ["Examined", "Look", "examine"]

SHOWN = 10


@dataclass(frozen=True, eq=False)
class Look:
    """One file.

    Attributes
    ----------
    name, kind : str
    profiles : dict
        Column → what it holds, of the first 20,000 rows.
    first : DataFrame
        Ten rows, all text.
    reading : Reading
        How it is read, as found or given.
    """

    name: str
    kind: str
    profiles: Mapping[str, Profile]
    first: pd.DataFrame
    reading: Reading

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.profiles)


@dataclass(frozen=True, eq=False)
class Examined:
    """All files, the mapping that is guessed, and what was found on the way."""

    looks: Mapping[str, Look]
    guess: ColumnMapping
    findings: Findings


def examine(paths: Sequence[Path], reading: Mapping[str, Reading] | None = None) -> Examined:
    """Look at files without reading them whole.

    Parameters
    ----------
    paths : sequence of Path
    reading : mapping, optional
        File → how it is to be read.
    """
    findings = Findings()
    with open_database() as database:
        sources = open_sources(database, paths, findings, reading)
        guess, profiles = guess_mapping(database, list(sources.values()))
        looks = {
            name: Look(
                name,
                one.kind,
                profiles[name],
                _first(database, f"sample of {name}"),
                one.reading,
            )
            for name, one in sources.items()
        }
    return Examined(looks, guess, findings)


def _first(database: Database, table: str) -> pd.DataFrame:
    columns = database.column(f"SELECT column_name FROM (DESCRIBE {name_sql(table)})")
    rows = database.rows(f"SELECT * FROM {name_sql(table)} LIMIT {SHOWN}")
    return pd.DataFrame(rows, columns=pd.Index(columns), dtype="object").fillna("")
