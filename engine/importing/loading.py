"""Whole files into the database; what is no row is counted and shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.importing.database import Database, name_sql
from engine.importing.findings import Findings
from engine.importing.sources import Source, csv_sql

__all__ = ["load", "sample"]

REASONS = {
    "MISSING COLUMNS": "lines with fewer fields than there are columns",
    "TOO MANY COLUMNS": "lines with more fields than there are columns",
    "UNQUOTED VALUE": "lines with a quote that is never closed, or text after a closing one",
    "INVALID ENCODING": "lines that are no UTF-8",
    "LINE SIZE OVER MAXIMUM": "lines of more than 16 MB",
}
"""DuckDB's words → ours."""

OF_QUOTES = ("UNQUOTED VALUE", "LINE SIZE OVER MAXIMUM", "MISSING COLUMNS", "TOO MANY COLUMNS")


def sample(database: Database, source: Source, n_rows: int) -> str:
    """Put the first rows of a file into a table of the database; return its name."""
    table = f"sample of {source.name}"
    database.run(
        f"CREATE OR REPLACE TABLE {name_sql(table)} AS SELECT * FROM {source.relation} "
        f"LIMIT {n_rows}"
    )
    return table


def load(
    database: Database, source: Source, columns: Sequence[str], findings: Findings
) -> tuple[str, int]:
    """Put columns of a whole file into a table of the database.

    Where many lines of a text file are refused for their quotes, and fewer are when quotes are
    taken as text, they are.

    Returns
    -------
    table : str
        Rows are in the order of the file.
    n_rows : int
        Rows that were read.
    """
    table = f"rows of {source.name}"
    chosen = ", ".join(map(name_sql, columns)) or "NULL AS nothing"
    if source.dialect is None:
        database.run(
            f"CREATE OR REPLACE TABLE {name_sql(table)} AS SELECT {chosen} FROM {source.relation}"
        )
        return table, database.row(f"SELECT count(*) FROM {name_sql(table)}")[0]
    n_lost = _load_csv(database, source, chosen, table)
    if n_lost and source.dialect.quote and source.reading.quote != "":
        plain = replace(source, dialect=replace(source.dialect, quote="", escape=""))
        is_better = _load_csv(database, plain, chosen, table) < n_lost
        if is_better and _n_enclosed(database, table, columns, source.dialect.quote) < n_lost:
            findings.add("changed", "quotes are read as text", file=source.name)
        else:
            _load_csv(database, source, chosen, table)
    _say_refused(database, source.name, findings)
    _say_swallowed(database, source, table, columns, findings)
    return table, database.row(f"SELECT count(*) FROM {name_sql(table)}")[0]


def _load_csv(database: Database, source: Source, chosen: str, table: str) -> int:
    """Load, and return how many lines were refused."""
    assert source.dialect is not None
    for name in ("refused", "refusing"):
        database.run(f"DROP TABLE IF EXISTS {name}")
    errors = "store_rejects = true, rejects_table = 'refused', rejects_scan = 'refusing'"
    database.run(
        f"CREATE OR REPLACE TABLE {name_sql(table)} AS SELECT {chosen} FROM "
        f"{csv_sql(source.path, source.dialect, f'{errors}, rejects_limit = 0')}"
    )
    lines = "len(rtrim(csv_line, chr(10))) - len(replace(rtrim(csv_line, chr(10)), chr(10), ''))"
    return int(
        database.row(
            f"SELECT coalesce(sum({lines} + 1), 0) FROM (SELECT DISTINCT line, csv_line FROM "
            "refused WHERE trim(csv_line) <> '')"
        )[0]
    )


def _n_enclosed(database: Database, table: str, columns: Sequence[str], quote: str) -> int:
    """Count cells in quotes, of a table that was read as if they were text."""
    cells = [
        f"(len({name_sql(one)}) > 1 AND {name_sql(one)}[1] = $1 AND {name_sql(one)}[-1] = $1)"
        for one in columns
    ]
    counts = " + ".join(f"n_if({cell})" for cell in cells) or "0 * len($1)"
    return int(database.row(f"SELECT {counts} FROM {name_sql(table)}", [quote])[0])


def _say_refused(database: Database, file: str, findings: Findings) -> None:
    kinds = database.rows(
        "SELECT error_type::VARCHAR, count(DISTINCT line) FROM refused WHERE trim(csv_line) <> '' "
        "GROUP BY ALL ORDER BY 2 DESC"
    )
    for kind, n_lines in kinds:
        shown = database.rows(
            "SELECT DISTINCT line, csv_line FROM refused WHERE error_type::VARCHAR = ? "
            "AND trim(csv_line) <> '' ORDER BY line LIMIT 20",
            [kind],
        )
        findings.add(
            "left out",
            REASONS.get(kind, "lines that are no row of the table"),
            file=file,
            n_rows=n_lines,
            examples=[f"line {line:,}: {text.strip()}" for line, text in shown],
        )


def _say_swallowed(
    database: Database, source: Source, table: str, columns: Sequence[str], findings: Findings
) -> None:
    """Point at quoted fields over several lines that look like rows of their own."""
    assert source.dialect is not None
    mark, n_marks = source.dialect.delimiter, len(source.dialect.names) - 1
    for name in columns if source.dialect.quote and n_marks else ():
        cell = name_sql(name)
        inner = (
            f"(len({cell}) - len(replace({cell}, $1, ''))) / len($1) >= $2 * "
            f"greatest(len({cell}) - len(replace({cell}, chr(10), '')) - 1, 1)"
        )
        found = database.rows(
            f"SELECT {cell}, count(*) OVER () FROM {name_sql(table)} "
            f"WHERE contains({cell}, chr(10)) AND {inner} LIMIT 20",
            [mark, n_marks],
        )
        if found:
            findings.add(
                "odd",
                "a quoted field runs over lines that look like rows of their own; if a quote is "
                "part of the text, write it twice",
                file=source.name,
                column=name,
                n_rows=found[0][1],
                examples=[one.replace("\n", " ⏎ ") for one, _ in found],
            )
