"""Read one table from a CSV or Parquet file, and say in one sentence why it cannot be read."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engine.data.wording import counted
from engine.errors import DataError

__all__ = ["find_table", "read_table"]

SUFFIXES = (".csv", ".parquet")
SEPARATORS = ",;\t"


def find_table(folder: Path, name: str) -> Path | None:
    """Return the file of table ``name`` in ``folder``, or None.

    Raises
    ------
    DataError
        If the table is there both as CSV and as Parquet.
    """
    found = [path for suffix in SUFFIXES if (path := folder / f"{name}{suffix}").is_file()]
    if len(found) > 1:
        raise DataError(
            f"{folder} holds both {found[0].name} and {found[1].name}, and only one can be meant: "
            "move one of them away."
        )
    return found[0] if found else None


def read_table(path: Path) -> pd.DataFrame:
    """Read a table; in CSV every column is text, and an empty field is missing.

    CSV is UTF-8 with a header; the separator is a comma, a semicolon or a tab, whichever the
    header has most of. In Parquet, a list of texts becomes one text with ``|`` between.

    Raises
    ------
    DataError
        If the file is empty, has no rows, is not UTF-8, or is not of its kind at all.
    """
    try:
        if path.stat().st_size == 0:
            raise DataError(f"{path.name} is empty (0 rows): write the table into it.")
        table = _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    except OSError as error:
        raise DataError(f"{path} cannot be opened ({error.strerror or error}).") from error
    if not len(table):
        raise DataError(f"{path.name} has a header but no rows (0 rows): write the table into it.")
    table.columns = [str(name).strip() for name in table.columns]
    return table


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline()
            separator = max(SEPARATORS, key=header.count)
            columns = next(csv.reader([header], delimiter=separator))
        with warnings.catch_warnings():
            # Rows longer than the header would be cut off with no more than a warning.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(
                path,
                sep=separator,
                dtype="str",
                encoding="utf-8-sig",
                na_values=[""],
                keep_default_na=False,
                index_col=False,
            )
    except UnicodeDecodeError as error:
        raise DataError(_not_utf8(path)) from error
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        reason = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        raise DataError(
            f"{path.name} is not a regular CSV table ({reason}): put quotes around every field "
            "that holds a separator, and give every row as many fields as the header."
        ) from error
    if len(columns) == table.shape[1]:
        table.columns = pd.Index(columns)  # a name that comes twice keeps its name
    return table


def _not_utf8(path: Path) -> str:
    content = path.read_bytes()
    try:
        content.decode("utf-8")
        line, byte = 0, 0
    except UnicodeDecodeError as error:
        line, byte = content.count(b"\n", 0, error.start) + 1, content[error.start]
    n_rows = max(content.count(b"\n") - 1, 0)
    return (
        f"{path.name} (about {counted(n_rows, 'row')}) is not UTF-8 text: line {line:,} "
        f"holds the byte 0x{byte:02x}; save the file again with the encoding UTF-8."
    )


def _read_parquet(path: Path) -> pd.DataFrame:
    try:
        table = pq.read_table(path)
    except pa.ArrowException as error:
        raise DataError(
            f"{path.name} is not a readable Parquet file: write it again, or save it as CSV."
        ) from error
    for index, column in enumerate(table.schema):
        if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            joined = pc.binary_join(table.column(index).cast(pa.list_(pa.string())), "|")
            table = table.set_column(index, column.name, joined)
    return table.to_pandas(ignore_metadata=True)
