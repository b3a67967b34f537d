"""How a text table is written: what is between columns, its quotes, whether it has names."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass

__all__ = ["DELIMITERS", "QUOTES", "Dialect", "find_dialect", "split_line", "unique_names"]

DELIMITERS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "vertical bar",
    "::": "two colons",
    "^": "caret",
    "~": "tilde",
    "\x01": "control sign 1",
    "\x1f": "control sign 31",
    ":": "colon",
    " ": "blank",
}
"""What may be between columns → words; of two that fit alike, the earlier is taken."""

USUAL = (",", ";", "\t", "|", "::")
QUOTES = {'"': "double", "'": "single", "": "none"}
SAMPLED = 2_000
NUMBER = re.compile(r"[-+]?[\d.,]*\d[\d.,]*%?")
NUMBERED = re.compile(r"([A-Za-z_:-]+)\d+")
BLANK_AND_QUOTED = re.compile(r'^\s*"([^"]*)"\s*$')
"""A name in quotes that stand behind a blank, where a reader of CSV leaves them."""

FEWEST_ALIKE = 5
DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?")


@dataclass(frozen=True)
class Dialect:
    """The way in which a table is written.

    Attributes
    ----------
    delimiter : str
        Of :data:`DELIMITERS`.
    quote : str
        Of :data:`QUOTES`; empty where quotes are text.
    escape : str
        What makes a quote inside of a quoted field one: a quote, or a backslash.
    has_header : bool
    names : tuple of str
        Of the columns, no two alike; ``column 1`` and so on where the file has none.
    n_skipped : int
        Lines before the table, blank ones too.
    """

    delimiter: str
    quote: str
    escape: str
    has_header: bool
    names: tuple[str, ...]
    n_skipped: int = 0


def find_dialect(
    sample: str,
    *,
    delimiter: str | None = None,
    quote: str | None = None,
    has_header: bool | None = None,
) -> Dialect:
    """Look at the first lines of a file; what is given is not looked for.

    The delimiter is one that gives most rows as many fields as the first, and of several the one
    that gives the most fields. A reading in which a quoted field swallows rows is no reading.
    """
    quotes = [quote] if quote is not None else ['"', "'", ""]
    delimiters = [delimiter] if delimiter else list(DELIMITERS)
    readings = [
        (mark, sign, split_line(sample, mark, sign, _escape(sample, sign)))
        for mark in delimiters
        for sign in quotes
    ]
    found = max(readings, key=lambda one: _fit(one, sample))
    mark, sign, rows = found
    n_skipped, width = _start(rows)
    body = [row for row in rows[n_skipped:] if len(row) == width]
    with_header = _has_header(body) if has_header is None else has_header
    names = body[0] if with_header and body else [f"column {n + 1}" for n in range(width)]
    filled = [place for place, line in enumerate(sample.split("\n")) if line.strip()]
    return Dialect(
        mark,
        sign,
        _escape(sample, sign),
        with_header,
        unique_names(names),
        n_skipped=filled[n_skipped] if n_skipped < len(filled) else 0,
    )


def split_line(sample: str, delimiter: str, quote: str, escape: str = "") -> list[list[str]]:
    """Cut a sample into rows of fields, without blank lines.

    >>> split_line('a::"b"', "::", '"')
    [['a', 'b']]
    """
    if len(delimiter) > 1:
        sample, delimiter = sample.replace(delimiter, "\x1e"), "\x1e"
    lines = sample.split("\n")
    reader = csv.reader(
        (line + "\n" for line in lines),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=escape if escape == "\\" else None,
    )
    rows: list[list[str]] = []
    try:
        for row in reader:
            if len(rows) >= SAMPLED:
                break
            if row and (len(row) > 1 or row[0].strip()):
                rows.append(row)
    except csv.Error:
        pass
    return rows


def _fit(reading: tuple[str, str, list[list[str]]], sample: str) -> tuple[float, ...]:
    """Return how well a reading fits, the weightiest point first."""
    mark, sign, rows = reading
    widths = Counter(map(len, rows)) or Counter([0])
    width, n_alike = max(widths.items(), key=lambda one: (one[1], one[0]))
    is_table = width > 1
    starts_alike = is_table and len(rows[0]) == width
    n_enclosed = _enclosed(mark, sign, sample) if sign else 0
    # A quote that is none swallows rows; where fields in quotes are the rule, it is one.
    swallows = any(_holds_rows(field, mark, width) for row in rows for field in row)
    is_whole = n_enclosed > len(rows) or not swallows
    return (
        is_table,
        starts_alike,
        is_whole,
        mark in USUAL,
        round(n_alike / max(len(rows), 1), 1),
        # Without their quotes, titles with a comma each would be two columns.
        2 * n_enclosed >= len(rows) > 0,
        width,
        min(n_enclosed, 1),
        n_enclosed,
        sign == '"',
        not sign,
    )


def _holds_rows(field: str, mark: str, width: int) -> bool:
    """Whether a field runs over line ends with as many delimiters as rows would have."""
    n_ends = field.count("\n")
    return n_ends > 0 and field.count(mark) >= n_ends * (width - 1)


def _enclosed(mark: str, sign: str, sample: str) -> int:
    """Count fields that begin and end with a quote."""
    field = rf"(?:^|{re.escape(mark)}){sign}[^{sign}\n]*{sign}(?={re.escape(mark)}|$)"
    return len(re.findall(field, sample[:200_000], re.MULTILINE))


def _start(rows: list[list[str]]) -> tuple[int, int]:
    """Return how many lines come before the table, and its width."""
    if not rows:
        return 0, 1
    width = Counter(map(len, rows)).most_common(1)[0][0]
    # A title above the names may be padded with as many commas as there are columns.
    least = (width + 1) // 2 if width > 2 else 1
    is_table = [len(row) == width and sum(map(bool, map(str.strip, row))) >= least for row in rows]
    first = is_table.index(True) if any(is_table) else 0
    # One short line before the names is a title; more than a few are no table at all.
    return (first, width) if first <= 10 else (0, width)


def _has_header(body: list[list[str]]) -> bool:
    if not body:
        return True
    first, others = body[0], body[1:]
    cells = [cell.strip() for cell in first]
    if any(NUMBER.fullmatch(cell) or DATE.fullmatch(cell) for cell in cells if cell):
        return False
    if any("://" in cell or cell.startswith(("[{", "{")) for cell in cells):
        return False
    if any(_is_one_of(cell, [row[place] for row in others]) for place, cell in enumerate(cells)):
        return False
    if len(set(cells)) < len(cells) and not all(cells):
        return True
    recurs = sum(
        any(row[place].strip() == cell for row in others[:200])
        for place, cell in enumerate(cells)
        if cell
    )
    return recurs * 2 <= len(cells)


def _is_one_of(cell: str, others: list[str]) -> bool:
    """Whether a cell is an id as most of those below it are: ``N1`` over ``N2`` and ``N37``."""
    found = NUMBERED.fullmatch(cell)
    if found is None or len(others) < FEWEST_ALIKE:
        return False
    alike = [NUMBERED.fullmatch(one.strip()) for one in others[:200]]
    return sum(one is not None and one[1] == found[1] for one in alike) > 0.9 * len(alike)


def _escape(sample: str, quote: str) -> str:
    if quote and f"\\{quote}" in sample and quote * 2 not in sample.replace(f"\\{quote}", ""):
        return "\\"
    return quote


def unique_names(names: list[str]) -> tuple[str, ...]:
    """Give every column a name of its own.

    >>> unique_names(["a", "", "a", " b "])
    ('a', 'column 2', 'a (2)', 'b')
    """
    taken: list[str] = []
    for place, given in enumerate(names):
        plain = " ".join(BLANK_AND_QUOTED.sub(r"\1", given).split()) or f"column {place + 1}"
        name, number = plain, 2
        while name.casefold() in {one.casefold() for one in taken}:
            name, number = f"{plain} ({number})", number + 1
        taken.append(name)
    return tuple(taken)
