"""From checked tables to a :class:`Dataset`: one form, one order, one fingerprint."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from engine.data.contract import ITEM_COLUMNS, LOG_NUMBERS, LOG_TEXTS, USER_ID, Dataset
from engine.data.fingerprint import fingerprint

__all__ = ["UNKNOWN", "as_text", "assemble", "release_day"]

UNKNOWN = "unknown"
LARGEST_EXACT = 2.0**53


def as_text(values: pd.Series) -> pd.Series:
    """Turn ids or labels into text; whole numbers without a decimal point.

    Works on the distinct values only, which are far fewer than the rows.
    """
    codes, distinct = pd.factorize(values, use_na_sentinel=True)
    if distinct.dtype.kind == "f" and _is_whole(distinct):
        distinct = np.asarray(distinct, dtype=np.int64)
    text = pd.Index(distinct).astype("str")
    result = pd.Series(text.take(np.maximum(codes, 0)), dtype="str") if len(text) else None
    if result is None:
        return pd.Series([""] * len(values), index=values.index, dtype="str")
    result.index = values.index
    return result.where(codes >= 0, "") if (codes < 0).any() else result


def _is_whole(numbers: np.ndarray) -> bool:
    """Whether all are whole numbers that 64 bits hold exactly."""
    return bool((np.abs(numbers) < LARGEST_EXACT).all() and (numbers % 1 == 0).all())


def release_day(years: pd.Series) -> pd.Series:
    """Return 1 July of each year, the middle of what a bare year may mean; NaT where NaN."""
    months = (years.to_numpy(dtype=np.float64) - 1970) * 12 + 6
    is_known = np.isfinite(months)
    days = np.full(len(months), np.datetime64("NaT"), dtype="datetime64[s]")
    days[is_known] = months[is_known].astype(np.int64).astype("datetime64[M]")
    return pd.Series(days, index=years.index)


def assemble(
    interactions: pd.DataFrame, items: pd.DataFrame, users: pd.DataFrame, **about: Any
) -> Dataset:
    """Bring three checked tables into the contract's form and hash them.

    Parameters
    ----------
    interactions, items, users : DataFrame
        Every id known and, in ``items`` and ``users``, unique; ``timestamp`` and ``released`` are
        datetimes already. Ids may be whole numbers. Order of rows in ``interactions`` is free.
    **about
        The other fields of :class:`Dataset`, without ``fingerprint``.

    Returns
    -------
    Dataset
        ``interactions`` sorted by the user's row in ``users``, then time, then the item's row in
        ``items``, so that it does not depend on the order in the file.
    """
    users = _users_form(users)
    items = _items_form(items)
    interactions = _interactions_form(interactions, items, users)
    return Dataset(
        interactions=interactions,
        items=items,
        users=users,
        fingerprint=fingerprint(interactions, items, users),
        **about,
    )


def _users_form(users: pd.DataFrame) -> pd.DataFrame:
    columns = {name: as_text(users[name]) for name in users.columns}
    for name in columns.keys() - {USER_ID}:
        columns[name] = columns[name].where(columns[name] != "", UNKNOWN)
    return pd.DataFrame(columns).reset_index(drop=True)


def _items_form(items: pd.DataFrame) -> pd.DataFrame:
    empty = pd.Series([""] * len(items), index=items.index, dtype="str")
    never = pd.Series(np.datetime64("NaT"), index=items.index, dtype="datetime64[s]")
    columns = {}
    for name in (*ITEM_COLUMNS, *(c for c in items.columns if c not in ITEM_COLUMNS)):
        if name == "released":
            columns[name] = items.get(name, never).astype("datetime64[s]")
        else:
            columns[name] = as_text(items.get(name, empty))
    return pd.DataFrame(columns).reset_index(drop=True)


def _interactions_form(
    interactions: pd.DataFrame, items: pd.DataFrame, users: pd.DataFrame
) -> pd.DataFrame:
    user_ids, item_ids = as_text(interactions["user_id"]), as_text(interactions["item_id"])
    user_index = pd.Index(users["user_id"]).get_indexer(pd.Index(user_ids))
    item_index = pd.Index(items["item_id"]).get_indexer(pd.Index(item_ids))
    times = interactions["timestamp"].astype("datetime64[s]")
    order = np.lexsort((item_index, times.to_numpy().view(np.int64), user_index))
    columns = {"user_id": user_ids, "item_id": item_ids, "timestamp": times}
    value = interactions.get("value")
    columns["value"] = (
        pd.Series(1.0, index=interactions.index) if value is None else value
    ).astype(np.float32)
    if "event" in interactions:
        columns["event"] = as_text(interactions["event"])
    for name in LOG_NUMBERS:
        if name in interactions:
            columns[name] = interactions[name].astype(np.float32)
    for name in LOG_TEXTS:
        if name in interactions:
            columns[name] = as_text(interactions[name])
    return pd.DataFrame(columns).iloc[order].reset_index(drop=True)
