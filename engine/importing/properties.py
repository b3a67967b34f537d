"""A row for each property, as catalogues are exported: what something has becomes columns of it."""

from __future__ import annotations

from dataclasses import replace

from engine.importing.column_words import bare, fits
from engine.importing.database import Database, name_sql, text_sql
from engine.importing.dialect import unique_names
from engine.importing.findings import Findings
from engine.importing.loading import load
from engine.importing.sources import Source

__all__ = ["in_columns"]

PROPERTY = {
    "property", "attribute", "attr", "key", "field", "feature", "propertyname", "attributename",
    "fieldname", "featurename", "prop", "attributekey", "propertykey", "predicate",
}  # fmt: skip
VALUE = {
    "value", "val", "values", "propertyvalue", "attributevalue", "fieldvalue", "featurevalue",
    "attributeval", "object",
}  # fmt: skip
NAMED = 0.5
MOST = 60
"""Properties that become columns, those of most things."""

BETWEEN = "|"


def in_columns(database: Database, source: Source, findings: Findings) -> Source:
    """Return a file as it is, or, where its rows are an id, a property and a value, wide.

    Then each property is a column and each id has one row. Where rows have a time, the latest value
    holds; else several values of a property stand in one cell, with ``|`` between. Properties that
    are called by a number alone say nothing and are left out where others have names.
    """
    found = _columns(source)
    if found is None:
        return source
    own, name, value, time = found
    wanted = [own, name, value, *([time] if time else [])]
    table, n_rows = load(database, source, wanted, findings)
    key, what, cell = (f"nullif(trim({name_sql(one)}), '')" for one in (own, name, value))
    rows = (
        f"SELECT {key} AS own, {what} AS what, {cell} AS cell, {_order(time)} AS moment, "
        f"rowid AS place FROM {name_sql(table)} WHERE own IS NOT NULL AND what IS NOT NULL "
        "AND cell IS NOT NULL"
    )
    counted = database.rows(
        f"SELECT what, count(DISTINCT own), count(*) FROM ({rows}) GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    named = [one for one in counted if not one[0].lstrip("-").isdigit()] or counted
    kept = sorted(one[0] for one in named[:MOST])
    if not kept:
        database.run(f"DROP TABLE {name_sql(table)}")
        return source
    taken = (
        "arg_max(cell, (moment, place))"
        if time
        else f"string_agg(DISTINCT cell, '{BETWEEN}' ORDER BY cell)"
    )
    names = unique_names([own, *kept])
    columns = ", ".join(
        f"{taken} FILTER (what = {text_sql(one)}) AS {name_sql(column)}"
        for one, column in zip(kept, names[1:], strict=True)
    )
    path = database.scratch / f"{source.path.name}.wide.parquet"
    database.run(
        f"COPY (SELECT own AS {name_sql(own)}, {columns} FROM ({rows}) GROUP BY own ORDER BY own) "
        f"TO {text_sql(str(path))} (FORMAT parquet)"
    )
    database.run(f"DROP TABLE {name_sql(table)}")
    relation = f"(SELECT * FROM read_parquet({text_sql(str(path))}))"
    n_made = database.row(f"SELECT count(*) FROM {relation}")[0]
    several = "the latest of each" if time else "several of one with `|` between"
    findings.add(
        "changed",
        f"{n_rows:,} rows of a property and its value are {n_made:,} rows with {len(kept):,} "
        f"columns ({', '.join(f'`{one[:30]}`' for one in kept[:6])}"
        f"{' …' if len(kept) > 6 else ''}), {several}",
        file=source.name,
    )
    _say_left_out(counted, set(kept), source, name, findings)
    return replace(source, columns=names, relation=relation, dialect=None)


def _columns(source: Source) -> tuple[str, str, str, str | None] | None:
    """Return the columns of the id, the property, its value and the time; None for other files."""
    name = next((one for one in source.columns if bare(one) in PROPERTY), None)
    value = next((one for one in source.columns if bare(one) in VALUE), None)
    if name is None or value is None or not 3 <= len(source.columns) <= 5:
        return None
    others = [one for one in source.columns if one not in (name, value)]
    time = next((one for one in others if fits(one, "time") >= NAMED), None)
    ids = [one for one in others if one != time]
    named = [one for one in ids if fits(one, "item") >= NAMED or fits(one, "person") >= NAMED]
    chosen = named or (ids if len(ids) == 1 else [])
    return (chosen[0], name, value, time) if len(chosen) == 1 else None


def _order(time: str | None) -> str:
    if time is None:
        return "0"
    cell = f"trim({name_sql(time)})"
    return f"coalesce(printf('%030.3f', try_cast({cell} AS DOUBLE)), {cell}, '')"


def _say_left_out(
    counted: list[tuple[str, int, int]],
    kept: set[str],
    source: Source,
    column: str,
    findings: Findings,
) -> None:
    out = [one for one in counted if one[0] not in kept]
    if out:
        why = f"numbers as names, or not among the {MOST} of most things"
        findings.add(
            "left out",
            f"{len(out):,} properties are no columns ({why})",
            file=source.name,
            column=column,
            n_rows=sum(one[2] for one in out),
            examples=[one[0] for one in out],
        )
