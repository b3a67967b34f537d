"""Quotes in a CSV that are no quotes: read as written, and found where they join rows.

A field that starts with a quote runs to the next single one, over line ends too. Programs that
never quote (most tab-separated files) write a title such as ``"Heroes`` all the same, and a reader
would take the following rows for a part of it. Each line that is not well quoted by itself is
looked at: where it has the right number of fields as it stands, its quotes are text; where only
several lines together make a well-quoted row, they are one row, as they were meant; else the line
is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.data.wording import counted
from engine.errors import DataError

__all__ = ["Mended", "mend_quotes"]

MOST_LINES = 1_000
"""Lines that one quoted field may run over."""


@dataclass(frozen=True)
class Mended:
    """The text of a CSV whose quotes are all meant, with what was found on the way."""

    text: str
    notes: tuple[str, ...]


def mend_quotes(text: str, separator: str, n_columns: int, file: str) -> Mended:
    """Quote what is text, and leave what is well quoted.

    Parameters
    ----------
    text : str
        The whole file, with line feeds at line ends.
    separator : str
        One character.
    n_columns : int
        Of the header.
    file : str
        Name, for the sentences.

    Raises
    ------
    DataError
        A quote that is never closed, or that swallows rows, with its line.
    """
    rows = _Rows(text.split("\n"), separator, n_columns, file)
    lines: list[str] = []
    as_text: list[int] = []
    joined: list[int] = []
    at = 0
    while at < len(rows.lines):
        line = rows.lines[at]
        if rows.is_fine(line):
            lines.append(line)
            at += 1
            continue
        n_together = rows.n_together(at)
        if n_together and not all(map(rows.is_whole, rows.lines[at : at + n_together])):
            rows.refuse_swallowed(at, n_together)
            joined.append(at)
            lines += rows.lines[at : at + n_together]
            at += n_together
        elif rows.is_whole(line):
            as_text.append(at)
            lines.append(rows.quoted(line))
            at += 1
        else:
            raise DataError(
                f"{file}: line {at + 1:,} has a quote that is never closed, or text after a "
                "closing one: put quotes around every field that holds a separator or a quote, "
                "and write each quote inside of it twice."
            )
    return Mended("\n".join(lines), tuple(_notes(file, as_text, joined)))


def _notes(file: str, as_text: list[int], joined: list[int]) -> list[str]:
    notes = []
    if as_text:
        notes.append(
            f"{file}: {counted(len(as_text), 'line')} with a bare quote, first line "
            f"{as_text[0] + 1:,}: read as written."
        )
    if joined:
        notes.append(
            f"{file}: {counted(len(joined), 'quoted field')} over several lines, first line "
            f"{joined[0] + 1:,}: each read as one row."
        )
    return notes


class _Rows:
    """The lines of a file, and what a row of it looks like."""

    def __init__(self, lines: list[str], separator: str, n_columns: int, file: str) -> None:
        self.lines, self.separator, self.n_columns, self.file = lines, separator, n_columns, file
        mark = re.escape(separator)
        one = rf'(?:(?>"(?:[^"]|"")*+")|[^"{mark}\n][^{mark}\n]*+|)'
        self._well_quoted = re.compile(rf"{one}(?:{mark}{one}){{{n_columns - 1}}}")
        self._of_any_width = re.compile(rf"{one}(?:{mark}{one})*+")

    def is_fine(self, line: str) -> bool:
        """Whether a line can stay as it is.

        One whose quotes are in order but not its width is no matter of quotes, unless it has its
        width with quotes taken as text.
        """
        if '"' not in line or self.is_well_quoted(line):
            return True
        return not self.is_whole(line) and self._of_any_width.fullmatch(line) is not None

    def is_well_quoted(self, row: str) -> bool:
        """Whether every quote of ``row`` opens, closes or doubles, and its width is right."""
        return self._well_quoted.fullmatch(row) is not None

    def is_whole(self, line: str) -> bool:
        """Whether a line has as many fields as the header, quotes taken as text."""
        return line.count(self.separator) == self.n_columns - 1

    def n_together(self, at: int) -> int:
        """Return how many lines from ``at`` on make a well-quoted row of the right width; or 0."""
        row = self.lines[at]
        n_quotes = row.count('"')
        for n_more, line in enumerate(self.lines[at + 1 : at + MOST_LINES], start=2):
            row = f"{row}\n{line}"
            n_quotes += line.count('"')
            if '"' in line and n_quotes % 2 == 0 and self.is_well_quoted(row):
                return n_more
        return 0

    def refuse_swallowed(self, at: int, n_together: int) -> None:
        """Raise :class:`DataError` if the lines inside of a quoted field are rows themselves."""
        inside = self.lines[at + 1 : at + n_together - 1]
        if inside and all(map(self.is_whole, inside)):
            raise DataError(
                f"{self.file}: a quote that opens in line {at + 1:,} and closes in line "
                f"{at + n_together:,} joins {n_together:,} lines that look like rows of their own: "
                "write a quote that is part of the text twice, inside of a quoted field."
            )

    def quoted(self, line: str) -> str:
        """Put quotes around every field of a line whose quotes are text."""
        fields = line.split(self.separator)
        return self.separator.join('"' + field.replace('"', '""') + '"' for field in fields)
