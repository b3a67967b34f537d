"""A log as a file, CSV, Parquet or JSON lines, or as the folder that ``serve --log`` fills."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from pyarrow import json

from engine.errors import DataError
from engine.served.shown_log import read_shown

__all__ = ["MOST_BYTES", "read_log_file"]

MOST_BYTES = 2_000_000_000


def read_log_file(path: Path) -> pd.DataFrame:
    """Read the table in a file, or of a folder of what was shown; ids stay text.

    Raises
    ------
    DataError
        There is no such file, or it is too large or no table.
    """
    if path.is_dir():
        return read_shown(path)
    if not path.is_file():
        raise DataError(
            f"There is no log {path}: give a CSV, Parquet or JSON lines file, or the folder of "
            "`serve --log`."
        )
    if path.stat().st_size > MOST_BYTES:
        raise DataError(
            f"{path.name} has {path.stat().st_size:,} bytes; at most {MOST_BYTES:,} are read: give "
            "a part of the log."
        )
    ids = {"user_id": str, "item_id": str}
    try:
        if path.suffix.lower() == ".parquet":
            return pd.read_parquet(path)
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            return json.read_json(path).to_pandas()
        return pd.read_csv(path, dtype=ids, keep_default_na=True)
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{path.name} is no CSV, Parquet or JSON lines file that can be read "
            f"({type(error).__name__}); write one row for each place that was shown, with a header."
        ) from error
