"""Numbers about people as few labels: ages in bands, years in decades, others in fifths."""

from __future__ import annotations

import re

from engine.data.age_bands import AGE_BANDS, STARTS
from engine.importing.database import Database, name_sql, text_sql
from engine.importing.findings import Findings
from engine.importing.views import View

__all__ = ["into_bands", "is_age"]

N_BANDS = 5
OLDEST = 110
MOST_IMPOSSIBLE = 0.1
"""Share of people; with more of them a column holds something else than ages."""


def into_bands(database: Database, table: str, view: View, name: str, findings: Findings) -> None:
    """Make bands of the numbers in a column: of ages, decades, or five of about as many people.

    Parameters
    ----------
    database : Database
    table : str
        One row a person; the column is replaced.
    view : View
        To say what file it is from.
    name : str
        The column.
    findings : Findings
    """
    people, column = name_sql(table), name_sql(name)
    number = f"try_cast({column} AS DOUBLE)"
    if is_age(name):
        _without_impossible_ages(database, table, view, name, findings)
    low, high, is_whole = database.row(
        f"SELECT min({number}), max({number}), bool_and({number} % 1 = 0) FROM {people}"
    )
    if is_age(name) and low >= 0 and high <= OLDEST:
        starts = [0, *map(int, STARTS)]
        sql = _case(number, list(zip(starts, AGE_BANDS, strict=True)))
        said = "ages become bands"
    elif is_whole and low >= 1900 and high <= 2100:
        decade = f"CAST({number} AS INT) // 10 * 10"
        sql = f"printf('%d-%d', {decade}, {decade} + 9)"
        said = "years become decades"
    else:
        edges = database.column(
            f"SELECT DISTINCT unnest(quantile_disc({number}, "
            f"{[part / N_BANDS for part in range(N_BANDS)]})) FROM {people} ORDER BY 1"
        )
        ends = [*(f"{edge:g}" for edge in edges[1:]), f"{high:g}"]
        named = [f"{edge:g} to {end}" for edge, end in zip(edges, ends, strict=True)]
        sql = _case(number, list(zip(edges, named, strict=True)))
        said = f"numbers become {len(edges)} bands of about as many people each"
    database.run(f"UPDATE {people} SET {column} = {sql} WHERE {column} IS NOT NULL")
    findings.add("changed", said, file=view.columns[name], column=name)


def is_age(name: str) -> bool:
    """Whether a name has the word in it, and not merely its letters (as "average" has).

    >>> [is_age(one) for one in ("Age", "user_age", "customerAge", "average_stars", "language")]
    [True, True, True, False, False]
    """
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", name).casefold()
    return re.search(r"(?<![a-z])age(?![a-z])", apart) is not None


def _without_impossible_ages(
    database: Database, table: str, view: View, name: str, findings: Findings
) -> None:
    """Make ages of 0 and above 110 unknown, where they are few."""
    people, column = name_sql(table), name_sql(name)
    number = f"try_cast({column} AS DOUBLE)"
    is_none = f"({number} <= 0 OR {number} > {OLDEST})"
    n_none, n_known = database.row(f"SELECT n_if({is_none}), count({column}) FROM {people}")
    if not n_none or n_none > MOST_IMPOSSIBLE * n_known:
        return
    examples = database.column(f"SELECT DISTINCT {column} FROM {people} WHERE {is_none} LIMIT 20")
    database.run(f"UPDATE {people} SET {column} = NULL WHERE {is_none}")
    findings.add(
        "changed",
        f"people whose age is 0 or more than {OLDEST}: it is unknown",
        file=view.columns[name],
        column=name,
        n_rows=n_none,
        examples=sorted(examples),
    )


def _case(number: str, bands: list[tuple[float, str]]) -> str:
    cases = " ".join(
        f"WHEN {number} >= {start!r} THEN {text_sql(label)}" for start, label in reversed(bands)
    )
    return f"CASE {cases} END"
