"""Interactions as arrays, in order of person and time: what every split cuts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.arrays import Ragged, read_only
from engine.data.contract import IMPRESSION, Dataset

__all__ = ["Events", "at_different_times", "first_meetings", "last_meetings", "not_met_in"]
__all__ += ["ordered_events"]

MOST_PLACES = 32
"""Devices and places that are told apart, the most common ones."""


@dataclass(frozen=True, eq=False)
class Events:
    """Interactions in order of user, then time; parallel arrays of shape (n,).

    Attributes
    ----------
    user, time : int64
        Row of the person in ``dataset.users``; seconds since 1970.
    item : int32
    is_liked : bool
    value : float32
    amount : float32
        How much of it there was: ``seconds`` where the log has them, else ``value``; or NaN.
    where : int16
        Number of the ``context`` (device, place) that it happened in; -1 if unknown.
    count : int32
        Meetings that the row stands for, see :func:`last_meetings`; 1 as read.
    """

    user: NDArray[np.int64]
    item: NDArray[np.int32]
    time: NDArray[np.int64]
    is_liked: NDArray[np.bool_]
    value: NDArray[np.float32]
    amount: NDArray[np.float32]
    where: NDArray[np.int16]
    count: NDArray[np.int32]

    def __len__(self) -> int:
        """Count the interactions."""
        return len(self.user)

    def take(self, rows: NDArray[Any]) -> Events:
        """Rows by mask or position."""
        return Events(**{name: column[rows] for name, column in vars(self).items()})

    def of_people(self, user_rows: NDArray[np.int64], n_people: int) -> Events:
        """Keep some of ``n_people`` people, numbered anew in the order of ``user_rows``."""
        index = np.full(n_people, -1, dtype=np.int64)
        index[user_rows] = np.arange(len(user_rows))
        kept = self.take(index[self.user] >= 0)
        return replace(kept, user=index[kept.user])

    def pairs(self, n_items: int) -> NDArray[np.int64]:
        """One number for each person and item."""
        return self.user * n_items + self.item

    def ragged(self, n_people: int) -> Ragged:
        """Items by person, read-only."""
        indptr = np.zeros(n_people + 1, dtype=np.int64)
        indptr[1:] = np.cumsum(np.bincount(self.user, minlength=n_people))
        return Ragged(read_only(indptr), read_only(self.item))


def ordered_events(dataset: Dataset, seed: int, *, in_time: bool = True) -> Events:
    """Read the interactions; those of one person at one second are in an order drawn by ``seed``.

    Rows whose ``event`` is ``impression`` are no interactions. Where ``in_time`` is false, all of a
    person's are in such an order.
    """
    table = dataset.interactions
    if "event" in table:
        table = table[table["event"] != IMPRESSION]
    user = pd.Index(dataset.users["user_id"]).get_indexer(pd.Index(table["user_id"]))
    item = pd.Index(dataset.items["item_id"]).get_indexer(pd.Index(table["item_id"]))
    value = table["value"].to_numpy(dtype=np.float32)
    time = table["timestamp"].to_numpy().astype("datetime64[s]").view(np.int64)
    if not in_time:
        time = np.full(len(table), time.max(initial=0))
    tie_break = np.random.default_rng(seed).random(len(table))
    order = np.lexsort((tie_break, time, user))
    is_liked = value >= dataset.liked_threshold
    ones = np.ones(len(table), np.int32)
    events = Events(
        user=user.astype(np.int64),
        item=item.astype(np.int32),
        time=time,
        is_liked=is_liked,
        value=value,
        amount=_amounts(table, value),
        where=_places(table),
        count=ones,
    )
    return events.take(order)


def _amounts(table: pd.DataFrame, value: NDArray[np.float32]) -> NDArray[np.float32]:
    if "seconds" not in table or not table["seconds"].notna().any():
        return value
    return table["seconds"].to_numpy(dtype=np.float32)


def _places(table: pd.DataFrame) -> NDArray[np.int16]:
    """Give the most common places numbers, the most common first; -1 for all else."""
    if "context" not in table:
        return np.full(len(table), -1, np.int16)
    texts = table["context"].fillna("").astype(str).str.strip()
    counts = texts[texts != ""].value_counts().sort_index()
    known = counts.sort_values(ascending=False, kind="stable")
    return pd.Index(known.index[:MOST_PLACES]).get_indexer(pd.Index(texts)).astype(np.int16)


def first_meetings(events: Events) -> Events:
    """Keep one row per person and item: the first that was liked, else the first."""
    pair = events.pairs(int(events.item.max(initial=0)) + 1)
    if len(np.unique(pair)) == len(pair):
        return events
    order = np.lexsort((np.arange(len(pair)), ~events.is_liked, pair))
    is_first = np.ones(len(pair), dtype=bool)
    is_first[1:] = pair[order][1:] != pair[order][:-1]
    return events.take(np.sort(order[is_first]))


def at_different_times(events: Events) -> Events:
    """Keep one row per person, item and second, a liked one where there is one.

    Two lines of one receipt are one meeting: the second is no news after the first.
    """
    pair = events.pairs(int(events.item.max(initial=0)) + 1)
    order = np.lexsort((np.arange(len(pair)), ~events.is_liked, events.time, pair))
    pair, time = pair[order], events.time[order]
    is_first = np.ones(len(pair), dtype=bool)
    is_first[1:] = (pair[1:] != pair[:-1]) | (time[1:] != time[:-1])
    return events.take(np.sort(order[is_first]))


def last_meetings(events: Events) -> Events:
    """Keep one row per person and item where they come again: the last liked, else the last.

    ``count`` says how many were liked; where none was, how many there were.
    """
    pair = events.pairs(int(events.item.max(initial=0)) + 1)
    order = np.lexsort((np.arange(len(pair)), events.is_liked, pair))
    sorted_pair, is_liked = pair[order], events.is_liked[order]
    is_last = np.ones(len(pair), dtype=bool)
    is_last[:-1] = sorted_pair[1:] != sorted_pair[:-1]
    block = np.cumsum(is_last) - is_last
    n_liked = np.bincount(block, is_liked, int(is_last.sum())).astype(np.int32)
    n_all = np.bincount(block, minlength=len(n_liked)).astype(np.int32)
    rows = order[is_last]
    kept = replace(events.take(rows), count=np.where(n_liked > 0, n_liked, n_all))
    return kept.take(np.argsort(rows))


def not_met_in(events: Events, before: Events) -> Events:
    """Drop the rows of items that the same person met in ``before``."""
    n_items = max(int(events.item.max(initial=0)), int(before.item.max(initial=0))) + 1
    return events.take(~np.isin(events.pairs(n_items), before.pairs(n_items)))
