"""Read one table from a CSV or Parquet file, and say in one sentence why it cannot be read."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from engine.data.account import Account
from engine.data.csv_table import read_csv
from engine.data.limits import check_shape, check_size
from engine.data.parquet_table import read_parquet
from engine.data.wording import counted
from engine.errors import DataError

__all__ = ["find_table", "read_table"]

SUFFIXES = (".csv", ".parquet")
NAMELESS = ("", "index", "level_0", "__index_level_0__")
UNNAMED = "Unnamed: "
"""What pandas calls a column without a name when it writes it again."""


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


def read_table(path: Path, expected: Collection[str], account: Account) -> pd.DataFrame:
    """Read a table; in CSV every column is text, and an empty field is missing.

    Columns that only number the rows (without a name, or named as programs name an index) are
    left out and noted. See :mod:`engine.data.csv_table` and :mod:`engine.data.parquet_table`.

    Raises
    ------
    DataError
        If the file is empty, has no rows, is too large, or is not of its kind at all.
    """
    try:
        n_bytes = path.stat().st_size
        if n_bytes == 0:
            raise DataError(f"{path.name} is empty (0 rows): write the table into it.")
        check_size(path.name, n_bytes)
        is_parquet = path.suffix == ".parquet"
        table = read_parquet(path, account) if is_parquet else read_csv(path, expected, account)
    except OSError as error:
        raise DataError(f"{path} cannot be opened ({error.strerror or error}).") from error
    if not len(table):
        raise DataError(f"{path.name} has a header but no rows (0 rows): write the table into it.")
    check_shape(path.name, *table.shape)
    table.columns = pd.Index([str(name).strip() for name in table.columns])
    return _without_index(table, path.name, account)


def _without_index(table: pd.DataFrame, file: str, account: Account) -> pd.DataFrame:
    is_index = [
        name.startswith(UNNAMED) or (name in NAMELESS and (not name or _counts_rows(table[name])))
        for name in table.columns
    ]
    if any(is_index):
        account.note(
            f"{file}: {counted(sum(is_index), 'column')} without a name, or numbering the rows: "
            "not used."
        )
    return table.loc[:, [not one for one in is_index]]


def _counts_rows(column: pd.Series | pd.DataFrame) -> bool:
    """Whether a column is 0, 1, 2, … or 1, 2, 3, …."""
    if isinstance(column, pd.DataFrame):  # the name comes twice
        return False
    numbers = pd.to_numeric(column, errors="coerce")
    return bool((numbers.diff().iloc[1:] == 1).all() and numbers.iloc[0] in (0, 1))
