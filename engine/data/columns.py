"""Typed columns from raw ones: ids, numbers and moments, or one sentence on the first bad row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.data.assembly import as_text, release_day
from engine.data.wording import counted
from engine.errors import DataError

__all__ = ["RawTable"]

DATE_REMEDY = (
    "write moments as 2024-05-31 or 2024-05-31T18:30:00, or as seconds or milliseconds since 1970"
)
EARLIEST, LATEST = np.datetime64("1800-01-01", "s"), np.datetime64("2200-01-01", "s")


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as it was read, with the file's name for the sentences about it."""

    file: str
    rows: pd.DataFrame

    @property
    def about(self) -> str:
        """File and row count, the opening of every sentence."""
        return f"{self.file} ({counted(len(self.rows), 'row')})"

    def require(self, *names: str) -> None:
        """Raise :class:`DataError` unless every column is there, once."""
        columns = [str(name) for name in self.rows.columns]
        for name in names:
            if name not in columns:
                has = ", ".join(f"`{column}`" for column in columns[:12])
                raise DataError(
                    f"{self.about} has no column `{name}`, only {has}: add the column, or rename "
                    "the one that holds it."
                )
        if len(set(columns)) < len(columns):
            twice = next(name for name in columns if columns.count(name) > 1)
            raise DataError(f"{self.about} has the column `{twice}` twice: remove one of them.")

    def renamed(self, names: Mapping[str, str]) -> RawTable:
        """Give columns the contract's names; ``names`` maps a contract's name to the file's."""
        for own in names.values():
            self.require(own)
        # A column that already bears a contract's name makes way for the one that is meant.
        rows = self.rows.drop(columns=[n for n, own in names.items() if n != own], errors="ignore")
        return RawTable(self.file, rows.rename(columns={own: n for n, own in names.items()}))

    def refuse(self, column: str, is_bad: np.ndarray, problem: str, remedy: str) -> None:
        """Raise :class:`DataError` if any row is bad, naming how many and the first."""
        n_bad = int(np.count_nonzero(is_bad))
        if not n_bad:
            return
        first = int(np.argmax(is_bad))
        value = self.rows[column].iloc[first]
        shown = "nothing" if pd.isna(value) else repr(str(value)[:60])
        raise DataError(
            f"{self.about}: column `{column}` {problem} in "
            f"{counted(n_bad, 'row')}, first in row {first + 1:,} ({shown}); {remedy}."
        )

    def ids(self, column: str) -> pd.Series:
        """Ids as text, without blanks around them; every row must have one."""
        text = as_text(self.rows[column]).str.strip()
        self.refuse(
            column,
            (text == "").to_numpy(),
            "holds no id",
            "give every row an id, or remove the rows without one",
        )
        return text

    def numbers(self, column: str, low: float, high: float, *, may_miss: bool) -> pd.Series:
        """Float64 numbers in [``low``, ``high``]; missing ones are NaN where ``may_miss``."""
        raw = self.rows[column]
        found = pd.to_numeric(raw, errors="coerce").astype(np.float64)
        is_bad = (~np.isfinite(found) | (found < low) | (found > high)).to_numpy()
        if may_miss:
            is_bad = is_bad & raw.notna().to_numpy()
        bounds = f"a number from {low:g} to {high:g}" if np.isfinite(low + high) else "a number"
        if np.isfinite(low) and not np.isfinite(high):
            bounds = f"a number of at least {low:g}"
        what = "nothing or " if may_miss else ""
        self.refuse(
            column, is_bad, f"holds something else than {bounds}", f"put {what}{bounds} there"
        )
        return found

    def moments(self, column: str, *, may_miss: bool) -> pd.Series:
        """Moments as datetime64[s] in UTC; missing ones are NaT where ``may_miss``.

        Understands dates, ISO 8601 (a zone is converted, none means UTC), seconds, milliseconds
        and microseconds since 1970 (told apart by their size), 20240531, and a bare year, which
        becomes its 1 July.
        """
        raw = self.rows[column]
        found = _moments(raw)
        is_bad = (found.isna() | (found < EARLIEST) | (found > LATEST)).to_numpy()
        if may_miss:
            is_bad = is_bad & raw.notna().to_numpy()
        self.refuse(column, is_bad, "holds something else than a date or time", DATE_REMEDY)
        return found


def _moments(raw: pd.Series) -> pd.Series:
    if isinstance(raw.dtype, pd.DatetimeTZDtype):
        return raw.dt.tz_convert("UTC").dt.tz_localize(None).astype("datetime64[s]")
    if raw.dtype.kind == "M":
        return raw.astype("datetime64[s]")
    numbers = pd.to_numeric(raw, errors="coerce").astype(np.float64)
    if numbers.notna().sum() == raw.notna().sum():
        return _numeric_moments(numbers)
    text = as_text(raw)
    read = pd.to_datetime(text, format="ISO8601", utc=True, errors="coerce")
    read = read.dt.tz_localize(None).astype("datetime64[s]")
    is_year = text.str.fullmatch(r"\s*\d{4}\s*")
    return read.where(~is_year, release_day(numbers.where(is_year)))


def _numeric_moments(numbers: pd.Series) -> pd.Series:
    known = numbers.dropna()
    if len(known) and known.between(1800, 2200).all() and (known % 1 == 0).all():
        return release_day(numbers)
    if len(known) and known.between(18000101, 22001231).all():
        days = numbers.astype("Int64").astype("string")
        return pd.to_datetime(days, format="%Y%m%d", errors="coerce").astype("datetime64[s]")
    largest = known.abs().max() if len(known) else 0.0
    unit = 1e6 if largest >= 1e14 else 1e3 if largest >= 1e11 else 1.0
    seconds = np.floor(numbers.to_numpy() / unit)
    is_sane = np.abs(seconds) < 1e11
    moments = np.full(len(seconds), np.datetime64("NaT"), dtype="datetime64[s]")
    moments[is_sane] = seconds[is_sane].astype(np.int64).astype("datetime64[s]")
    return pd.Series(moments, index=numbers.index)
