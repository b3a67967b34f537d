"""How large a table may be: beyond these sizes a file is refused at the door, in words."""

from __future__ import annotations

from engine.data.wording import counted
from engine.errors import DataError

__all__ = [
    "MOST_BYTES",
    "MOST_CELLS",
    "MOST_COLUMNS",
    "MOST_GENRES",
    "MOST_HEADER",
    "MOST_LABELS",
    "MOST_PEOPLE_COLUMNS",
    "MOST_PROVIDERS",
    "MOST_RATIO",
    "MOST_UNPACKED",
    "check_shape",
    "check_size",
    "size_in_words",
]

MOST_BYTES = 2 << 30
"""Of one file. MovieLens 32M's ratings have 877 MB."""

MOST_HEADER = 1 << 20
"""Bytes of a header line."""

MOST_COLUMNS = 1_000
"""Of one table, used or not."""

MOST_CELLS = 1_000_000_000
"""Rows × columns of one table: a Parquet file of a few bytes can claim more."""

MOST_PEOPLE_COLUMNS = 40
"""Columns that divide people: each is a feature for the ranker and a chart for the audit."""

MOST_LABELS = 50
"""A column of people with more labels than this is no grouping of people."""

MOST_GENRES = 1_000
"""Genres that are kept, those of most items first."""

MOST_PROVIDERS = 32_767
"""Providers are numbered with 16 bits."""

MOST_UNPACKED = 4 << 30
"""Bytes that the files of an archive may have together."""

MOST_RATIO = 100
"""Unpacked bytes for each packed one; MovieLens has 5, only made-up archives more than 100."""


def check_size(file: str, n_bytes: int) -> None:
    """Raise :class:`DataError` for a file that is larger than :data:`MOST_BYTES`."""
    if n_bytes > MOST_BYTES:
        raise DataError(
            f"{file} has {size_in_words(n_bytes)}, and at most {size_in_words(MOST_BYTES)} can be "
            "read: take a sample of people, or leave columns out."
        )


def check_shape(file: str, n_rows: int, n_columns: int) -> None:
    """Raise :class:`DataError` for more columns or cells than a table may have."""
    if n_columns > MOST_COLUMNS:
        raise DataError(
            f"{file} has {n_columns:,} columns, and at most {MOST_COLUMNS:,} can be read: leave "
            "out those that are not needed."
        )
    if n_rows * n_columns > MOST_CELLS:
        raise DataError(
            f"{file} claims {counted(n_rows, 'row')} of {counted(n_columns, 'column')}, and at "
            f"most {MOST_CELLS:,} cells can be read: take a sample of people, or leave columns out."
        )


def size_in_words(n_bytes: int) -> str:
    """Write a number of bytes for people.

    >>> size_in_words(3_500_000_000), size_in_words(2 << 30)
    ('3.5 GB', '2.1 GB')
    """
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if n_bytes >= size:
            return f"{n_bytes / size:.1f} {unit}"
    return counted(n_bytes, "byte")
