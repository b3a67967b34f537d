"""One file as a table of text that DuckDB reads: how it is written is found, or given."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from engine.data.limits import check_shape
from engine.errors import DataError
from engine.importing.database import Database, name_sql, text_sql
from engine.importing.dialect import DELIMITERS, Dialect, find_dialect
from engine.importing.encoding import ENCODINGS, Encoding, as_utf8, find_encoding
from engine.importing.findings import Findings
from engine.importing.layouts import documented_names
from engine.importing.nested import columns_of_objects, columns_of_structs
from engine.importing.reading import Reading
from engine.importing.rewriting import (
    rows_of_one_object,
    rows_with_their_heading,
    without_alignment,
    without_python,
)
from engine.importing.sheets import read_sheet

__all__ = ["SPREADSHEETS", "Source", "csv_sql", "open_source"]

SAMPLE_BYTES = 1 << 19
BOM = b"\xef\xbb\xbf"
SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(frozen=True, eq=False)
class Source:
    """A file that has been looked at.

    Attributes
    ----------
    name : str
        File name, which mappings and sentences use.
    kind : str
        ``csv``, ``parquet``, ``json`` or ``spreadsheet``.
    columns : tuple of str
    relation : str
        SQL of a table with these columns, all of them text.
    reading : Reading
        As found or given.
    dialect : Dialect or None
        Of text files.
    path : Path
        UTF-8 text, or the file itself.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    relation: str
    reading: Reading
    path: Path
    dialect: Dialect | None = None


def open_source(
    database: Database, name: str, path: Path, reading: Reading, findings: Findings
) -> Source:
    """Look at a file and say how it is read.

    Raises
    ------
    DataError
        It cannot be read at all.
    """
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(4096)
    try:
        if head.startswith(b"PAR1"):
            return _parquet(database, name, path)
        if suffix in SPREADSHEETS:
            return _sheet(database, name, path, reading)
        if re.match(rb"\s*(<!doctype\s+html|<html)", head.removeprefix(BOM), re.IGNORECASE):
            raise DataError(
                f"{name} is a web page, not a table: download the file that the page links to."
            )
        if suffix in (".jsonl", ".ndjson", ".json") or head.lstrip(b"\xef\xbb\xbf \n\r\t")[:1] in (
            b"{",
        ):
            return _json(database, name, path, findings)
        return _csv(database, name, path, reading, findings)
    except duckdb.Error as error:
        said = str(error).strip().split("\n")[0][:200]
        raise DataError(
            f"{name} cannot be read ({said}): write it again, as CSV, Parquet or JSON lines."
        ) from error


def _csv(database: Database, name: str, path: Path, reading: Reading, findings: Findings) -> Source:
    encoding = find_encoding(path, reading.encoding)
    plain = as_utf8(path, encoding, database.scratch / f"{path.name}.utf8")
    headed = database.scratch / f"{path.name}.headed"
    plain = rows_with_their_heading(plain, headed, name, findings)
    plain = without_alignment(plain, database.scratch / f"{path.name}.aligned", name, findings)
    with plain.open(encoding="utf-8-sig", errors="replace", newline=None) as file:
        sample = file.read(SAMPLE_BYTES)
        if len(sample) == SAMPLE_BYTES:
            sample = sample[: sample.rfind("\n")]
    if reading.delimiter is not None and reading.delimiter not in DELIMITERS:
        raise DataError(
            f"{name}: {reading.delimiter!r} is not known as what is between columns: give one of "
            f"{', '.join(map(repr, DELIMITERS))}."
        )
    dialect = find_dialect(
        sample,
        delimiter=reading.delimiter,
        quote=reading.quote,
        has_header=reading.header,
    )
    check_shape(name, 1, len(dialect.names))
    known = None if dialect.has_header else documented_names(name, len(dialect.names))
    dialect = replace(dialect, names=known) if known else dialect
    _say_encoding(name, encoding, sample, findings)
    _say_dialect(name, dialect, findings)
    found = Reading(
        encoding.name, dialect.delimiter, dialect.quote, dialect.has_header, reading.sheet
    )
    relation = csv_sql(plain, dialect, "ignore_errors = true")
    return Source(name, "csv", dialect.names, relation, found, plain, dialect)


