"""Genres of items, in whatever form a file has them, as one text with ``|`` between.

Understood are ``Drama|Crime``, the same with commas, semicolons or slashes, lists as JSON, Python
or NumPy print them (also of objects with a ``name``), and Parquet's own lists. What most cells are
decides; a separator other than ``|`` counts as one only if the parts come together in other ways
as well, so that ``Sci-Fi/Fantasy`` stays one genre where its parts are never met apart. Spellings
that differ in case only are one genre. Whatever is read otherwise than written is noted.
"""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from engine.data.account import Account
from engine.data.limits import MOST_GENRES
from engine.data.missing_words import is_missing
from engine.data.wording import counted

__all__ = ["BETWEEN", "flattened", "read_genres"]

BETWEEN = "|"
NO_GENRE = re.compile(r"\(?no genres? listed\)?|no genres?", re.IGNORECASE)
OTHER_SEPARATORS = {";": "semicolons", ",": "commas", "/": "slashes"}
A_LIST = re.compile(r"\s*[\[({].*[\])}]\s*", re.DOTALL)
QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
UNSEPARATED = re.compile(r"'\s+'|\"\s+\"")
LONGEST_LIST = 20_000
NAMES_OF_OBJECTS = ("name", "label", "genre", "title", "value")

Labels = list[str]


@dataclass(frozen=True)
class _Form:
    """How cells are cut into labels."""

    words: str
    labels: dict[str, Labels]


def read_genres(text: pd.Series, about: str, account: Account) -> pd.Series:
    """Bring a column of genres into the contract's form.

    Parameters
    ----------
    text : Series of str
        One cell per item; ``""`` where nothing is known.
    about : str
        File and row count, for the notes.
    account : Account
        Gets the notes.

    Returns
    -------
    Series of str
        Labels with ``|`` between, each once per item, at most 1,000 different ones.
    """
    cells = text.value_counts().to_dict()
    cells.pop("", None)
    form = _form_of(cells)
    if form.words:
        account.note(f"{about}: column `genres` was read as {form.words}.")
    labels = _without_words_for_nothing(form.labels, cells, about, account)
    labels = _with_one_spelling(labels, cells, about, account)
    labels = _most_common(labels, cells, about, account)
    _warn_of_loners(labels, cells, about, account)
    joined = {cell: BETWEEN.join(dict.fromkeys(found)) for cell, found in labels.items()}
    return text.map({**joined, "": ""}).astype("str")


def flattened(value: object) -> Labels:
    """Return the texts of a list, of lists in it and of objects with a name; nothing is skipped.

    >>> flattened(["Drama", None, {"id": 80, "name": "Crime"}, ["War"]])
    ['Drama', 'Crime', 'War']
    """
    if value is None or (isinstance(value, float) and value != value):
        return []
    if isinstance(value, dict):
        named = next((value[key] for key in NAMES_OF_OBJECTS if key in value), None)
        return flattened(named)
    if isinstance(value, str) or not isinstance(value, Iterable):
        # Our own separator inside of a label would make two of it.
        return [str(value).replace(BETWEEN, "/").strip()]
    return [label for part in value for label in flattened(part)]


def _form_of(cells: dict[str, int]) -> _Form:
    lists = [cell for cell in cells if A_LIST.fullmatch(cell) and not NO_GENRE.fullmatch(cell)]
    if sum(cells[cell] for cell in lists) * 2 > sum(cells.values()):
        return _Form("printed lists", {cell: _of_printed_list(cell) for cell in cells})
    best = _separator(cells)
    cut = {cell: _cut(cell, best) for cell in cells}
    is_plain = best == BETWEEN or best is None
    return _Form("" if is_plain else f"separated by {OTHER_SEPARATORS[best or '']}", cut)


def _of_printed_list(cell: str) -> Labels:
    if not A_LIST.fullmatch(cell):
        return _cut(cell, BETWEEN)
    # Python would glue the strings of a list that NumPy printed: it has no commas.
    if len(cell) <= LONGEST_LIST and not UNSEPARATED.search(cell):
        for read in (json.loads, ast.literal_eval):
            try:
                return flattened(read(cell))
            except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
                continue
    quoted = [one or other for one, other in QUOTED.findall(cell)]
    return flattened(quoted or cell.strip()[1:-1].split(","))


