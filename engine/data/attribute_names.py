"""Names of the attributes that divide people: printable, and unique by construction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["ACTIVITY", "OWN_ATTRIBUTES", "TASTE_GROUP", "unique_names"]

TASTE_GROUP, ACTIVITY = "taste group", "activity"
OWN_ATTRIBUTES = (TASTE_GROUP, ACTIVITY)
"""Attributes that every fit has, made from people's histories: no column may take their names."""

NAMELESS = "column"


def unique_names(columns: Iterable[str]) -> dict[str, str]:
    """Give each column of people a name to show, no two alike and none of ours.

    Underscores become blanks. A name that is taken already, by a column further left or by
    :data:`OWN_ATTRIBUTES`, gets a number; capitals and accents written in two ways do not tell
    names apart.

    Parameters
    ----------
    columns : iterable of str
        Names of columns, all different.

    Returns
    -------
    dict
        Column → name, in the same order.

    Examples
    --------
    >>> unique_names(["age_band", "age band", "activity", "Activity"])
    {'age_band': 'age band', 'age band': 'age band (2)', 'activity': 'activity (2)', \
'Activity': 'Activity (3)'}
    """
    taken = {_key(name) for name in OWN_ATTRIBUTES}
    names: dict[str, str] = {}
    for column in columns:
        plain = _printable(column) or NAMELESS
        name, number = plain, 2
        while _key(name) in taken:
            name, number = f"{plain} ({number})", number + 1
        taken.add(_key(name))
        names[column] = name
    return names


def _printable(name: str) -> str:
    """One line of printable characters, blanks for underscores."""
    text = unicodedata.normalize("NFC", name).replace("_", " ")
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return re.sub(r"\s+", " ", shown).strip()


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
