"""People's columns: which of them divide people into groups, and under which names."""

from __future__ import annotations

import pandas as pd

from engine.data.age_bands import age_bands
from engine.data.assembly import UNKNOWN
from engine.data.attribute_names import unique_names
from engine.data.columns import RawTable
from engine.data.contract import USER_ID
from engine.data.limits import MOST_LABELS, MOST_PEOPLE_COLUMNS
from engine.data.missing_words import is_missing
from engine.data.wording import counted
from engine.errors import DataError

__all__ = ["read_users"]

AGE, AGE_BAND = "age", "age band"
FEW_LABELS = 10
"""Up to this many labels divide people however few these are."""


def read_users(raw: RawTable) -> pd.DataFrame:
    """Read the table of people: ids, and the columns that divide them into groups.

    Ages become bands. Cells that hold a word for nothing are ``unknown``, like empty ones. A column
    with more than 50 labels, or with one for nearly every person, is no grouping: it is left out
    and noted. Names of columns become names to show, which are unique and printable.

    Raises
    ------
    DataError
        An id is missing, an age is no number, or there are more columns than can be used.
    """
    table = {USER_ID: raw.ids(USER_ID)}
    columns = [name for name in raw.rows.columns if name != USER_ID]
    if len(columns) > MOST_PEOPLE_COLUMNS:
        raise DataError(
            f"{raw.about} has {len(columns):,} columns about people, and at most "
            f"{MOST_PEOPLE_COLUMNS} can be used: leave out those that you do not want to compare."
        )
    bands = AGE in columns and AGE_BAND not in columns
    names = unique_names(AGE_BAND if bands and name == AGE else name for name in columns)
    for column, (wanted, name) in zip(columns, names.items(), strict=True):
        if wanted == AGE_BAND and column == AGE:
            table[name] = age_bands(raw.numbers(AGE, 0, 130, may_miss=True))
            continue
        labels = _labels(raw, column)
        if not _is_grouping(labels, raw, column):
            continue
        table[name] = labels
        if name.casefold() != column.replace("_", " ").casefold():
            raw.account.note(
                f"Column `{column}` of {raw.file} is called `{name}` here, to tell it from others."
            )
    return pd.DataFrame(table)


def _labels(raw: RawTable, column: str) -> pd.Series:
    labels = raw.texts(column)
    is_nothing = is_missing(labels)
    words = labels[is_nothing & (labels != "") & (labels != UNKNOWN)]
    if len(words):
        shown = ", ".join(f"`{word}`" for word in sorted(set(words))[:3])
        raw.account.note(
            f"Column `{column}` of {raw.file} holds {shown} in {counted(len(words), 'row')}: read "
            f"as {UNKNOWN}."
        )
    return labels.mask(is_nothing, UNKNOWN)


def _is_grouping(labels: pd.Series, raw: RawTable, column: str) -> bool:
    n_labels = labels.nunique()
    if n_labels > MOST_LABELS:
        why = f"too many for groups of people (at most {MOST_LABELS})"
    elif n_labels > FEW_LABELS and 2 * n_labels > len(labels):
        why = f"for {len(labels):,} people: nearly everybody would be a group of their own"
    else:
        return True
    raw.account.note(
        f"Column `{column}` of {raw.file} has {n_labels:,} different labels, {why}: it is not used."
    )
    return False
