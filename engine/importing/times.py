"""Cells of text as moments, in SQL: counts of any unit, days, years, dates in any usual order."""

from __future__ import annotations

from engine.importing.cells import Column, filled_sql
from engine.importing.database import Database
from engine.importing.findings import Findings

__all__ = ["moment_sql"]

ISO = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}.*"
SLASHED = r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}.*"
FIRST = r"^(\d{1,2})[-/.]"
SECOND = r"^\d{1,2}[-/.](\d{1,2})[-/.]"

CLOCKS = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", " %H:%M:%S.%f")
WORDY = (
    "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y",
    "%a %b %d %Y", "%a %d %b %Y", "%m %d %Y", "%Y%m%dT%H%M%S", "%b %Y", "%B %Y", "%Y-%m",
)  # fmt: skip
"""Dates with names of months, without the commas; and some without separators."""

DAY = 86_400
MOST = 0.95
MOST_DAYS = 70_000
"""Larger counts from an unknown start are seconds: as days they would end after 2190."""

LEAST_EPOCH = 3e8
"""Seconds since 1970 that are of 1979: no log is older, smaller numbers count from elsewhere."""


def moment_sql(
    database: Database, column: Column, findings: Findings, *, dates: str | None = None
) -> str:
    """Write a moment in UTC as TIMESTAMP; null where there is none.

    Dates with the year last are read in one order for the whole column: the one that every cell
    allows; where both are possible, the one that spans less time, which is said.

    Parameters
    ----------
    database, column, findings
    dates : {"day first", "month first"}, optional
    """
    cell = column.cell
    number = f"try_cast({cell} AS DOUBLE)"
    counts = database.row(
        f"SELECT n_if({number} IS NOT NULL), "
        f"n_if({number} IS NULL AND regexp_full_match({cell}, $1)), "
        f"n_if({number} IS NULL AND regexp_full_match({cell}, $2)), count(*) "
        f"FROM {column.rows} WHERE {filled_sql(cell)}",
        [ISO, SLASHED],
    )
    n_numbers, n_iso, n_slashed, n_all = counts
    parts = []
    if n_numbers:
        parts.append(_number_sql(database, column, findings, is_most=2 * n_numbers > n_all))
    if n_iso:
        iso = f"regexp_replace({cell}, '^(\\d{{4}})[/.](\\d{{1,2}})[/.]', '\\1-\\2-')"
        parts.append(f"CAST(try_cast({iso} AS TIMESTAMPTZ) AS TIMESTAMP)")
    if n_slashed:
        parts.append(_slashed_sql(database, column, findings, dates))
    if n_numbers + n_iso + n_slashed < n_all:
        parts.append(_wordy_sql(cell))
    made = (
        f"coalesce({', '.join(f'CAST({part} AS TIMESTAMP)' for part in parts)})"
        if parts
        else "NULL::TIMESTAMP"
    )
    return (
        f"CASE WHEN {filled_sql(cell)} AND {made} BETWEEN TIMESTAMP '1800-01-01' "
        f"AND TIMESTAMP '2200-01-01' THEN date_trunc('second', {made}) END"
    )


def _number_sql(database: Database, column: Column, findings: Findings, *, is_most: bool) -> str:
    number = f"try_cast({column.cell} AS DOUBLE)"
    middle, low, high, is_whole, years, months = database.row(
        f"SELECT median({number}), min({number}), max({number}), bool_and({number} % 1 = 0), "
        f"avg(CASE WHEN {number} BETWEEN 1000 AND 2200 THEN 1.0 ELSE 0.0 END), "
        f"avg(CASE WHEN {number} BETWEEN 180001 AND 220012 AND {number} % 100 BETWEEN 1 AND 12 "
        "THEN 1.0 ELSE 0.0 END) "
        f"FROM {column.rows} WHERE {filled_sql(column.cell)} AND {number} NOT IN (0, -1)"
    )
    if middle is None or not is_most:
        return _epoch_sql(number, at_least=1e8)
    if 1800 <= middle <= 2200 and is_whole and years > MOST:
        return f"make_timestamp(CAST({number} AS BIGINT), 7, 1, 0, 0, 0.0)".join(
            (f"CASE WHEN {number} BETWEEN 1800 AND 2200 THEN ", " END")
        )
    if months > MOST and is_whole:
        return f"try_strptime(CAST(CAST({number} AS BIGINT) AS VARCHAR), '%Y%m')"
    if 18_000_101 <= middle <= 22_001_231 and is_whole:
        return f"try_strptime(CAST(CAST({number} AS BIGINT) AS VARCHAR), '%Y%m%d')"
    if 1.8e13 <= middle <= 2.21e13 and is_whole:
        return f"try_strptime(CAST(CAST({number} AS BIGINT) AS VARCHAR), '%Y%m%d%H%M%S')"
    if low >= 20_000 and high <= 80_000:
        findings.add(
            "changed",
            "numbers are read as a spreadsheet's days since 1900",
            file=column.file,
            column=column.name,
        )
        return _days_sql("1899-12-30", number)
    if low >= 0 and high < LEAST_EPOCH:
        unit = "days" if high <= MOST_DAYS else "seconds"
        findings.add(
            "changed",
            f"numbers from {low:g} to {high:g} are no dates: they are read as {unit} from 1 "
            "January 2000, of which only the order means something; ages and freshness mean "
            "nothing",
            file=column.file,
            column=column.name,
        )
        return _days_sql("2000-01-01", number if unit == "days" else f"({number} / {DAY})")
    return _epoch_sql(number)


