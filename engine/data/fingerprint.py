"""One number that says whether two data sets are the same."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from hashlib import _Hash

__all__ = ["fingerprint"]


def fingerprint(*tables: pd.DataFrame) -> str:
    """Hash the content of ``tables``: column names, values and order of rows; not the index.

    Text is hashed as its lengths and its UTF-8 bytes, numbers and dates as their bytes, so that
    the result depends neither on the library's version nor on how a column is stored.

    Parameters
    ----------
    *tables : DataFrame
        With columns of text, numbers, booleans or dates; text must have no missing value.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for table in tables:
        digest.update(f"table:{len(table)}:{len(table.columns)}".encode())
        for name in table.columns:
            digest.update(f"column:{name}:".encode())
            _add_column(digest, table[name])
    return digest.hexdigest()


def _add_column(digest: _Hash, column: pd.Series) -> None:
    if isinstance(column.dtype, pd.StringDtype):
        chunks = pa.chunked_array(pa.array(column, type=pa.large_string()))
        for chunk in chunks.chunks:
            digest.update(np.ascontiguousarray(pc.binary_length(chunk)).data)
        for chunk in chunks.chunks:
            digest.update(_text_bytes(chunk))
        return
    values = column.to_numpy()
    if values.dtype.kind == "M":
        values = values.astype("datetime64[s]").view(np.int64)
    digest.update(values.dtype.str.encode())
    digest.update(np.ascontiguousarray(values).data)


def _text_bytes(chunk: pa.LargeStringArray) -> memoryview:
    _, offsets, data = chunk.buffers()
    if data is None:
        return memoryview(b"")
    bounds = np.frombuffer(offsets, dtype=np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
    return memoryview(data)[bounds[0] : bounds[-1]]
