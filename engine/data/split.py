"""Each person's interactions in time: history, then the ranker's labels, then the test.

In order of time, with ties of one person broken at random::

    |------------ train ------------|----- labels -----|----- holdout -----|
    |----------------------- seen ---------------------|- later_not_liked -|

There are two ways to place the cuts, see :data:`SPLITS`.

``per person``:

- ``holdout`` is the last fifth of a person's *liked* interactions, rounded up: the test.
- ``labels`` is the last fifth of the liked interactions before those, rounded up: what the ranker
  learns to predict.
- ``train`` is everything before the first label, liked or not: what the sources that make the
  ranker's training candidates may know.
- ``seen`` is everything before the first test interaction: what may be known when the test lists
  are made.
- ``later_not_liked`` is what came after it and was not liked: known dislikes, which no part of the
  fit may know, and which tell a place that was judged from one that nobody can judge.

Nobody gives up their only liked interaction: with one liked there is no holdout, and with one
liked left there are no labels; ``seen`` or ``train`` then reaches to the next cut, or to the end.
So with L liked interactions, L = 1 gives 1 train; 2 gives 1 train + 1 test; 3 gives 1 + 1 label
+ 1 test; 10 gives 6 + 2 + 2.

``one moment``: the same parts, cut for everybody at the same two instants. The test begins where
the last fifth of all interactions does, the labels where the last fifth of those before it does.
People who liked nothing before the test begins are left out and counted; those who liked nothing
before the labels begin have none. ``train`` may then be empty.

With ``again`` (repeats are kept, as of groceries) each meeting of an item is an interaction. The
cuts fall between the same shares of a person's likes, and a part holds what was met in it whether
it was met before or not: once, at the last time, with ``counts`` of how often. So an item can be in
the history and in the test. Lines of one second are one meeting.

``random``: the cuts of ``per person`` where the data have no time: everybody's interactions are put
in an order drawn by the seed, so the test is a random fifth of their likes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged, read_only
from engine.data.contract import Dataset, Drop
from engine.data.cuts import Cut, cut_at_one_moment, cut_per_person
from engine.data.events import at_different_times, ordered_events

__all__ = ["ONE_MOMENT", "PER_PERSON", "RANDOM", "SPLITS", "Split", "split"]

PER_PERSON, ONE_MOMENT, RANDOM = "per person", "one moment", "random"

SPLITS = {
    PER_PERSON: (
        "Each person's last fifth of likes is the test, so what was learned from everybody knows "
        "what other people did later than that: figures tend to be higher than in use."
    ),
    ONE_MOMENT: (
        "One instant ends everybody's history and begins the test: nothing after it is known of "
        "anybody, as in use. Only people with likes on both sides have a test."
    ),
    RANDOM: (
        "The data have no time, so a random fifth of each person's likes is the test: whether a "
        "list foresees what comes later is not measured, and nothing is learned from order."
    ),
}
"""Name of a split → what it means for the figures, for people."""


@dataclass(frozen=True, eq=False)
class Split:
    """Who saw what until when, integer indexed. Arrays are read-only.

    Attributes
    ----------
    user_ids : str array of shape (n_users,)
        People with something liked to learn from, in the order of ``dataset.users``.
    user_rows : int64 array of shape (n_users,)
        Their rows in ``dataset.users``.
    item_ids : str array of shape (n_items,)
        Every item, also those that nobody interacted with, in the order of ``dataset.items``.
    train, seen, labels, holdout, later_not_liked : Ragged
        ``n_users`` rows of different item indices, oldest first; see the module. No item is both in
        ``holdout`` and in ``later_not_liked`` of one person, nor, unless items come again, both
        there and in ``seen``.
    train_times, seen_times : int64 arrays of shape (nnz,)
        Seconds since 1970, parallel to ``indices``.
    train_is_liked, seen_is_liked : bool arrays of shape (nnz,)
    train_values, seen_values : float32 arrays of shape (nnz,)
    train_amounts, seen_amounts : float32 arrays of shape (nnz,)
        How much of it there was; NaN if unknown.
    train_where, seen_where : int16 arrays of shape (nnz,)
        Number of the device or place; -1 if unknown.
    train_counts, seen_counts : int32 arrays of shape (nnz,)
        Meetings behind each entry, liked ones where there are any; 1 unless items come again.
    drops : tuple of Drop
        People and rows that are in no part, with the reason.
    moment, label_moment : int or None
        Second at which everybody's test and labels begin; None where each person has their own.
    label_begins, test_begins : int64 arrays of shape (n_users,)
        The same of each person; :data:`engine.data.cuts.NEVER` without a test.
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
    train_amounts: NDArray[np.float32]
    seen_amounts: NDArray[np.float32]
    train_where: NDArray[np.int16]
    seen_where: NDArray[np.int16]
    train_counts: NDArray[np.int32]
    seen_counts: NDArray[np.int32]
    labels: Ragged
    holdout: Ragged
    later_not_liked: Ragged
    label_begins: NDArray[np.int64]
    test_begins: NDArray[np.int64]
    drops: tuple[Drop, ...] = ()
    moment: int | None = None
    label_moment: int | None = None

    @property
    def n_users(self) -> int:
        """Number of people with something liked to learn from."""
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        """Number of items in the catalogue."""
        return len(self.item_ids)


