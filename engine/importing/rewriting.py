"""Forms that are no table yet, written anew as one: printed Python objects, rows under headings."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from engine.importing.findings import Findings

__all__ = [
    "rows_of_one_object",
    "rows_with_their_heading",
    "without_alignment",
    "without_python",
]

HEADING = re.compile(r"([\w-]+):\s*")
LOOKED_AT = 1 << 16
MOST_AT_ONCE = 256 << 20


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


def without_alignment(path: Path, target: Path, name: str, findings: Findings) -> Path:
    """Return a table: it itself, or, where blanks put its columns under each other, with tabs.

    As programs print numbers; every line must have as many words as the others.

    Parameters
    ----------
    path, target, name, findings
        As for :func:`without_python`; the file is UTF-8 by now.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        begins = [line for line in file.read(LOOKED_AT).split("\n")[:-1] if line.strip()]
    widths = {len(line.split()) for line in begins}
    is_aligned = sum("  " in line.rstrip() for line in begins) * 2 > len(begins)
    has_marks = any(mark in line for line in begins[:100] for mark in ",;|\t")
    if not is_aligned or has_marks or len(widths) != 1 or widths == {1}:
        return path
    with (
        path.open(encoding="utf-8-sig", errors="replace") as source,
        target.open("w", encoding="utf-8") as out,
    ):
        out.writelines("\t".join(line.split()) + "\n" for line in source if line.strip())
    findings.add("changed", "columns stand under each other by blanks alone", file=name)
    return target


def rows_of_one_object(path: Path, target: Path, name: str, findings: Findings) -> Path:
    """Return a file of JSON lines: it itself, or the rows in the one object that it holds.

    ``{"data": [{…}, …]}`` as interfaces answer, and ``{"user": {"0": …}, "item": {"0": …}}`` as
    pandas writes a table, column by column.

    Parameters
    ----------
    path, target, name, findings
        As for :func:`without_python`.
    """
    if path.stat().st_size > MOST_AT_ONCE or not _is_one_object(path):
        return path
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig", errors="replace"))
    except (ValueError, RecursionError):
        return path
    lists = [
        (key, rows)
        for key, rows in whole.items()
        if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)
    ]
    columns = {key: one for key, one in whole.items() if isinstance(one, dict) and one}
    if len(lists) == 1:
        said, rows = f"the rows are those of `{lists[0][0]}`", lists[0][1]
    elif len(columns) == len(whole) > 1 and len({frozenset(one) for one in columns.values()}) == 1:
        said = "the table is written column by column"
        places = next(iter(columns.values()))
        rows = [{key: one[place] for key, one in columns.items()} for place in places]
    else:
        return path
    with target.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    findings.add("changed", said, file=name)
    return target


def _is_one_object(path: Path) -> bool:
    """Whether a file begins with an object that is all of it."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        first = next((line for line in file if line.strip()), "")
        is_more = any(line.strip() for line in file)
    return first.lstrip().startswith("{") and not (is_more and _is_json(first))
