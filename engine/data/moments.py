"""Moments from whatever a column writes them as; the many rows decide, the odd ones are counted.

A number may be a year, a day (20240531) or a count of seconds, milliseconds, microseconds or
nanoseconds since 1970; anything else is ISO 8601. What most numbers of the column are decides how
its numbers are read: among years, 0 is no moment in 1970. Units of a count are told apart by size,
row by row; where a size fits two units, the reading that is nearer to the other rows is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.data.assembly import as_text, release_day
from engine.data.missing_words import is_missing
from engine.data.wording import counted

__all__ = ["EARLIEST", "LATEST", "Moments", "decades_apart", "read_moments", "stray"]

EARLIEST, LATEST = np.datetime64("1800-01-01", "s"), np.datetime64("2200-01-01", "s")

UNITS = ("seconds", "milliseconds", "microseconds", "nanoseconds")
PER_SECOND = np.array([1.0, 1e3, 1e6, 1e9])
SIZES = np.array([1e11, 1e14, 1e17])
"""From these sizes on a count is one of the next unit: 1e11 seconds are in the year 5138."""

TELLING = 1e8
"""Counts below this (1973 in seconds) do not tell their unit."""

NO_DATE = r"0000[-/]00[-/]00.*|0+"
"""How data bases write that there is no date."""

STRAY_SHARE = 0.01
LEAST_GAP, LEAST_GAP_EARLY = 180 * 86_400, 3650 * 86_400
DECADES = 20 * 365 * 86_400


@dataclass(frozen=True, eq=False)
class Moments:
    """A column of moments.

    Attributes
    ----------
    values : Series of datetime64[s]
        UTC; NaT where a cell holds nothing or no moment.
    is_empty : bool array
        Cells that hold nothing, or a word for it.
    notes : tuple of str
        What was read otherwise than its neighbours, each the end of a sentence.
    """

    values: pd.Series
    is_empty: NDArray[np.bool_]
    notes: tuple[str, ...] = ()


def read_moments(raw: pd.Series) -> Moments:
    """Read a column; see the module for how."""
    if isinstance(raw.dtype, pd.DatetimeTZDtype):
        raw = raw.dt.tz_convert("UTC").dt.tz_localize(None)
    if raw.dtype.kind == "M":
        return Moments(raw.astype("datetime64[s]"), raw.isna().to_numpy())
    numbers = pd.to_numeric(raw, errors="coerce").astype(np.float64)
    numbers = numbers.where(np.isfinite(numbers))
    is_number = numbers.notna().to_numpy()
    values, notes = _from_numbers(
        numbers.to_numpy(), most_are_text=2 * is_number.sum() < raw.count()
    )
    is_empty = (numbers == 0).to_numpy() & np.isnat(values)
    n_words = int(np.count_nonzero(is_empty))
    if not is_number.all():
        text = as_text(raw[~is_number]).str.strip()
        is_word = is_missing(text) | text.str.fullmatch(NO_DATE)
        is_empty[~is_number] = is_word.to_numpy()
        n_words += int((is_word & (text != "")).sum())
        read = pd.to_datetime(text, format="ISO8601", utc=True, errors="coerce")
        values[~is_number] = read.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    if n_words:
        notes.append(f"{counted(n_words, 'cell')} with 0 or a word for nothing: read as unknown")
    values[(values < EARLIEST) | (values > LATEST)] = np.datetime64("NaT")
    return Moments(pd.Series(values, index=raw.index), is_empty, tuple(notes))


def _from_numbers(
    numbers: NDArray[np.float64], *, most_are_text: bool
) -> tuple[NDArray[np.datetime64], list[str]]:
    moments = np.full(len(numbers), np.datetime64("NaT"), dtype="datetime64[s]")
    known = np.flatnonzero(np.isfinite(numbers))
    found = numbers[known]
    years, days = _years(found), _days(found)
    is_calendar = ~(np.isnat(years) & np.isnat(days))
    if 2 * np.count_nonzero(is_calendar) > len(found):
        moments[known] = np.where(np.isnat(years), days, years)
        return moments, []
    seconds, notes = _counted_seconds(found)
    # Among moments of today, 0 and -1 say that there is none, and 2004 is a year.
    is_odd = np.isin(found, (0.0, -1.0)) | ~np.isnat(years)
    if most_are_text:
        seconds[np.abs(seconds) < TELLING] = np.nan
    elif not is_odd.all() and np.median(np.abs(seconds[~is_odd])) >= TELLING:
        seconds[is_odd] = np.nan
    is_sane = np.abs(seconds) < SIZES[0]
    moments[known[is_sane]] = seconds[is_sane].astype(np.int64).astype("datetime64[s]")
    return moments, notes


def _years(numbers: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """1 July of numbers that are years, else NaT."""
    is_year = (numbers >= 1800) & (numbers <= 2200) & (numbers % 1 == 0)
    days = np.full(len(numbers), np.datetime64("NaT"), dtype="datetime64[s]")
    days[is_year] = release_day(pd.Series(numbers[is_year])).to_numpy()
    return days


def _days(numbers: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Days of numbers such as 20240531, else NaT."""
    is_day = (numbers >= 18_000_101) & (numbers <= 22_001_231) & (numbers % 1 == 0)
    days = np.full(len(numbers), np.datetime64("NaT"), dtype="datetime64[s]")
    text = pd.Series(numbers[is_day].astype(np.int64)).astype("str")
    days[is_day] = pd.to_datetime(text, format="%Y%m%d", errors="coerce").to_numpy()
    return days