def csv_sql(path: Path, dialect: Dialect, errors: str) -> str:
    """Write the call that reads a CSV strictly: what does not fit its names is no row."""
    columns = ", ".join(f"{text_sql(one)}: 'VARCHAR'" for one in dialect.names)
    quoting = f"quote = {text_sql(dialect.quote)}, escape = {text_sql(dialect.escape)}"
    return (
        f"read_csv({text_sql(str(path))}, delim = {text_sql(dialect.delimiter)}, {quoting}, "
        f"header = {str(dialect.has_header).lower()}, skip = {dialect.n_skipped}, "
        f"columns = {{{columns}}}, auto_detect = false, strict_mode = true, "
        f"max_line_size = 16777216, {errors})"
    )


def _say_encoding(name: str, encoding: Encoding, sample: str, findings: Findings) -> None:
    if encoding.is_guess:
        words = {word for word in sample.split() if not word.isascii()}
        findings.add(
            "changed",
            f"the file is no UTF-8 and is read as {ENCODINGS[encoding.name]}; if these words look "
            "wrong, choose another encoding",
            file=name,
            examples=sorted(words, key=len)[:8],
        )
    if encoding.n_broken:
        findings.add(
            "changed", f"{encoding.n_broken:,} bytes are no UTF-8 and are read as `�`", file=name
        )


def _say_dialect(name: str, dialect: Dialect, findings: Findings) -> None:
    if not dialect.has_header:
        findings.add(
            "changed",
            "the first row holds values, not names, so the columns are "
            + (
                "numbered; say if it does name them"
                if dialect.names[0] == "column 1"
                else f"called what its authors call them ({', '.join(dialect.names)})"
            ),
            file=name,
        )
    if dialect.n_skipped:
        findings.add(
            "left out",
            "lines before the names of the columns",
            file=name,
            n_rows=dialect.n_skipped,
        )


def _parquet(database: Database, name: str, path: Path) -> Source:
    whole = f"read_parquet({text_sql(str(path))})"
    n_rows = database.row(f"SELECT count(*) FROM {whole}")[0]
    parts = columns_of_structs(database, whole)
    check_shape(name, n_rows, len(parts))
    selected = ", ".join(f"{sql} AS {name_sql(one)}" for one, sql in parts.items())
    return Source(
        name, "parquet", tuple(parts), f"(SELECT {selected} FROM {whole})", Reading(), path
    )


def _sheet(database: Database, name: str, path: Path, reading: Reading) -> Source:
    table = read_sheet(path, reading.sheet)
    check_shape(name, *table.shape)
    known_as = f"sheet of {name}"
    database.register(known_as, table)
    return Source(
        name,
        "spreadsheet",
        tuple(table.column_names),
        name_sql(known_as),
        replace(reading, encoding=None),
        path,
    )


def _json(database: Database, name: str, path: Path, findings: Findings) -> Source:
    path = without_python(path, database.scratch / f"{path.name}.objects", name, findings)
    path = rows_of_one_object(path, database.scratch / f"{path.name}.rows", name, findings)
    with path.open("rb") as file:
        is_array = file.read(4096).lstrip(b"\xef\xbb\xbf \n\r\t")[:1] == b"["
    form = "array" if is_array else "newline_delimited"
    errors = "" if is_array else ", ignore_errors = true"
    whole = (
        f"read_json_objects({text_sql(str(path))}, format = '{form}'{errors}, "
        "maximum_object_size = 16777216)"
    )
    n_rows, n_broken = database.row(
        f"SELECT count(*), n_if(json IS NULL OR json_type(json) <> 'OBJECT') FROM {whole}"
    )
    parts = columns_of_objects(database, whole)
    if not parts:
        raise DataError(f"{name} holds no JSON objects: write one object a line.")
    check_shape(name, n_rows, len(parts))
    if n_broken:
        findings.add("left out", "lines that are no JSON object", file=name, n_rows=n_broken)
    selected = ", ".join(f"{sql} AS {name_sql(one)}" for one, sql in parts.items())
    relation = f"(SELECT {selected} FROM {whole} WHERE json_type(json) = 'OBJECT')"
    return Source(name, "json", tuple(parts), relation, Reading(), path)
