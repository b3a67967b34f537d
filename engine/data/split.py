"""Each person's interactions in time: history, then the ranker's labels, then the test.

Per person, in order of time, with ties in time broken at random::

    |------------ train ------------|----- labels -----|----- holdout -----|
    |----------------------- seen ---------------------|

- ``holdout`` is the last fifth of the *liked* interactions, rounded up: the test.
- ``labels`` is the last fifth of the liked interactions before those, rounded up: what the ranker
  learns to predict.
- ``train`` is everything before the first label, liked or not: what the sources that make the
  ranker's training candidates may know.
- ``seen`` is everything before the first test interaction: what may be known when the test lists
  are made. Interactions that were not liked belong to it only if they came before that moment;
  later ones are in no part.

Nobody gives up their only liked interaction: with one liked there is no holdout, and with one
liked left there are no labels; ``seen`` or ``train`` then reaches to the next cut, or to the end.
So with L liked interactions, L = 1 gives 1 train; 2 gives 1 train + 1 test; 3 gives 1 + 1 label
+ 1 test; 10 gives 6 + 2 + 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.arrays import Ragged, read_only
from engine.data.contract import Dataset, Drop

__all__ = ["Split", "split"]

ONE_IN = 5
"""The last one in five liked interactions is held out, rounded up."""

IMPRESSION = "impression"
"""Value of ``event`` for rows that only say that an item was shown."""


@dataclass(frozen=True, eq=False)
class Split:
    """Who saw what until when, integer indexed. Arrays are read-only.

    Attributes
    ----------
    user_ids : str array of shape (n_users,)
        People with at least one liked interaction, in the order of ``dataset.users``.
    user_rows : int64 array of shape (n_users,)
        Their rows in ``dataset.users``.
    item_ids : str array of shape (n_items,)
        Every item, also those that nobody interacted with, in the order of ``dataset.items``.
    train, seen, labels, holdout : Ragged
        ``n_users`` rows of item indices, oldest first; see the module. ``train`` followed by
        ``labels`` has the same liked items as ``seen``.
    train_times, seen_times : int64 arrays of shape (nnz,)
        Seconds since 1970, parallel to ``indices``.
    train_is_liked, seen_is_liked : bool arrays of shape (nnz,)
    train_values, seen_values : float32 arrays of shape (nnz,)
    drops : tuple of Drop
        People and rows that are in no part, with the reason.
    """

    user_ids: NDArray[np.object_]
    user_rows: NDArray[np.int64]
    item_ids: NDArray[np.object_]
    train: Ragged
    train_times: NDArray[np.int64]
    train_is_liked: NDArray[np.bool_]
    train_values: NDArray[np.float32]
    seen: Ragged
    seen_times: NDArray[np.int64]
    seen_is_liked: NDArray[np.bool_]
    seen_values: NDArray[np.float32]
    labels: Ragged
    holdout: Ragged
    drops: tuple[Drop, ...] = ()

    @property
    def n_users(self) -> int:
        """Number of people with at least one liked interaction."""
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        """Number of items in the catalogue."""
        return len(self.item_ids)


@dataclass(frozen=True, eq=False)
class _Events:
    """Interactions in order of user, then time; one row per user and item."""

    user: NDArray[np.int64]
    item: NDArray[np.int32]
    time: NDArray[np.int64]
    is_liked: NDArray[np.bool_]
    value: NDArray[np.float32]

    def take(self, rows: NDArray) -> _Events:
        """Rows by mask or position."""
        return _Events(
            self.user[rows], self.item[rows], self.time[rows], self.is_liked[rows], self.value[rows]
        )


@dataclass(frozen=True, eq=False)
class _Masks:
    """Which events belong to which part; ``late`` ones belong to none."""

    train: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    labels: NDArray[np.bool_]
    holdout: NDArray[np.bool_]
    late: NDArray[np.bool_]


def split(dataset: Dataset, *, seed: int = 0) -> Split:
    """Split every person's interactions by time; see the module for the exact cuts.

    An item that a person met more than once counts once: the first time they liked it, or, if
    they never did, the first time. Rows whose ``event`` is ``impression`` are no interactions.

    Parameters
    ----------
    dataset : Dataset
    seed : int
        Draws the order of one person's interactions at the same second.

    Returns
    -------
    Split
    """
    events = _ordered(dataset, seed)
    n_shown = len(dataset.interactions) - len(events.user)
    events, n_repeats = _first_meetings(events)
    n_liked = np.bincount(events.user[events.is_liked], minlength=len(dataset.users))
    keeps = n_liked > 0
    events = events.take(keeps[events.user])
    user_rows = np.flatnonzero(keeps)
    events = _renumbered(events, user_rows, len(dataset.users))
    masks = _cut(events, n_liked[user_rows])
    train, seen = events.take(masks.train), events.take(masks.seen)
    return Split(
        user_ids=dataset.users["user_id"].to_numpy(dtype=object)[user_rows],
        user_rows=user_rows,
        item_ids=dataset.items["item_id"].to_numpy(dtype=object),
        train=_ragged(train, len(user_rows)),
        train_times=read_only(train.time),
        train_is_liked=read_only(train.is_liked),
        train_values=read_only(train.value),
        seen=_ragged(seen, len(user_rows)),
        seen_times=read_only(seen.time),
        seen_is_liked=read_only(seen.is_liked),
        seen_values=read_only(seen.value),
        labels=_ragged(events.take(masks.labels), len(user_rows)),
        holdout=_ragged(events.take(masks.holdout), len(user_rows)),
        drops=_drops(int((~keeps).sum()), n_repeats, n_shown, int(masks.late.sum())),
    )


def _ordered(dataset: Dataset, seed: int) -> _Events:
    table = dataset.interactions
    if "event" in table:
        table = table[table["event"] != IMPRESSION]
    user = pd.Index(dataset.users["user_id"]).get_indexer(pd.Index(table["user_id"]))
    item = pd.Index(dataset.items["item_id"]).get_indexer(pd.Index(table["item_id"]))
    value = table["value"].to_numpy(dtype=np.float32)
    time = table["timestamp"].to_numpy().astype("datetime64[s]").view(np.int64)
    tie_break = np.random.default_rng(seed).random(len(table))
    order = np.lexsort((tie_break, time, user))
    is_liked = value >= dataset.liked_threshold
    events = _Events(user.astype(np.int64), item.astype(np.int32), time, is_liked, value)
    return events.take(order)


def _first_meetings(events: _Events) -> tuple[_Events, int]:
    """Keep one row per user and item; return it with the number of rows left out."""
    n_items = int(events.item.max(initial=0)) + 1
    pair = events.user * n_items + events.item
    if len(np.unique(pair)) == len(pair):
        return events, 0
    order = np.lexsort((np.arange(len(pair)), ~events.is_liked, pair))
    is_first = np.ones(len(pair), dtype=bool)
    is_first[1:] = pair[order][1:] != pair[order][:-1]
    rows = np.sort(order[is_first])
    return events.take(rows), len(pair) - len(rows)


def _renumbered(events: _Events, user_rows: NDArray[np.int64], n_rows: int) -> _Events:
    index = np.full(n_rows, -1, dtype=np.int64)
    index[user_rows] = np.arange(len(user_rows))
    return _Events(index[events.user], events.item, events.time, events.is_liked, events.value)


def _cut(events: _Events, n_liked: NDArray[np.int64]) -> _Masks:
    """Cut ordered events into the parts; ``n_liked`` is per user."""
    n_test = np.where(n_liked > 1, -(-n_liked // ONE_IN), 0)
    n_before = n_liked - n_test
    n_labels = np.where(n_before > 1, -(-n_before // ONE_IN), 0)
    # Liked interactions of the same person up to and including each event. An event that was not
    # liked has the count of the liked one before it, so the next liked one is what shuts it out.
    before_user = np.cumsum(n_liked) - n_liked
    so_far = np.cumsum(events.is_liked, dtype=np.int64) - before_user[events.user]
    is_seen = so_far <= n_before[events.user]
    is_train = so_far <= (n_before - n_labels)[events.user]
    return _Masks(
        train=is_train,
        seen=is_seen,
        labels=events.is_liked & is_seen & ~is_train,
        holdout=events.is_liked & ~is_seen,
        late=~events.is_liked & ~is_seen,
    )


def _ragged(events: _Events, n_users: int) -> Ragged:
    indptr = np.zeros(n_users + 1, dtype=np.int64)
    indptr[1:] = np.cumsum(np.bincount(events.user, minlength=n_users))
    return Ragged(read_only(indptr), read_only(events.item))


def _drops(n_people: int, n_repeats: int, n_shown: int, n_late: int) -> tuple[Drop, ...]:
    found = (
        Drop("users", "user_id", n_people, "people without a liked interaction: nothing to learn"),
        Drop("interactions", "item_id", n_repeats, "a person's repeats of an item; one is kept"),
        Drop("interactions", "event", n_shown, "impressions: shown, not chosen"),
        Drop("interactions", "value", n_late, "not liked, and later than the first test item"),
    )
    return tuple(drop for drop in found if drop.n_rows)