def _counted_seconds(numbers: NDArray[np.float64]) -> tuple[NDArray[np.float64], list[str]]:
    """Seconds since 1970 of counts in whatever unit, rounded down."""
    size = np.searchsorted(SIZES, np.abs(numbers), side="right")
    tells = np.abs(numbers) >= TELLING
    counts = np.bincount(size[tells] if tells.any() else size, minlength=len(UNITS))
    unit = int(np.argmax(counts))
    by_column, by_size = numbers / PER_SECOND[unit], numbers / PER_SECOND[size]
    is_other = (size != unit) & (numbers != 0)
    if not is_other.any():
        return np.floor(by_column), []
    middle = np.median(by_size[~is_other]) if not is_other.all() else 0.0
    is_nearer = is_other & (np.abs(by_size - middle) < np.abs(by_column - middle))
    notes = [
        f"{np.count_nonzero(is_nearer & (size == other)):,} of {len(numbers):,} numbers count "
        f"{UNITS[other]} since 1970, the others {UNITS[unit]}: told apart by their size"
        for other in np.unique(size[is_nearer])
    ]
    return np.floor(np.where(is_nearer, by_size, by_column)), notes


def stray(moments: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Mark the few rows at either end of time that lie far from all others.

    Few are at most 1 % of the rows, and one where there are at least ten. Far is a gap to the
    others that is longer than the time which the others span, and than half a year (ten years at
    the early end, where a late start does less harm). "Now" is the last moment of a log, so that
    one wrong date at its end would make everything else old.

    Parameters
    ----------
    moments : datetime64 array of shape (n,)
        None missing; any order.

    Returns
    -------
    bool array of shape (n,)

    Examples
    --------
    >>> days = np.arange("2024-01-01", "2024-01-30", dtype="datetime64[D]").astype("datetime64[s]")
    >>> days[3] = np.datetime64("2198-01-01")
    >>> np.flatnonzero(stray(days)).tolist()
    [3]
    """
    seconds = moments.astype("datetime64[s]").view(np.int64)
    is_stray = np.zeros(len(seconds), dtype=bool)
    few = max(int(STRAY_SHARE * len(seconds)), 1) if len(seconds) >= 10 else 0
    if not few:
        return is_stray
    order = np.argsort(seconds, kind="stable")
    in_order = seconds[order]
    gaps = np.diff(in_order)
    span = in_order[-1 - few] - in_order[few]
    late = np.flatnonzero(gaps[-few:] > max(span, LEAST_GAP))
    early = np.flatnonzero(gaps[:few] > max(span, LEAST_GAP_EARLY))
    if len(late):
        is_stray[order[len(gaps) - few + late[0] + 1 :]] = True
    if len(early):
        is_stray[order[: early[-1] + 1]] = True
    return is_stray


def decades_apart(moments: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Mark rows that a gap of twenty years or more parts from most others.

    Examples
    --------
    >>> decades_apart(np.array(["1970-01-01", "2024-05-01", "2024-06-01"], "datetime64[s]"))
    array([ True, False, False])
    """
    seconds = moments.astype("datetime64[s]").view(np.int64)
    order = np.argsort(seconds, kind="stable")
    part = np.empty(len(seconds), dtype=np.int64)
    part[order] = np.cumsum(np.diff(seconds[order], prepend=seconds[order[:1]]) >= DECADES)
    return part != np.argmax(np.bincount(part)) if len(part) else np.zeros(0, dtype=bool)
