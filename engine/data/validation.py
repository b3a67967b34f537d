"""Do the three tables fit together: ids once, every interaction between a known pair.

What is refused, and what is left out and counted:

- a row that cannot be read (no id, no number, no date) refuses the file;
- the same id twice with different content refuses the file; with the same content, one row stays;
- interactions with unknown items are left out up to 5 % of the rows; above, the file is refused;
- people who are in the interactions but not among the users stay, with every attribute unknown;
  if no one at all is found among the users, the ids do not match and the file is refused.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.data.contract import Drop
from engine.data.moments import decades_apart, stray
from engine.data.wording import counted
from engine.errors import DataError
from engine.formats import percent

__all__ = [
    "UNKNOWN_SHARE",
    "with_all_people",
    "with_known_items",
    "without_repeats",
    "without_strays",
]

UNKNOWN_SHARE = 0.05
"""Interactions with unknown items are left out up to this share, refused above it."""


def without_repeats(table: pd.DataFrame, file: str, column: str) -> tuple[pd.DataFrame, list[Drop]]:
    """Keep one of several equal rows.

    Raises
    ------
    DataError
        If an id in ``column`` comes twice with different content.
    """
    kept = table[~table.duplicated()]
    is_twice = kept[column].duplicated(keep=False)
    if is_twice.any():
        n_ids = kept[column][is_twice].nunique()
        example = kept[column][is_twice].iloc[0]
        raise DataError(
            f"{file} ({counted(len(table), 'row')}): column `{column}` holds "
            f"{counted(n_ids, 'id')} more than once with different content, first "
            f"{str(example)[:60]!r}; keep one row for each id."
        )
    n_dropped = len(table) - len(kept)
    reason = "the same row again; one is kept"
    return kept, [Drop(file, column, n_dropped, reason)] if n_dropped else []


def without_strays(interactions: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Drop]]:
    """Leave out the few rows whose time is far from all others'; see :func:`stray`.

    Raises
    ------
    DataError
        If more than a few rows lie decades from most others: then it is not plain which are wrong.
    """
    times = interactions["timestamp"].to_numpy().astype("datetime64[s]")
    is_stray = stray(times)
    kept = interactions[~is_stray]
    is_apart = decades_apart(kept["timestamp"].to_numpy())
    if is_apart.any():
        first = kept.index[int(np.argmax(is_apart))]
        raise DataError(
            f"{file} ({counted(len(interactions), 'row')}): column `timestamp` lies decades from "
            f"most rows in {counted(int(is_apart.sum()), 'row')}, first in row {first + 1:,} "
            f"({kept['timestamp'].loc[first]:%Y-%m-%d}); mend these dates, or remove the rows."
        )
    if not is_stray.any():
        return interactions, []
    first = int(np.argmax(is_stray))
    reason = (
        f"a time far from all others', first in row {first + 1:,} "
        f"({np.datetime_as_string(times[first], unit='D')}); mend it to keep them"
    )
    return kept, [Drop(file, "timestamp", int(is_stray.sum()), reason)]


def with_known_items(
    interactions: pd.DataFrame, items: pd.DataFrame, file: str, items_file: str
) -> tuple[pd.DataFrame, list[Drop]]:
    """Leave out interactions with items that are not in the catalogue.

    Raises
    ------
    DataError
        If they are more than :data:`UNKNOWN_SHARE` of the rows.
    """
    is_known = interactions["item_id"].isin(items["item_id"]).to_numpy()
    n_unknown = int(np.count_nonzero(~is_known))
    if not n_unknown:
        return interactions, []
    example = str(interactions["item_id"].to_numpy()[np.argmin(is_known)])[:60]
    if n_unknown > UNKNOWN_SHARE * len(interactions):
        raise DataError(
            f"{file} ({counted(len(interactions), 'row')}): column `item_id` names items that are "
            f"not in {items_file} in {counted(n_unknown, 'row')}, first {example!r}, and at most "
            f"{percent(UNKNOWN_SHARE)} of the rows can be left out; add these items to "
            f"{items_file}, "
            f"or remove the rows{_spelled(example, items['item_id'])}."
        )
    reason = f"items that are not in {items_file}, first {example!r}; add them there to keep them"
    return interactions[is_known], [Drop(file, "item_id", n_unknown, reason)]


def _spelled(example: str, known: pd.Series) -> str:
    """Point at an id that differs in its writing only: leading noughts, a point, case."""

    def bare(ids: pd.Series) -> pd.Series:
        numbers = ids.str.replace(r"\.0+$", "", regex=True).str.replace(
            r"^0+(?=\d)", "", regex=True
        )
        return numbers.str.casefold().str.strip()

    ids = known.astype("str")
    alike = ids[bare(ids) == bare(pd.Series([example], dtype="str")).iloc[0]]
    if not len(alike):
        return ""
    return f": ids seem to be written in another way ({example!r} and {alike.iloc[0][:60]!r})"


def with_all_people(
    interactions: pd.DataFrame, users: pd.DataFrame | None, file: str, users_file: str
) -> tuple[pd.DataFrame, list[str]]:
    """Make sure that everyone in the interactions is among the users; return notes about it.

    Raises
    ------
    DataError
        If there is a table of users and it holds nobody of the interactions.
    """
    people = pd.Series(interactions["user_id"].unique(), name="user_id")
    if users is None:
        note = f"There is no table of users: the {len(people):,} people are those in {file}."
        return pd.DataFrame({"user_id": people}), [note]
    missing = people[~people.isin(users["user_id"])]
    if not len(missing):
        return users, []
    if len(missing) == len(people):
        raise DataError(
            f"{file} ({counted(len(interactions), 'row')}): column `user_id` names nobody who is "
            f"in {users_file} ({counted(len(users), 'row')}), first "
            f"{str(people.iloc[0])[:60]!r}; write the ids in the same way in both files"
            f"{_spelled(str(people.iloc[0]), users['user_id'])}."
        )
    note = (
        f"{len(missing):,} of {len(people):,} people in {file} are not in {users_file}, first "
        f"{str(missing.iloc[0])[:60]!r}: they are kept, with every attribute unknown."
    )
    return pd.concat([users, missing.to_frame()], ignore_index=True), [note]
