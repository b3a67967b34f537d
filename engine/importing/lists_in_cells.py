"""Whole lists in one cell, as logs of what was shown have them: a row for each of their items."""

from __future__ import annotations

from dataclasses import replace

from engine.importing.database import Database, name_sql, text_sql
from engine.importing.dialect import unique_names
from engine.importing.findings import Findings
from engine.importing.loading import load
from engine.importing.sources import Source

__all__ = ["each_in_a_row"]

A_LIST = r"\S+-[01]( \S+-[01])*"
"""``N55689-1 N35729-0``: what was shown, in its order, and whether it was clicked."""

LOOKED_AT = 500
ITEM, PLACE, CLICK = "item_id", "position", "click"


def each_in_a_row(database: Database, source: Source, findings: Findings) -> Source:
    """Return a file as it is, or, where a column holds lists of what was shown, a row for each.

    In place of that column come ``item_id``, ``position`` (from 1) and ``click`` (0 or 1).

    Parameters
    ----------
    database : Database
    source : Source
        Text of UTF-8; other kinds stay as they are.
    findings : Findings
    """
    column = _column_of_lists(database, source)
    if column is None:
        return source
    table, n_rows = load(database, source, source.columns, findings)
    kept = [one for one in source.columns if one != column]
    names = unique_names([*kept, ITEM, PLACE, CLICK])
    own = ", ".join(name_sql(one) for one in kept)
    part = "unnest(string_split(trim(" + name_sql(column) + "), ' '))"
    made = (
        f"substr(part, 1, length(part) - 2) AS {name_sql(names[-3])}, "
        f"CAST(place AS VARCHAR) AS {name_sql(names[-2])}, "
        f"part[-1] AS {name_sql(names[-1])}"
    )
    path = database.scratch / f"{source.path.name}.rows.parquet"
    database.run(
        f"COPY (SELECT {own}, {made} FROM (SELECT {own}, {part} AS part, "
        f"generate_subscripts(string_split(trim({name_sql(column)}), ' '), 1) AS place "
        f"FROM {name_sql(table)})) TO {text_sql(str(path))} (FORMAT parquet)"
    )
    database.run(f"DROP TABLE {name_sql(table)}")
    relation = f"read_parquet({text_sql(str(path))})"
    n_made = database.row(f"SELECT count(*) FROM {relation}")[0]
    findings.add(
        "changed",
        f"{n_rows:,} cells hold lists of what was shown, with -1 where it was clicked: their "
        f"{n_made:,} items are a row each (`{names[-3]}`, `{names[-2]}`, `{names[-1]}`)",
        file=source.name,
        column=column,
    )
    return replace(source, columns=names, relation=f"(SELECT * FROM {relation})", dialect=None)


def _column_of_lists(database: Database, source: Source) -> str | None:
    """Return the column all of whose cells are such lists, some of them of several items."""
    if source.dialect is None:
        return None
    counts = ", ".join(
        f"n_if(regexp_full_match(trim({name_sql(one)}), $1)), n_if(contains(trim("
        f"{name_sql(one)}), ' ')), count({name_sql(one)})"
        for one in source.columns
    )
    found = database.row(
        f"SELECT {counts} FROM (SELECT * FROM {source.relation} LIMIT {LOOKED_AT})", [A_LIST]
    )
    for place, column in enumerate(source.columns):
        n_lists, n_several, n_filled = found[3 * place : 3 * place + 3]
        if n_filled and n_lists == n_filled and n_several:
            return column
    return None
