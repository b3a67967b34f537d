"""Typed columns from raw ones: ids, numbers and moments, or one sentence on the first bad row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.account import Account
from engine.data.assembly import as_text
from engine.data.limits import check_shape
from engine.data.missing_words import is_missing
from engine.data.moments import read_moments
from engine.data.wording import counted
from engine.errors import DataError

__all__ = ["RawTable"]

DATE_REMEDY = (
    "write moments as 2024-05-31 or 2024-05-31T18:30:00, or as seconds or milliseconds since 1970"
)
ODD_SHARE = 0.05
"""Odd cells of a column that may be empty are emptied and counted up to this share of the rows."""

LARGEST = 1e30
"""Values are kept with 32 bits."""

DECIMAL_COMMA = r"[+-]?\d+,\d+"
WHOLE_WITH_POINT = r"\d+\.0+"


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as it was read, with the file's name for the sentences about it."""

    file: str
    rows: pd.DataFrame
    account: Account = field(default_factory=Account)

    @property
    def about(self) -> str:
        """File and row count, the opening of every sentence."""
        return f"{self.file} ({counted(len(self.rows), 'row')})"

    def require(self, *names: str) -> None:
        """Raise :class:`DataError` unless every column is there, once."""
        columns = [str(name) for name in self.rows.columns]
        for name in names:
            if name not in columns:
                has = ", ".join(f"`{column[:60]}`" for column in columns[:12])
                raise DataError(
                    f"{self.about} has no column `{name}`, only {has}: add the column, or rename "
                    "the one that holds it."
                )
        if len(set(columns)) < len(columns):
            twice = next(name for name in columns if columns.count(name) > 1)
            raise DataError(
                f"{self.about} has the column `{twice[:60]}` twice: remove one of them."
            )
        check_shape(self.file, len(self.rows), len(columns))

    def renamed(self, names: Mapping[str, str]) -> RawTable:
        """Give columns the contract's names; ``names`` maps a contract's name to the file's."""
        for own in names.values():
            self.require(own)
        # A column that already bears a contract's name makes way for the one that is meant.
        rows = self.rows.drop(columns=[n for n, own in names.items() if n != own], errors="ignore")
        rows = rows.rename(columns={own: n for n, own in names.items()})
        return RawTable(self.file, rows, self.account)

    def refuse(self, column: str, is_bad: NDArray[np.bool_], problem: str, remedy: str) -> None:
        """Raise :class:`DataError` if any row is bad, naming how many and the first."""
        n_bad = int(np.count_nonzero(is_bad))
        if n_bad:
            raise DataError(
                f"{self.about}: column `{column}` {problem} in {counted(n_bad, 'row')}, "
                f"{self.first(column, is_bad)}; {remedy}."
            )

    def first(self, column: str, is_bad: NDArray[np.bool_]) -> str:
        """Name the first bad row and what it holds: ``first in row 7 ('soon')``."""
        place = int(np.argmax(is_bad))
        value = self.rows[column].iloc[place]
        shown = "nothing" if pd.isna(value) else repr(str(value)[:60])
        return f"first in row {place + 1:,} ({shown})"

    def ids(self, column: str) -> pd.Series:
        """Ids as text, without blanks around them; every row must have one.

        Where all ids are numbers and some are written with a point (``12.0``, as programs write a
        column of whole numbers that once had gaps), the point and the noughts are left out.
        """
        text = as_text(self.rows[column]).str.strip()
        self.refuse(
            column,
            (text == "").to_numpy(),
            "holds no id",
            "give every row an id, or remove the rows without one",
        )
        has_point = text.str.fullmatch(WHOLE_WITH_POINT)
        if has_point.any() and text[~has_point].str.fullmatch(r"\d+").all():
            self.account.note(
                f"{self.about}: column `{column}` writes ids as numbers with a point in "
                f"{counted(int(has_point.sum()), 'row')}, "
                f"{self.first(column, has_point.to_numpy())}: read without it."
            )
            text = text.str.replace(r"\.0+$", "", regex=True)
        return text

    def texts(self, column: str) -> pd.Series:
        """Text without blanks around it; ``""`` where there is nothing."""
        return as_text(self.rows[column]).str.strip()

    def numbers(self, column: str, low: float, high: float, *, may_miss: bool) -> pd.Series:
        """Float64 numbers in [``low``, ``high``]; missing ones are NaN where ``may_miss``.

        A decimal comma is understood where no number of the column has a point.
        """
        raw = self.rows[column]
        low, high = max(low, -LARGEST), min(high, LARGEST)
        found = self._parsed(column)
        is_bad = (~np.isfinite(found) | (found < low) | (found > high)).to_numpy()
        if may_miss:
            is_bad = is_bad & ~is_missing(as_text(raw)).to_numpy()
        bounds = f"a number from {low:g} to {high:g}"
        if low == -LARGEST and high == LARGEST:
            bounds = "a number"
        elif high == LARGEST:
            bounds = f"a number of at least {low:g}"
        what = "nothing or " if may_miss else ""
        self.refuse(
            column, is_bad, f"holds something else than {bounds}", f"put {what}{bounds} there"
        )
        return found

    def _parsed(self, column: str) -> pd.Series:
        raw = self.rows[column]
        found = pd.to_numeric(raw, errors="coerce").astype(np.float64)
        if raw.dtype.kind in "fiub":
            return found
        text = as_text(raw).str.strip()
        has_comma = text.str.fullmatch(DECIMAL_COMMA)
        if not has_comma.any() or text.str.contains(".", regex=False).any():
            return found
        self.account.note(
            f"{self.about}: column `{column}` has a decimal comma in "
            f"{counted(int(has_comma.sum()), 'row')}, {self.first(column, has_comma.to_numpy())}."
        )
        dotted = text.str.replace(",", ".", regex=False)
        return pd.to_numeric(dotted, errors="coerce").astype(np.float64)

    def moments(self, column: str, *, may_miss: bool) -> pd.Series:
        """Moments as datetime64[s] in UTC; missing ones are NaT where ``may_miss``.

        See :mod:`engine.data.moments` for what is understood. Where moments may be missing, up to
        5 % of the rows may hold something that is none: it is left out and counted.
        """
        read = read_moments(self.rows[column])
        for note in read.notes:
            self.account.note(f"{self.about}: column `{column}`: {note}.")
        is_bad = read.values.isna().to_numpy()
        if may_miss:
            is_bad = is_bad & ~read.is_empty
            n_bad = int(np.count_nonzero(is_bad))
            if n_bad and n_bad <= ODD_SHARE * len(is_bad):
                self.account.note(
                    f"{self.about}: column `{column}` holds no date in "
                    f"{counted(n_bad, 'row')}, {self.first(column, is_bad)}: read as unknown."
                )
                return read.values
        self.refuse(column, is_bad, "holds something else than a date or time", DATE_REMEDY)
        return read.values
