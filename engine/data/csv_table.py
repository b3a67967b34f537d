"""Read a CSV file as it is written: separator, encoding, quotes and width are looked at first."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from engine.data.account import Account
from engine.data.csv_quotes import mend_quotes
from engine.data.limits import MOST_HEADER, check_shape, size_in_words
from engine.data.wording import counted
from engine.errors import DataError

__all__ = ["read_csv"]

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
OTHER_SEPARATORS = ("::", ":", "^", "~", "\x01", " ")
BLOCK = 1 << 24


def read_csv(path: Path, expected: Collection[str], account: Account) -> pd.DataFrame:
    """Read a table whose cells are all text, and missing where there is nothing.

    Parameters
    ----------
    path : Path
        UTF-8 with a header. The separator is the one of comma, semicolon, tab and vertical bar
        that finds most of the expected columns.
    expected : collection of str
        Names of columns that the header may have.
    account : Account
        Gets a note on the separator if it is no comma, and on quotes that are none.

    Raises
    ------
    DataError
        Not UTF-8, not regular, or too wide.
    """
    try:
        header = _header(path)
        separator, columns = _separator(path.name, header, expected)
        check_shape(path.name, 1, len(columns))
        source: Path | io.StringIO = path
        if _has_quotes(path):
            text = path.read_text(encoding="utf-8-sig")
            mended = mend_quotes(text, separator, len(columns), path.name)
            account.add(notes=mended.notes)
            source = io.StringIO(mended.text)
        else:
            _note_short_rows(path, separator, len(columns), account)
        table = _parsed(source, separator)
    except UnicodeDecodeError as error:
        raise DataError(_not_utf8(path)) from error
    except (pd.errors.ParserError, pd.errors.ParserWarning, csv.Error) as error:
        reason = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        raise DataError(
            f"{path.name} is not a regular CSV table ({reason}): put quotes around every field "
            "that holds a separator, and give every row as many fields as the header."
        ) from error
    except pd.errors.EmptyDataError:
        return pd.DataFrame(columns=columns)
    if len(columns) == table.shape[1]:
        table.columns = pd.Index(columns)  # a name that comes twice keeps its name
    if separator != ",":
        account.note(f"{path.name}: the {SEPARATORS[separator]} is read as its separator.")
    return table


def _header(path: Path) -> str:
    """Return the first line that is not blank."""
    with path.open(encoding="utf-8-sig") as file:
        while line := file.readline(MOST_HEADER):
            if len(line) == MOST_HEADER:
                raise DataError(
                    f"{path.name} has a line of more than {size_in_words(MOST_HEADER)} as its "
                    "header: give it one line with the names of the columns."
                )
            if line.strip():
                return line.rstrip("\n")
    return ""


def _separator(file: str, header: str, expected: Collection[str]) -> tuple[str, list[str]]:
    """Return the separator and the names of the columns."""
    found = {mark: _fields(header, mark) for mark in SEPARATORS}

    def fits(mark: str) -> tuple[int, int]:
        names = {name.strip() for name in found[mark]}
        return len(names.intersection(expected)), len(found[mark])

    best = max(SEPARATORS, key=fits)
    if fits(best) <= (0, 1):
        for mark in OTHER_SEPARATORS:
            if len(set(map(str.strip, header.split(mark))).intersection(expected)) > 1:
                raise DataError(
                    f"{file} has {mark!r} between its columns: write a comma, a semicolon, a tab "
                    "or a vertical bar there."
                )
    return best, found[best]


def _fields(header: str, mark: str) -> list[str]:
    return next(csv.reader([header], delimiter=mark), []) if '"' in header else header.split(mark)


def _note_short_rows(path: Path, separator: str, n_columns: int, account: Account) -> None:
    """Count the rows of a file without quotes that end before the header does."""
    n_short, first = 0, 0
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if line.count(separator) < n_columns - 1 and line.strip():
                n_short, first = n_short + 1, first or number
    if n_short:
        account.note(
            f"{path.name}: {counted(n_short, 'row')} with fewer fields than the header, first line "
            f"{first:,}: what is not there is read as nothing."
        )


def _has_quotes(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b'"' in block for block in iter(lambda: file.read(BLOCK), b""))


def _parsed(source: Path | io.StringIO, separator: str) -> pd.DataFrame:
    with warnings.catch_warnings():
        # Rows longer than the header would be cut off with no more than a warning.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(
            source,
            sep=separator,
            dtype="str",
            encoding="utf-8-sig",
            na_values=[""],
            keep_default_na=False,
            index_col=False,
        )


def _not_utf8(path: Path) -> str:
    content = path.read_bytes()
    try:
        content.decode("utf-8")
        line, byte = 0, 0
    except UnicodeDecodeError as error:
        line, byte = content.count(b"\n", 0, error.start) + 1, content[error.start]
    n_rows = max(content.count(b"\n") - 1, 0)
    return (
        f"{path.name} (about {counted(n_rows, 'row')}) is not UTF-8 text: line {line:,} "
        f"holds the byte 0x{byte:02x}; save the file again with the encoding UTF-8."
    )
