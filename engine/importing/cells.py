"""Cells of text as ids and numbers, in SQL: how a column writes them is looked at as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from engine.importing.database import Database, name_sql
from engine.importing.findings import Findings
from engine.importing.numbers_in_words import number_in_words
from engine.importing.profiles import MISSING_SQL

__all__ = ["Column", "filled_sql", "id_sql", "number_sql", "say_bad_cells"]

WHOLE_WITH_POINT = r"[-+]?\d+\.0+"
WHOLE = r"[-+]?\d+(\.0+)?"
POWER = r"[-+]?\d(\.\d+)?[eE]\+\d+"
SIGNS = r"[\s\x{00A0}\x{202F}€$£¥₹%]|USD|EUR|GBP|CHF"
THOUSANDS = r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?"
POINTED_THOUSANDS = r"[-+]?\d{1,3}(\.\d{3})+,\d+"
DECIMAL_COMMA = r"[-+]?\d*,\d+"
POINT = r"[-+]?\d*\.\d+"


@dataclass(frozen=True)
class Column:
    """A column of a table in the database, with the file and name that sentences use."""

    table: str
    name: str
    file: str

    @property
    def cell(self) -> str:
        """SQL of its cells without blanks around them; null where there is nothing."""
        return f"nullif(trim({name_sql(self.name)}), '')"

    @property
    def rows(self) -> str:
        """SQL of its table."""
        return name_sql(self.table)


def filled_sql(cell: str) -> str:
    """Write a condition: a cell holds something else than nothing or a word for it."""
    return f"({cell} IS NOT NULL AND lower({cell}) NOT IN {MISSING_SQL})"


def id_sql(database: Database, column: Column, findings: Findings) -> str:
    """Write an id: null where there is none, and ``17850`` where a spreadsheet made ``17850.0``.

    Points are taken off only where every id is a whole number.
    """
    cell = column.cell
    is_id = filled_sql(cell)
    # Most columns of ids have neither, which is quickly seen.
    has_either = f"(contains({cell}, '.0') OR contains(lower({cell}), 'e+'))"
    if not database.row(f"SELECT n_if({has_either}) FROM {column.rows}")[0]:
        return f"CASE WHEN {is_id} THEN {cell} END"
    n_point, n_other, n_power = database.row(
        f"SELECT n_if(regexp_full_match({cell}, $1)), "
        f"n_if(NOT regexp_full_match({cell}, $2)), n_if(regexp_full_match({cell}, $3)) "
        f"FROM {column.rows} WHERE {is_id}",
        [WHOLE_WITH_POINT, WHOLE, POWER],
    )
    if n_power and n_power == n_other:
        findings.add(
            "odd",
            "ids that a spreadsheet has cut to a few digits (`4.01E+12`): several ids have become "
            "one; write the file again with the ids as text",
            file=column.file,
            column=column.name,
            n_rows=n_power,
            examples=_some(database, column, f"regexp_full_match({cell}, '{POWER}')"),
        )
    if n_point and not n_other:
        findings.add(
            "changed",
            "ids with a point that a spreadsheet gave them (`17850.0`) are read without it",
            file=column.file,
            column=column.name,
            n_rows=n_point,
            examples=_some(database, column, f"regexp_full_match({cell}, '{WHOLE_WITH_POINT}')"),
        )
        cell = f"regexp_replace({cell}, '\\.0+$', '')"
    return f"CASE WHEN {is_id} THEN {cell} END"


def number_sql(database: Database, column: Column, findings: Findings) -> str:
    """Write a number: currency and percent signs fall away, and a decimal comma is understood.

    A comma is decimal where some cell can be meant in no other way and no cell has a decimal
    point; else ``1,234`` has thousands.
    """
    in_words = number_in_words(database, column.rows, column.cell)
    if in_words is not None:
        said, sql = in_words
        written = f"try_cast({column.cell} AS DOUBLE) IS NULL AND {sql} IS NOT NULL"
        n_rows = database.row(f"SELECT n_if({written}) FROM {column.rows}")[0]
        examples = _some(database, column, written)
        findings.add(
            "changed", said, file=column.file, column=column.name, n_rows=n_rows, examples=examples
        )
        return f"coalesce(try_cast({column.cell} AS DOUBLE), {sql})"
    bare = f"regexp_replace({column.cell}, '{SIGNS}', '', 'g')"
    n_signs, n_comma, n_point, n_thousands = database.row(
        f"SELECT n_if(bare <> cell AND try_cast(cell AS DOUBLE) IS NULL AND "
        "try_cast(bare AS DOUBLE) IS NOT NULL), "
        "n_if(regexp_full_match(bare, $1) AND NOT regexp_full_match(bare, $2) "
        "OR regexp_full_match(bare, $3)), n_if(regexp_full_match(bare, $4)), "
        f"n_if(regexp_full_match(bare, $2)) "
        f"FROM (SELECT {bare} AS bare, {column.cell} AS cell FROM {column.rows} "
        f"WHERE try_cast({column.cell} AS DOUBLE) IS NULL OR contains({column.cell}, '.'))",
        [DECIMAL_COMMA, THOUSANDS, POINTED_THOUSANDS, POINT],
    )
    n_read = n_comma + n_thousands
    if n_comma and not n_point:
        said = "the comma is read as the decimal one"
        sql = f"try_cast(replace(replace({bare}, '.', ''), ',', '.') AS DOUBLE)"
    elif n_read:
        said = "the comma is read as that of thousands"
        has_comma = f"regexp_full_match({bare}, '{THOUSANDS}')"
        sql = (
            f"try_cast(CASE WHEN {has_comma} THEN replace({bare}, ',', '') ELSE {bare} END "
            "AS DOUBLE)"
        )
    else:
        said, n_read = "signs of a currency or of percent fall away", n_signs
        sql = f"try_cast({bare if n_signs else column.cell} AS DOUBLE)"
    if n_read:
        findings.add(
            "changed",
            said,
            file=column.file,
            column=column.name,
            n_rows=n_read,
            examples=_some(database, column, f"try_cast({column.cell} AS DOUBLE) IS NULL"),
        )
    # NaN and infinity are no numbers here, and neither is what 32 bits cannot hold.
    return f"CASE WHEN abs({sql}) < 1e30 THEN {sql} END"


def say_bad_cells(
    database: Database, column: Column, made: str, wanted: str, findings: Findings
) -> int:
    """Count cells that hold something of which nothing could be made; their rows are left out."""
    is_bad = f"{filled_sql(column.cell)} AND {made} IS NULL"
    n_bad = database.row(f"SELECT n_if({is_bad}) FROM {column.rows}")[0]
    if n_bad:
        findings.add(
            "left out",
            f"cells that hold something else than {wanted}",
            file=column.file,
            column=column.name,
            n_rows=n_bad,
            examples=_some(database, column, is_bad),
        )
    return int(n_bad)


def _some(database: Database, column: Column, condition: str) -> list[str]:
    """Return the commonest cells of a kind, as they are written."""
    return database.column(
        f"SELECT {column.cell} FROM {column.rows} WHERE {filled_sql(column.cell)} "
        f"AND {condition} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 20"
    )
