"""Which columns of items are free text, and each item's words: its title and what such columns say.

A column is one by what it holds, whatever it is called and in whatever language: several words in
a cell, mostly another in each. Addresses of pages are none, however wordy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from engine.data.assembly import as_text
from engine.data.contract import ITEM_COLUMNS

__all__ = ["MOST_CHARACTERS", "free_text_columns", "is_prose", "item_texts", "text_notes"]

MOST_CHARACTERS = 4_000
"""Of an item's text: some 600 words. What follows is left unread."""

LEAST_WORDS = 5
"""In the middle of the cells that hold something."""

LOOKED_AT = 2_000
"""Filled cells of a column, evenly spaced."""

WORD = re.compile(r"[^\W\d_]{2,}")
ADDRESS = re.compile(r"\w+://|www\.")


def free_text_columns(items: pd.DataFrame) -> tuple[str, ...]:
    """Name the columns of free text besides the title, in their order.

    Half of the filled cells have at least :data:`LEAST_WORDS` words, half differ from the others,
    and fewer than half hold an address.

    Parameters
    ----------
    items : DataFrame
        Of a data set, see :mod:`engine.data.contract`.

    Examples
    --------
    >>> items = pd.DataFrame({"title": ["A", "B"], "colour": ["red", "blue"],
    ...     "about": ["Warm and light for a day outside", "Keeps your coffee hot for hours"]})
    >>> free_text_columns(items)
    ('about',)
    """
    return tuple(
        str(name)
        for name in items.columns
        if name not in ITEM_COLUMNS and _is_free_text(items[name])
    )


def _is_free_text(column: pd.Series) -> bool:
    if column.dtype.kind in "biufcmM":
        return False
    filled = as_text(column)
    filled = filled[filled.str.strip() != ""]
    if filled.empty:
        return False
    places = np.unique(np.linspace(0, len(filled) - 1, min(len(filled), LOOKED_AT)).astype(int))
    return is_prose(tuple(filled.iloc[places]))


def is_prose(cells: Sequence[str]) -> bool:
    """Whether cells of a column, all filled, read as free text.

    >>> is_prose(["Warm and light for a day outside", "Keeps your coffee hot for hours"])
    True
    >>> is_prose(["Home > Kitchen", "Home > Garden"])
    False
    """
    cells = [cell[:MOST_CHARACTERS] for cell in cells]
    n_words = [len(WORD.findall(cell)) for cell in cells]
    n_addresses = sum(bool(ADDRESS.search(cell)) for cell in cells)
    return (
        len(cells) > 0
        and float(np.median(n_words)) >= LEAST_WORDS
        and 2 * len(set(cells)) >= len(cells)
        and 2 * n_addresses < len(cells)
    )


def text_notes(items: pd.DataFrame) -> list[str]:
    """Say which columns are read beside the title, for people; nothing where none is.

    >>> text_notes(pd.DataFrame({"title": ["Mug"], "about": ["Keeps your coffee hot for hours"]}))
    ['Read beside the title, as free text of items: `about`.']
    """
    names = ", ".join(f"`{name[:40]}`" for name in free_text_columns(items))
    return [f"Read beside the title, as free text of items: {names}."] if names else []


def item_texts(items: pd.DataFrame) -> tuple[str, ...]:
    """Join each item's title and its free text, at most :data:`MOST_CHARACTERS` of it.

    >>> item_texts(pd.DataFrame({"title": ["Mug", "Hat"],
    ...     "about": ["Keeps your coffee hot for hours", ""]}))
    ('Mug. Keeps your coffee hot for hours', 'Hat')
    """
    columns = [as_text(items[name]) for name in ("title", *free_text_columns(items))]
    return tuple(
        ". ".join(part for cell in cells if (part := cell.strip()))[:MOST_CHARACTERS]
        for cells in zip(*columns, strict=True)
    )
