"""Read a Parquet file: nested columns become text where they hold genres, else are left out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from engine.data.account import Account
from engine.data.genres import BETWEEN, flattened
from engine.data.limits import check_shape
from engine.errors import DataError

__all__ = ["read_parquet"]

GENRES = "genres"


def read_parquet(path: Path, account: Account) -> pd.DataFrame:
    """Read a table of plain columns.

    Parameters
    ----------
    path : Path
    account : Account
        Gets a note on each column that is left out because its cells are no plain values.

    Raises
    ------
    DataError
        No Parquet, damaged, or larger than :mod:`engine.data.limits` allows.
    """
    try:
        about = pq.read_metadata(path)
        check_shape(path.name, about.num_rows, about.num_columns)
        table = pq.read_table(path)
        columns = {}
        for name, column in zip(table.column_names, table.columns, strict=True):
            plain = _plain(name, column)
            if plain is None:
                account.note(
                    f"{path.name}: column `{name}` holds {column.type} and no plain values: it is "
                    "not used."
                )
            else:
                columns[name] = plain
        return _frame(table.column_names, columns)
    except (pa.ArrowException, UnicodeDecodeError, OverflowError) as error:
        raise DataError(
            f"{path.name} is not a readable Parquet file: write it again, or save it as CSV."
        ) from error


def _frame(names: list[str], columns: dict[str, pa.ChunkedArray]) -> pd.DataFrame:
    """Put columns side by side; the names were all different or the file is refused by another."""
    kept = [name for name in dict.fromkeys(names) if name in columns]
    return pa.table([columns[name] for name in kept], names=kept).to_pandas(ignore_metadata=True)


def _plain(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return a column of plain values, or None where its cells are nested."""
    kind = column.type
    if pa.types.is_nested(kind):
        is_of_texts = _is_list(kind) and _is_text(kind.value_type)
        if name.strip() != GENRES and not is_of_texts:
            return None
        joined = [BETWEEN.join(flattened(cell)) for cell in column.to_pylist()]
        return pa.chunked_array([pa.array(joined, type=pa.large_string())])
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return column.cast(pa.large_string())
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64())
    if pa.types.is_null(kind):
        return column.cast(pa.large_string())
    is_odd = pa.types.is_fixed_size_binary(kind) or pa.types.is_duration(kind)
    return None if is_odd else column


def _is_list(kind: pa.DataType) -> bool:
    return (
        pa.types.is_list(kind)
        or pa.types.is_large_list(kind)
        or pa.types.is_fixed_size_list(kind)
        or pa.types.is_list_view(kind)
    )


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)