def split(dataset: Dataset, *, seed: int = 0, how: str = PER_PERSON, again: bool = False) -> Split:
    """Split everybody's interactions by time; see the module for the exact cuts.

    An item that a person met more than once counts once: the first time they liked it, or, if
    they never did, the first time; unless items come again. Rows whose ``event`` is ``impression``
    are no interactions.

    Parameters
    ----------
    dataset : Dataset
    seed : int
        Draws the order of one person's interactions at the same second.
    how : str
        A key of :data:`SPLITS`.
    again : bool
        Keep repeats; see the module.

    Returns
    -------
    Split
    """
    cuts = {PER_PERSON: cut_per_person, RANDOM: cut_per_person, ONE_MOMENT: cut_at_one_moment}
    events = ordered_events(dataset, seed, in_time=how != RANDOM)
    n_read, n_people = len(events), len(dataset.users)
    if again and how != RANDOM:
        events = at_different_times(events)
    cut = cuts[how](events, n_people, again=again)
    user_rows = np.flatnonzero(cut.is_kept)
    train, seen, labels, holdout, later = (
        part.of_people(user_rows, n_people)
        for part in (cut.train, cut.seen, cut.labels, cut.holdout, cut.later_not_liked)
    )
    n = len(user_rows)
    return Split(
        user_ids=dataset.users["user_id"].to_numpy(dtype=object)[user_rows],
        user_rows=user_rows,
        item_ids=dataset.items["item_id"].to_numpy(dtype=object),
        train=train.ragged(n),
        train_times=read_only(train.time),
        train_is_liked=read_only(train.is_liked),
        train_values=read_only(train.value),
        seen=seen.ragged(n),
        seen_times=read_only(seen.time),
        seen_is_liked=read_only(seen.is_liked),
        seen_values=read_only(seen.value),
        train_amounts=read_only(train.amount),
        seen_amounts=read_only(seen.amount),
        train_where=read_only(train.where),
        seen_where=read_only(seen.where),
        train_counts=read_only(train.count),
        seen_counts=read_only(seen.count),
        labels=labels.ragged(n),
        holdout=holdout.ragged(n),
        later_not_liked=later.ragged(n),
        label_begins=read_only(cut.label_begins[user_rows]),
        test_begins=read_only(cut.test_begins[user_rows]),
        drops=_drops(cut, len(dataset.interactions) - n_read, n_read - len(events)),
        moment=cut.moment,
        label_moment=cut.label_moment,
    )


REPEATS = "a person's repeats of an item; one is kept"
AT_ONCE = "a person's repeats of an item at one second; one is kept"


def _drops(cut: Cut, n_shown: int, n_at_once: int) -> tuple[Drop, ...]:
    when = "" if cut.moment is None else " before the moment of the split"
    people = f"people without a liked interaction{when}: nothing to learn"
    found = (
        Drop("users", "user_id", int((~cut.is_kept).sum()), people),
        Drop("interactions", "item_id", cut.n_repeats, REPEATS),
        Drop("interactions", "item_id", n_at_once, AT_ONCE),
        Drop(
            "interactions",
            "event",
            n_shown,
            "impressions: shown, not chosen; kept as the log alone",
        ),
    )
    return tuple(drop for drop in found if drop.n_rows)