def _days_sql(start: str, number: str) -> str:
    micro = f"CAST(round({number} * {DAY}) * 1000000 AS BIGINT)"
    return f"TIMESTAMP '{start}' + to_microseconds({micro})"


def _epoch_sql(number: str, *, at_least: float = 1e6) -> str:
    """Read counts since 1970, each in the unit of its size; 0 and -1 say that there is none.

    Among dates, a count of less than 1e8 seconds (1973) is none: it may be a day or a year.
    """
    size = f"abs({number})"
    micro = (
        f"CASE WHEN {size} < 1e11 THEN {number} * 1e6 WHEN {size} < 1e14 THEN {number} * 1e3 "
        f"WHEN {size} < 1e17 THEN {number} ELSE {number} / 1e3 END"
    )
    return (
        f"CASE WHEN {number} NOT IN (0, -1) AND {size} < 1e20 AND {size} > {at_least:g} "
        f"THEN make_timestamp(CAST({micro} AS BIGINT)) END"
    )


def _slashed_sql(database: Database, column: Column, findings: Findings, dates: str | None) -> str:
    cell = f"regexp_replace({column.cell}, '[-.]', '/', 'g')"
    day_first, month_first = (_tried(cell, order) for order in ("%d/%m/", "%m/%d/"))
    if dates is None:
        dates = _order(database, column, findings, day_first, month_first)
    return day_first if dates == "day first" else month_first


def _tried(cell: str, order: str) -> str:
    # The dots of fractions of seconds became slashes too; they are cut off.
    bare = f"regexp_replace(upper({cell}), '(:\\d\\d)/\\d+', '\\1')"
    spaced = f"replace({bare}, 'T', ' ')"
    forms = [f"'{order}{year}{clock}'" for year in ("%y", "%Y") for clock in CLOCKS[:5]]
    return f"try_strptime({spaced}, [{', '.join(forms)}])"


def _order(
    database: Database, column: Column, findings: Findings, day_first: str, month_first: str
) -> str:
    cell = column.cell
    first, second, day_span, month_span, example = database.row(
        f"SELECT max(try_cast(regexp_extract({cell}, '{FIRST}', 1) AS INT)), "
        f"max(try_cast(regexp_extract({cell}, '{SECOND}', 1) AS INT)), "
        f"epoch(max({day_first}) - min({day_first})), "
        f"epoch(max({month_first}) - min({month_first})), any_value({cell}) "
        f"FROM {column.rows} WHERE regexp_full_match({cell}, $1)",
        [SLASHED],
    )
    if (first or 0) > 12 and (second or 0) <= 12:
        return "day first"
    if (second or 0) > 12 and (first or 0) <= 12:
        return "month first"
    chosen = "day first" if (day_span or 0) < (month_span or 0) else "month first"
    both = (first or 0) > 12
    findings.add(
        "changed" if both else "odd",
        f"dates such as `{example}` "
        + ("have the day first in some rows and the month in others" if both else "can be meant "
           "with the day or with the month first")
        + f"; read with the {chosen} (the span of time is then shorter); say how they are meant",
        file=column.file,
        column=column.name,
    )  # fmt: skip
    return chosen


def _wordy_sql(cell: str) -> str:
    bare = f"regexp_replace(replace({cell}, ',', ' '), '\\s+', ' ', 'g')"
    bare = f"regexp_replace({bare}, '(\\d)(st|nd|rd|th)\\b', '\\1')"
    forms = [f"'{form}{clock}'" for form in WORDY for clock in CLOCKS]
    zoned = ["'%a %b %d %H:%M:%S %z %Y'", "'%a %d %b %Y %H:%M:%S %z'", "'%a %b %d %H:%M:%S UTC %Y'"]
    week = f"regexp_replace(upper({cell}), '^(\\d{{4}})[- ]?W(\\d\\d?)$', '\\1-W\\2-1')"
    week = f"regexp_replace({week}, '^(\\d{{4}})W(\\d\\d)-?([1-7])$', '\\1-W\\2-\\3')"
    quarter = f"regexp_extract(upper({cell}), '^(\\d{{4}})[- ]?Q([1-4])$', ['year', 'part'])"
    begins = (
        f"make_timestamp(try_cast({quarter}.year AS BIGINT), "
        f"3 * try_cast({quarter}.part AS BIGINT) - 2, 1, 0, 0, 0.0)"
    )
    return (
        f"coalesce(try_strptime({bare}, [{', '.join([*forms, *zoned])}]), "
        f"try_strptime({week}, '%G-W%V-%u'), {begins})"
    )
