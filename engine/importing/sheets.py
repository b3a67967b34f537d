"""Sheets of a spreadsheet as columns of text, as they are shown there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from engine.errors import DataError
from engine.importing.dialect import unique_names

__all__ = ["read_sheet", "sheets_with_rows"]


def read_sheet(path: Path, sheet: str | None = None) -> pa.Table:
    """Read one sheet; the first that has rows where none is named.

    Whole numbers lose the point that a spreadsheet gives them, dates become ISO 8601. Rows and
    columns without anything are left out.

    Returns
    -------
    pyarrow.Table
        All columns are text; what is empty is null.

    Raises
    ------
    DataError
        No spreadsheet, no such sheet, or none with rows.
    """
    book = _open(path)
    if sheet is not None and sheet not in book.sheet_names:
        raise DataError(
            f"{path.name} has no sheet {sheet[:40]!r}, only {', '.join(book.sheet_names[:10])}."
        )
    for name in [sheet] if sheet else book.sheet_names:
        rows = _rows(book, name, path)
        if len(rows) > 1:
            return _table(rows)
    raise DataError(f"{path.name} has no sheet with rows: write the table into it.")


def sheets_with_rows(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the sheets that hold a table, and of those that hold none.

    Raises
    ------
    DataError
        No spreadsheet.
    """
    book = _open(path)
    filled = {name for name in book.sheet_names if len(_rows(book, name, path)) > 1}
    return (
        tuple(name for name in book.sheet_names if name in filled),
        tuple(name for name in book.sheet_names if name not in filled),
    )


def _open(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(path)
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(f"{path.name} is not a readable spreadsheet ({error}).") from error


def _rows(book: CalamineWorkbook, name: str, path: Path) -> list[list[object]]:
    try:
        rows = book.get_sheet_by_name(name).to_python()
    except (CalamineError, ValueError):
        return []  # a sheet that is a picture or a macro holds no rows
    except OSError as error:
        raise DataError(f"{path.name} is not a readable spreadsheet ({error}).") from error
    return [list(row) for row in rows]


def _table(rows: Sequence[Sequence[object]]) -> pa.Table:
    start = next(place for place, row in enumerate(rows) if any(cell != "" for cell in row))
    columns = list(zip(*rows[start:], strict=True))
    named = [(str(_text(cells[0]) or ""), cells[1:]) for cells in columns]
    kept = [(name, cells) for name, cells in named if name or any(one != "" for one in cells)]
    names = unique_names([name for name, _ in kept])
    arrays = [pa.array(map(_text, cells), type=pa.large_string()) for _, cells in kept]
    return pa.table(arrays, names=list(names))


def _text(cell: object) -> str | None:
    if cell == "":
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    return str(cell)
