"""The audit as one HTML file that stands alone: no script, no network, fit for paper.

Every text goes through the template engine's escaping; only the still pictures, which escape
their own texts, are put in as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from engine.formats import MISSING

__all__ = ["CHANCES", "Cell", "KeyFigure", "Report", "Section", "Summary", "Table", "facts"]
__all__ += ["render", "table_of"]

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=False,
)

SHORT = 22
"""Letters that stand in one line."""

CHANCES = ("p", "p (Holm)", "q")
"""Columns of probabilities under chance."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table; numbers stand to the right, and a few words in one line."""

    text: str
    is_number: bool

    @property
    def look(self) -> str:
        """Class of the cell in the template."""
        return "number" if self.is_number else "short" if len(self.text) <= SHORT else "long"


@dataclass(frozen=True)
class Table:
    """A table of plain text with the sentence above it."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Section:
    """One part of the report. ``findings`` are the sentences that stand out."""

    title: str
    findings: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    pictures: tuple[Markup, ...] = ()
    tables: tuple[Table, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class KeyFigure:
    """One of the figures on top; ``note`` has its interval, its n or what it is held against."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Summary:
    """What somebody reads who reads nothing else: the verdict, three figures, who pays."""

    verdict: str
    figures: tuple[KeyFigure, ...]
    who_pays: str


@dataclass(frozen=True)
class Report:
    """The whole report: the summary, what it is about (``facts``), then its sections."""

    title: str
    subtitle: str
    badge: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    footer: str
    summary: Summary | None = None


def table_of(frame: pd.DataFrame, caption: str, *, digits: int = 3) -> Table:
    """Return a frame as a table: numbers with ``digits`` decimals, what is undefined as a dash.

    A column with its interval beside it (``x``, ``x low``, ``x high``, or ``low`` and ``high``
    alone) becomes two: the figure, and the interval in words.
    """
    columns: dict[str, list[Cell]] = {}
    names = list(map(str, frame.columns))
    for place, name in enumerate(names):
        values = frame.iloc[:, place].tolist()
        stem = name.removesuffix("low").strip()
        high = f"{stem} high".strip()
        if name.endswith("low") and high in names:
            ends = zip(values, frame[high].tolist(), strict=True)
            columns[f"{stem} 95 % interval".strip()] = [_interval(*pair, digits) for pair in ends]
        elif not _is_upper_end(name, names):
            write = _chance if name in CHANCES else _cell
            columns[name] = [write(value, digits) for value in values]
    return Table(caption, tuple(columns), tuple(zip(*columns.values(), strict=True)))


def _is_upper_end(name: str, names: list[str]) -> bool:
    """Whether the column is the upper end of an interval whose lower end stands beside it."""
    stem = name.removesuffix("high").strip()
    return name.endswith("high") and f"{stem} low".strip() in names


def _interval(low: float, high: float, digits: int) -> Cell:
    ends = [_cell(end, digits).text for end in (low, high)]
    return Cell(MISSING if MISSING in ends else " to ".join(ends), is_number=True)


def _chance(p: float, digits: int) -> Cell:
    """Write a p or q value: never 0, since no test shows that much."""
    least = 10.0**-digits
    return Cell(f"< {least:g}", is_number=True) if p < least else _cell(p, digits)


def _cell(value: Any, digits: int) -> Cell:
    if isinstance(value, bool):
        return Cell("yes" if value else "no", is_number=False)
    if value is None or pd.isna(value):
        return Cell(MISSING, is_number=True)
    if isinstance(value, int) or pd.api.types.is_integer(value):
        return Cell(f"{value:,}", is_number=True)
    if pd.api.types.is_float(value):
        text = f"{value:.{digits}f}"
        is_zero = not text.strip("-0.")
        return Cell(text.replace("-", "" if is_zero else "−"), is_number=True)
    return Cell(str(value), is_number=False)


def render(report: Report) -> str:
    """Return the report as the text of an HTML file."""
    return TEMPLATES.get_template("report.html").render(report=report)


def facts(given: Sequence[tuple[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Return the facts that are known, as text."""
    return tuple((label, str(value)) for label, value in given if value not in (None, ""))
