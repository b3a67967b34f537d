"""Forms that are no table yet, written anew as one: printed Python objects, rows under headings."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from engine.importing.findings import Findings

__all__ = ["rows_with_their_heading", "without_python"]

HEADING = re.compile(r"([\w-]+):\s*")
LOOKED_AT = 1 << 16


def without_python(path: Path, target: Path, name: str, findings: Findings) -> Path:
    """Return a file of JSON lines: it itself, or what it says where Python printed its objects.

    ``{'asin': 'B00', 'price': None}`` is no JSON, but many sets are published so. Nothing is
    executed: only literals are read. A line that is none stays as it is, to be counted later.

    Parameters
    ----------
    path, target : Path
        The file, and where another may be written.
    name : str
        What findings call it.
    findings : Findings
    """
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        first = next((line for line in file if line.strip()), "")
    if _is_json(first) or _literal(first) is None:
        return path
    with (
        path.open(encoding="utf-8-sig", errors="replace") as source,
        target.open("w", encoding="utf-8") as out,
    ):
        n_lines = 0
        for line in source:
            found = _literal(line)
            n_lines += found is not None
            out.write(line if found is None else found + "\n")
    findings.add(
        "changed",
        "objects as Python prints them (`{'a': None}`) are read as JSON",
        file=name,
        n_rows=n_lines,
    )
    return target


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _literal(line: str) -> str | None:
    """Return a printed dict as JSON; None for anything else."""
    if not line.lstrip().startswith("{"):
        return None
    try:
        found = ast.literal_eval(line.strip())
        return json.dumps(found, ensure_ascii=False) if isinstance(found, dict) else None
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def rows_with_their_heading(path: Path, target: Path, name: str, findings: Findings) -> Path:
    """Return a table: it itself, or one whose rows begin with the heading that they stood under.

    As in ``7:`` and, under it, a row for everybody who rated film 7.

    Parameters
    ----------
    path, target, name, findings
        As for :func:`without_python`; the file is UTF-8 by now.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        begins = file.read(LOOKED_AT).split("\n")[:-1]
    is_headed = [HEADING.fullmatch(line) is not None for line in begins if line.strip()]
    if len(is_headed) < 2 or not is_headed[0] or all(is_headed) or "," not in begins[1]:
        return path
    with (
        path.open(encoding="utf-8-sig", errors="replace") as source,
        target.open("w", encoding="utf-8") as out,
    ):
        out.writelines(_under_headings(source))
    findings.add(
        "changed", "rows stand under headings (`7:`), which become the first column", file=name
    )
    return target


def _under_headings(lines: TextIO) -> Iterator[str]:
    heading = ""
    for line in lines:
        found = HEADING.fullmatch(line)
        if found:
            heading = found[1]
        elif line.strip():
            yield f"{heading},{line}"
