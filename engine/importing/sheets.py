"""Sheets of a spreadsheet as columns of text, as they are shown there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from engine.errors import DataError
from engine.importing.dialect import unique_names

__all__ = ["read_sheet"]


def read_sheet(path: Path, sheet: str | None = None) -> tuple[pa.Table, tuple[str, ...]]:
    """Read one sheet; the first that has rows where none is named.

    Whole numbers lose the point that a spreadsheet gives them, dates become ISO 8601. Rows and
    columns without anything are left out.

    Returns
    -------
    table : pyarrow.Table
        All columns are text; what is empty is null.
    sheets : tuple of str
        Names of all sheets.

    Raises
    ------
    DataError
        No spreadsheet, no such sheet, or none with rows.
    """
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = tuple(book.sheet_names)
        if sheet is not None and sheet not in sheets:
            raise DataError(
                f"{path.name} has no sheet {sheet[:40]!r}, only {', '.join(sheets[:10])}."
            )
        for name in [sheet] if sheet else sheets:
            rows = book.get_sheet_by_name(name).to_python()
            if len(rows) > 1:
                return _table(rows), sheets
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(f"{path.name} is not a readable spreadsheet ({error}).") from error
    raise DataError(f"{path.name} has no sheet with rows: write the table into it.")


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