def _separator(cells: dict[str, int]) -> str | None:
    """Return what separates labels: ``|`` where most cells that have any have it."""
    n_with = {
        mark: sum(n for cell, n in cells.items() if mark in cell)
        for mark in (BETWEEN, *OTHER_SEPARATORS)
    }
    for mark in sorted(n_with, key=lambda mark: -n_with[mark]):
        if n_with[mark] and (mark == BETWEEN or _recombines(cells, mark)):
            return mark
    return None


def _recombines(cells: dict[str, int], mark: str) -> bool:
    """Whether most parts of the cells with ``mark`` are met in other cells as well."""
    where = Counter(part for cell in cells for part in set(_cut(cell, mark)))
    parts = [part for cell in cells if mark in cell for part in _cut(cell, mark)]
    n_met = sum(where[part] > 1 for part in parts)
    return 2 * n_met > len(parts)


def _cut(cell: str, mark: str | None) -> Labels:
    parts = cell.split(mark) if mark else [cell]
    return [part.strip() for part in parts if part.strip()]


def _without_words_for_nothing(
    labels: dict[str, Labels], cells: dict[str, int], about: str, account: Account
) -> dict[str, Labels]:
    every = pd.Series(sorted({label for row in labels.values() for label in row}), dtype="str")
    is_word = is_missing(every) if len(every) else every.astype(bool)
    words = set(every[is_word]) | {label for label in every if NO_GENRE.fullmatch(label)}
    n_items = sum(cells[cell] for cell, row in labels.items() if words.intersection(row))
    if n_items:
        named = ", ".join(f"`{word}`" for word in sorted(words)[:3])
        account.note(
            f"{about}: {named} in column `genres` of {counted(n_items, 'item')}: no genre."
        )
    return {cell: [label for label in row if label not in words] for cell, row in labels.items()}


def _with_one_spelling(
    labels: dict[str, Labels], cells: dict[str, int], about: str, account: Account
) -> dict[str, Labels]:
    n_of: Counter[str] = Counter()
    for cell, row in labels.items():
        for label in row:
            n_of[label] += cells[cell]
    spellings: dict[str, list[str]] = {}
    for label in sorted(n_of, key=lambda label: (-n_of[label], label)):
        spellings.setdefault(_key(label), []).append(label)
    several = {key: found for key, found in spellings.items() if len(found) > 1}
    if several:
        shown = "; ".join(", ".join(f"`{one}`" for one in found) for found in _some(several))
        account.note(
            f"{about}: {counted(len(several), 'genre')} in column `genres` with more than one "
            f"spelling ({shown}): read as one, by the most frequent."
        )
    return {cell: [spellings[_key(label)][0] for label in row] for cell, row in labels.items()}


def _some(several: dict[str, list[str]]) -> Sequence[list[str]]:
    return [found[:3] for found in list(several.values())[:5]]


def _key(label: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())


def _most_common(
    labels: dict[str, Labels], cells: dict[str, int], about: str, account: Account
) -> dict[str, Labels]:
    n_of = _items_of(labels, cells)
    if len(n_of) <= MOST_GENRES:
        return labels
    kept = {label for label, _ in n_of.most_common(MOST_GENRES)}
    n_items = sum(cells[cell] for cell, row in labels.items() if not kept.issuperset(row))
    account.note(
        f"{about}: column `genres` has {len(n_of):,} different genres, and at most "
        f"{MOST_GENRES:,} are kept, those of most items; {counted(n_items, 'item')} lost some."
    )
    return {cell: [label for label in row if label in kept] for cell, row in labels.items()}


def _warn_of_loners(
    labels: dict[str, Labels], cells: dict[str, int], about: str, account: Account
) -> None:
    n_of = _items_of(labels, cells)
    n_alone = sum(n == 1 for n in n_of.values())
    if len(n_of) > 20 and 2 * n_alone > len(n_of):
        account.note(
            f"{about}: {n_alone:,} of {counted(len(n_of), 'genre')} have one item only: write "
            "`|` between genres if these are several in one."
        )


def _items_of(labels: dict[str, Labels], cells: dict[str, int]) -> Counter[str]:
    n_of: Counter[str] = Counter()
    for cell, row in labels.items():
        for label in dict.fromkeys(row):
            n_of[label] += cells[cell]
    return n_of
