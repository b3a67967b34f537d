"""Interactions as arrays, in order of person and time: what every split cuts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.arrays import Ragged, read_only
from engine.data.contract import IMPRESSION, Dataset

__all__ = ["Events", "first_meetings", "not_met_in", "ordered_events"]


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
    """

    user: NDArray[np.int64]
    item: NDArray[np.int32]
    time: NDArray[np.int64]
    is_liked: NDArray[np.bool_]
    value: NDArray[np.float32]

    def __len__(self) -> int:
        """Count the interactions."""
        return len(self.user)

    def take(self, rows: NDArray[Any]) -> Events:
        """Rows by mask or position."""
        return Events(
            self.user[rows], self.item[rows], self.time[rows], self.is_liked[rows], self.value[rows]
        )

    def of_people(self, user_rows: NDArray[np.int64], n_people: int) -> Events:
        """Keep some of ``n_people`` people, numbered anew in the order of ``user_rows``."""
        index = np.full(n_people, -1, dtype=np.int64)
        index[user_rows] = np.arange(len(user_rows))
        kept = self.take(index[self.user] >= 0)
        return Events(index[kept.user], kept.item, kept.time, kept.is_liked, kept.value)

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
    events = Events(user.astype(np.int64), item.astype(np.int32), time, is_liked, value)
    return events.take(order)


def first_meetings(events: Events) -> Events:
    """Keep one row per person and item: the first that was liked, else the first."""
    pair = events.pairs(int(events.item.max(initial=0)) + 1)
    if len(np.unique(pair)) == len(pair):
        return events
    order = np.lexsort((np.arange(len(pair)), ~events.is_liked, pair))
    is_first = np.ones(len(pair), dtype=bool)
    is_first[1:] = pair[order][1:] != pair[order][:-1]
    return events.take(np.sort(order[is_first]))


def not_met_in(events: Events, before: Events) -> Events:
    """Drop the rows of items that the same person met in ``before``."""
    n_items = max(int(events.item.max(initial=0)), int(before.item.max(initial=0))) + 1
    return events.take(~np.isin(events.pairs(n_items), before.pairs(n_items)))
