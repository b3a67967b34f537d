"""Moments whose date and time of day stand in two columns, as tills write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.importing.cells import Column, filled_sql
from engine.importing.column_words import bare
from engine.importing.database import Database
from engine.importing.findings import Findings
from engine.importing.mapping import InteractionsMap
from engine.importing.profiles import Profile
from engine.importing.times import moment_sql
from engine.importing.views import View

__all__ = ["find_clock", "moment_of_row"]

CLOCK = r"\d{1,2}:\d\d(:\d\d(\.\d+)?)?( ?[AaPp]\.?[Mm]\.?)?"
"""A time of day: ``8:05``, ``08:05:33``, ``8:05 PM``."""

FORMS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p", "%H:%M:%S.%f")


def find_clock(log: Mapping[str, Profile], time: str | None) -> str | None:
    """Find the time of day of a log whose time is a date alone; None where there is none."""
    if time is None or log[time].dates < 0.5 or any(":" in text for text in log[time].examples):
        return None
    found = (
        name
        for name, one in log.items()
        if re.search("time|clock|hour|zeit|heure|hora|ora|tijd", bare(name))
        and one.examples
        and all(re.fullmatch(CLOCK, text) for text in one.examples)
    )
    return next(found, None)


def moment_of_row(
    database: Database, view: View, mapping: InteractionsMap, findings: Findings
) -> str:
    """Write the moment of a row; null where no time is mapped. A row without a clock is of 0:00."""
    if not mapping.time:
        return "NULL::TIMESTAMP"
    day = moment_sql(database, view.column(mapping.time), findings, dates=mapping.dates)
    if not mapping.clock:
        return day
    column = view.column(mapping.clock)
    seconds = _seconds_sql(column)
    is_bad = f"{filled_sql(column.cell)} AND ({seconds}) IS NULL"
    n_bad, examples = database.row(
        f"SELECT n_if({is_bad}), list(DISTINCT {column.cell}) FILTER ({is_bad}) FROM {column.rows}"
    )
    if n_bad:
        findings.add(
            "changed",
            "cells that hold no time of day are read as midnight",
            file=column.file,
            column=column.name,
            n_rows=n_bad,
            examples=sorted(examples),
        )
    return f"({day} + to_seconds(coalesce({seconds}, 0)))"


def _seconds_sql(column: Column) -> str:
    """Write the seconds since midnight; a bare number is an hour, or hours and minutes (1430)."""
    cell = f"regexp_replace(upper({column.cell}), '([AP])\\.?M\\.?$', '\\1M')"
    forms = ", ".join(f"'{form}'" for form in FORMS)
    number = f"try_cast({column.cell} AS INTEGER)"
    return (
        f"CASE WHEN {number} BETWEEN 0 AND 23 THEN 3600 * {number} "
        f"WHEN {number} BETWEEN 100 AND 2359 AND {number} % 100 < 60 "
        f"THEN 3600 * ({number} // 100) + 60 * ({number} % 100) "
        f"ELSE CAST(epoch(try_strptime({cell}, [{forms}])) - epoch(TIMESTAMP '1900-01-01') AS "
        "BIGINT) END"
    )
