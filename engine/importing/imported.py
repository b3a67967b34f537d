"""Data sets that were imported: what is known of each, reading one, taking one away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from engine.data.assembly import assemble
from engine.data.attribute_names import unique_names
from engine.data.contract import USER_ID, Dataset, Drop
from engine.data.download import checksum
from engine.data.home import data_folder
from engine.data.liked import liked_of
from engine.data.movielens_sources import RELEASES
from engine.data.simulated import SIMULATED
from engine.errors import DataError
from engine.importing.findings import Findings

__all__ = [
    "FORMAT",
    "MAPPING",
    "RECORD",
    "SHOWN_TABLE",
    "TABLES",
    "Imported",
    "check_name",
    "imported_names",
    "is_imported",
    "load_imported",
]

FORMAT = 1
RECORD = "import.json"
MAPPING = "mapping.json"
TABLES = {
    "interactions": "interactions.parquet",
    "items": "items.parquet",
    "users": "users.parquet",
}
SHOWN_TABLE = "shown.parquet"
"""What was shown, where the files said it."""

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True, eq=False)
class Imported:
    """What an import wrote down of itself.

    Attributes
    ----------
    name, title, licence : str
    when : str
        ISO 8601, UTC.
    has_time : bool
        Whether interactions have a time.
    liked : float
        Values from here on are liked.
    liked_why : str
    counts : dict
        ``read``, ``interactions``, ``people``, ``items``.
    files : list of dict
        ``name``, ``bytes``, ``sha256`` of each file that was read.
    findings : Findings
    sums : dict
        Table's file → SHA-256.
    again : bool
        Whether people take the same item again and again.
    """

    name: str
    title: str
    licence: str
    when: str
    has_time: bool
    liked: float
    liked_why: str
    counts: dict[str, int]
    files: list[dict[str, Any]]
    findings: Findings
    sums: dict[str, str]
    again: bool = False

    @classmethod
    def open(cls, name: str) -> Imported:
        """Read what the import called ``name`` wrote.

        Raises
        ------
        DataError
            There is none, or it is damaged.
        """
        path = data_folder(name) / RECORD
        try:
            record = json.loads(path.read_text("utf-8"))
            if record["format"] != FORMAT:
                raise DataError(
                    f"{name} was imported by another version of this program: import it again."
                )
            return cls(
                when=record["imported"],
                findings=Findings.from_json(record["findings"]),
                again=bool(record.get("again", False)),
                **{
                    field: record[field]
                    for field in cls.__dataclass_fields__
                    if field not in ("when", "findings", "again")
                },
            )
        except FileNotFoundError as error:
            raise DataError(f"No data set of the name {name!r} was imported.") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"The record of {name} ({path}) is damaged: import it again."
            ) from error

    @property
    def folder(self) -> Path:
        """Where its tables are."""
        return data_folder(self.name)


def check_name(name: str) -> None:
    """Raise :class:`DataError` for a name that an import cannot have.

    >>> check_name("my-shop_2026")
    """
    if not NAME.fullmatch(name):
        raise DataError(
            f"{name[:40]!r} cannot be the name of a data set: give small letters without accents, "
            "digits, dashes and underscores, at most 60, a letter or digit first."
        )
    if name in RELEASES or name.startswith(SIMULATED):
        raise DataError(
            f"{name} is the name of a data set that comes with the studio: give another."
        )


def is_imported(name: str) -> bool:
    """Whether an import of that name is there."""
    return bool(NAME.fullmatch(name)) and (data_folder(name) / RECORD).is_file()


def imported_names() -> list[str]:
    """Names of all imports, in the order of the alphabet."""
    return sorted(path.parent.name for path in data_folder("x").parent.glob(f"*/{RECORD}"))


def load_imported(name: str, *, liked: float | None = None) -> Dataset:
    """Read an imported data set.

    Parameters
    ----------
    name : str
    liked : float, optional
        In place of the threshold that the import chose.

    Raises
    ------
    DataError
        Its files are not as the import wrote them, or nothing reaches the threshold.
    """
    known = Imported.open(name)
    tables = {}
    files = TABLES | ({"shown": SHOWN_TABLE} if SHOWN_TABLE in known.sums else {})
    for table, file in files.items():
        path = known.folder / file
        try:
            if checksum(path, "sha256") != known.sums[file]:
                raise DataError(f"{path} has been changed since the import: import {name} again.")
            tables[table] = pd.read_parquet(path)
        except (OSError, pa.ArrowException) as error:
            raise DataError(f"{path} cannot be read: import {name} again.") from error
    log = tables["interactions"]
    threshold = liked_of(log, liked if liked is not None else known.liked, known.title)
    findings = known.findings
    return assemble(
        log.assign(timestamp=log["timestamp"].astype("datetime64[s]")),
        tables["items"],
        _people(tables["users"]),
        name=name,
        title=known.title,
        provenance="own",
        liked_threshold=threshold.threshold,
        drops=tuple(
            Drop(one.file, one.column, one.n_rows, one.text)
            for one in findings.of("left out")
            if one.n_rows
        ),
        licence=known.licence,
        source=f"Imported on {known.when[:10]} from "
        f"{', '.join(file['name'] for file in known.files)}",
        notes=tuple(_notes(findings, known, threshold.sentence, liked)),
        has_time=known.has_time,
        again=known.again,
        shown=tables.get("shown"),
    )


def _people(users: pd.DataFrame) -> pd.DataFrame:
    columns = [name for name in users.columns if name != USER_ID]
    wanted = ["age band" if name.casefold() == "age" else name for name in columns]
    return users.rename(columns=dict(zip(columns, unique_names(wanted).values(), strict=True)))


def _notes(
    findings: Findings, known: Imported, sentence: str, liked: float | None
) -> Iterator[str]:
    yield from (one.sentence for one in findings.of("left out") if not one.n_rows)
    yield from (one.sentence for one in findings.of("changed"))
    yield from (one.sentence for one in findings.of("odd"))
    yield sentence if liked is not None else sentence.replace("as asked for", known.liked_why)
