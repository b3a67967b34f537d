"""The columns of a log, each checked: one sentence that names the rows and the remedy."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.wording import counted
from engine.errors import DataError

__all__ = ["ONE_POLICY", "days", "optional_texts", "policies", "positions", "propensities"]

ONE_POLICY = "the logging policy"


def _row(places: pd.Series, is_bad: NDArray[np.bool_]) -> str:
    """Say how many rows are bad and which is the first; the index tells the row of the file."""
    first = int(places.index[int(np.argmax(is_bad))]) + 1
    return f"in {counted(int(is_bad.sum()), 'row')}, first in row {first:,}"


def days(table: pd.DataFrame, where: str) -> tuple[NDArray[np.float64] | None, pd.Series | None]:
    """Return the moment of each row as days since 1970, and as datetimes; None without times."""
    if "timestamp" not in table:
        return None, None
    column = table["timestamp"]
    is_number = pd.api.types.is_numeric_dtype(column)
    times = pd.to_datetime(column, unit="s" if is_number else None, errors="coerce", utc=True)
    if times.isna().any():
        raise DataError(
            f"{where}: column `timestamp` is no time {_row(times, times.isna().to_numpy())}; write "
            "seconds since 1970, or a date."
        )
    plain = times.dt.tz_localize(None).astype("datetime64[s]")
    return plain.to_numpy().astype(np.int64) / 86_400, plain


def propensities(column: pd.Series, where: str) -> NDArray[np.float64]:
    """Return chances above 0 and at most 1, or refuse."""
    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    for is_bad, what, remedy in (
        (np.isnan(values), "is missing or no number", "log the chance of every place shown"),
        (values <= 0, "is 0 or less", "what was shown had a chance above 0: log it as it was"),
        (values > 1, "is above 1", "a chance is at most 1: divide percentages by 100"),
    ):
        if is_bad.any():
            raise DataError(
                f"{where}: column `propensity` {what} {_row(column, is_bad)}; {remedy}."
            )
    return values


def positions(column: pd.Series, where: str) -> tuple[NDArray[np.int64], str]:
    """Return positions from 0, and a note where the log numbers them from 1; or refuse."""
    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    is_bad = ~np.isfinite(values) | (values < 0) | (values % 1 != 0)
    if is_bad.any():
        raise DataError(
            f"{where}: column `position` is no whole number from 0 (or 1) "
            f"{_row(column, is_bad)}; number places from the top."
        )
    first = int(values.min())
    if first > 1:
        raise DataError(
            f"{where}: column `position` begins at {first}; number places from 0 or from 1, with "
            "the top among them."
        )
    note = "Positions are numbered from 1 in the file." if first == 1 else ""
    return values.astype(np.int64) - first, note


def policies(table: pd.DataFrame, where: str) -> tuple[NDArray[np.object_], str]:
    """Return the name of each row's policy, and a note where none is named; or refuse."""
    one = np.full(len(table), ONE_POLICY, object)
    note = (
        "No policy is named: all is taken to be logged by one. Rates of two policies together are "
        "those of neither; name each in `policy`."
    )
    if "policy" not in table:
        return one, note
    given = table["policy"]
    is_blank = (given.isna() | (given.astype(str).str.strip() == "")).to_numpy()
    if is_blank.any() and not is_blank.all():
        raise DataError(
            f"{where}: column `policy` is empty {_row(given, is_blank)}, and named in others; name "
            "every policy."
        )
    return (one, note) if is_blank.all() else (given.astype(str).to_numpy(object), "")


def optional_texts(table: pd.DataFrame, name: str) -> NDArray[np.object_] | None:
    """Return a column of text that may be missing: None where nothing is in it."""
    if name not in table:
        return None
    texts = table[name].fillna("").astype(str).to_numpy(object)
    return texts if (texts != "").any() else None
