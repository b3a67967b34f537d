"""How a table reads: headings and numbers as everywhere else, and an interval beside its figure.

The browser writes a hyphen for a minus and no space before a per cent sign, and has a column for
each end of an interval. What shows here is written in Python; the numbers stay, so that columns
sort by them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from pandas.io.formats.style import Styler

from engine.formats import MISSING

__all__ = ["as_written", "heading"]

LETTERS = ("n", "p", "q", "k", "ef")
"""Quantities that are called by their letter, which stays small."""

ENDS = (("{} low", "{} high"), ("{}_low", "{}_high"), ("low", "high"))
"""How the columns of an interval are called after its figure's; the last where they follow it."""

MOST_ROWS = 1_000
"""A longer table is left to the browser."""

UNITS = " ×%"

HELP = "In brackets: its interval."


def heading(name: str) -> str:
    """Return what stands over a column.

    >>> heading("ratio_low"), heading("recall@200"), heading("n, people"), heading("NDCG@10")
    ('Ratio low', 'Recall@200', 'n, people', 'NDCG@10')
    """
    words = name.replace("_", " ")
    first = words.replace(",", " ").split(" ")[0]
    return words if first in LETTERS else words[:1].upper() + words[1:]


def as_written(
    frame: pd.DataFrame,
    columns: Mapping[str, Any],
    words: Mapping[str, Sequence[str]],
    *,
    keeps_names: bool = False,
) -> tuple[pd.DataFrame | Styler, dict[str, Any]]:
    """Return a table that reads as everything else does, and the settings of its columns.

    Parameters
    ----------
    frame : DataFrame
    columns : mapping of str to column settings
        Of Streamlit; a number is written by its column's format.
    words : mapping of str to sequence of str
        What a column of numbers shows in their place, a text a row.
    keeps_names : bool
        Headings are names from data, and stay as they are.
    """
    settings: dict[str, Any] = {name: columns.get(name, {}) for name in frame.columns}
    written = {name: list(texts) for name, texts in words.items()}
    if len(frame) <= MOST_ROWS:
        _put_ends_beside(frame, settings, written)
        _write_otherwise(frame, settings, written)
    for name, one in settings.items():
        settings[name] = _settings(name, one, is_written=name in written, keeps_name=keeps_names)
    return _styled(frame, written), settings


def _intervals(
    frame: pd.DataFrame, settings: Mapping[str, Any], written: Mapping[str, object]
) -> Iterator[tuple[str, str, str]]:
    """Yield each figure with the columns of its interval, or twice that of its half width."""
    names = [str(name) for name in frame.columns]
    for at, name in enumerate(names):
        if name in written or settings[name] is None or not _is_number(frame[name]):
            continue
        after = names[at + 1 : at + 3]
        for low, high in ((low.format(name), high.format(name)) for low, high in ENDS):
            if (low in names and high in names and low != "low") or after == [low, high]:
                yield name, low, high
                break
        else:
            if after and after[0].startswith("± "):
                yield name, after[0], after[0]


def _put_ends_beside(
    frame: pd.DataFrame, settings: dict[str, Any], written: dict[str, list[str]]
) -> None:
    """Write each interval beside its figure, and hide its own columns."""
    for names in list(_intervals(frame, settings, written)):
        name, low, high = names
        write = _writer(pd.concat([frame[one] for one in names]), settings[name])
        written[name] = [
            _with_ends(*row, write=write, is_half=low == high)
            for row in zip(*(frame[one] for one in names), strict=True)
        ]
        own = settings[name]
        settings[name] = {**own, "help": own.get("help") or HELP, "width": None}
        settings[low] = settings[high] = None


def _write_otherwise(
    frame: pd.DataFrame, settings: dict[str, Any], written: dict[str, list[str]]
) -> None:
    """Write the numbers that the browser, or a table of which a part is written, would not."""
    left = {n: one for n, one in settings.items() if one is not None and n not in written}
    otherwise = [name for name, one in left.items() if _reads_otherwise(frame[name], one)]
    if written or otherwise:
        otherwise += [name for name, one in left.items() if _has_no_format(frame[name], one)]
    for name in otherwise:
        write = _writer(frame[name], left[name])
        written[name] = [MISSING if pd.isna(value) else write(value) for value in frame[name]]


def _with_ends(
    value: float, low: float, high: float, *, write: Callable[[Any], str], is_half: bool
) -> str:
    """Write a value with its interval, whose unit is the value's."""
    if pd.isna(value):
        return MISSING
    if pd.isna(low) or pd.isna(high):
        return write(value)
    ends = [write(one).rstrip(UNITS) for one in (low, high)]
    return f"{write(value)} ± {ends[0]}" if is_half else f"{write(value)} ({' to '.join(ends)})"


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _format(one: Mapping[str, Any]) -> str:
    return (one.get("type_config") or {}).get("format") or ""


def _reads_otherwise(values: pd.Series, one: Mapping[str, Any]) -> bool:
    """Whether the browser would write these numbers another way."""
    if (one.get("type_config") or {}).get("type", "number") != "number" or not _is_number(values):
        return False
    is_long = not _format(one) and (values.abs() >= 1000).any()
    return bool(_format(one) == "percent" or is_long or (values < 0).any())


def _has_no_format(values: pd.Series, one: Mapping[str, Any]) -> bool:
    return pd.api.types.is_float_dtype(values) and not _format(one)


def _writer(values: pd.Series, one: Mapping[str, Any] | None) -> Callable[[Any], str]:
    """Return what writes a number of a column."""
    form = _format(one or {})
    if form == "percent":
        return lambda value: f"{_plain('%.1f' % (100 * value))} %"
    if "%" in form:
        return lambda value: _plain(form % value)
    digits = 0 if np.all(np.mod(values.dropna().to_numpy(float), 1) == 0) else 3
    return lambda value: _plain(f"{value:,.{digits}f}")


def _plain(text: str) -> str:
    """Return a number with a minus, and none before what is written as 0."""
    is_zero = not any(digit in text for digit in "123456789")
    return text.replace("-", "" if is_zero else "−")


def _settings(
    name: str, one: Mapping[str, Any] | None, *, is_written: bool, keeps_name: bool
) -> dict[str, Any] | None:
    if one is None:
        return None
    label = one.get("label")
    kept = {**one, "label": label if keeps_name else heading(label or name)}
    if is_written and kept.get("type_config"):
        kept["type_config"] = {**kept["type_config"], "format": None}
    return kept


def _styled(frame: pd.DataFrame, written: Mapping[str, Sequence[str]]) -> pd.DataFrame | Styler:
    if not written:
        return frame
    styler = frame.style
    for name, texts in written.items():
        rows = cycle(texts)  # a column is written from its first row to its last
        styler.format(lambda _, rows=rows: next(rows), subset=[name])
    return styler
