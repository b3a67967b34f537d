"""Where the past ends: the two ways in which a split cuts interactions into parts.

``per person``: everybody's own last fifth of likes is the test. Each person has a test, but other
people's later behaviour is known by then: what is learned from everybody is partly their future.

``one moment``: one instant for everybody; nothing after it is known of anybody. Only people with
likes on both sides have a test, which can be few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.events import (
    Events,
    first_meetings,
    last_meetings,
    not_met_in,
)

__all__ = ["NEVER", "ONE_IN", "Cut", "cut_at_one_moment", "cut_per_person"]

ONE_IN = 5
"""The last one in five is held out, rounded up."""

NEVER = int(np.iinfo(np.int64).max)
"""A second that does not come."""


@dataclass(frozen=True, eq=False)
class Cut:
    """The parts of the log, of the people who stay.

    Attributes
    ----------
    train, seen, labels, holdout, later_not_liked : Events
        See :mod:`engine.data.split`.
    is_kept : bool array of shape (n_people,)
        People with something liked to learn from.
    moment, label_moment : int or None
        First second of the test and of the labels, where they are the same for everybody.
    label_begins, test_begins : int64 arrays of shape (n_people,)
        First second of each person's labels and of their test; :data:`NEVER` without a test, and
        the labels begin where the test does without labels.
    n_repeats : int
        Rows left out because the person had met the item before; 0 where items come again.
    """

    train: Events
    seen: Events
    labels: Events
    holdout: Events
    later_not_liked: Events
    is_kept: NDArray[np.bool_]
    n_repeats: int
    label_begins: NDArray[np.int64]
    test_begins: NDArray[np.int64]
    moment: int | None = None
    label_moment: int | None = None


def cut_per_person(events: Events, n_people: int, *, again: bool = False) -> Cut:
    """Hold out the last fifth of everybody's likes, and of those before it the ranker's labels.

    With ``again`` each meeting of an item is one, and a part holds what was met in it, met before
    or not.
    """
    met = events if again else first_meetings(events)
    parted = last_meetings if again else _as_they_are
    n_repeats = len(events) - len(met)
    n_liked = np.bincount(met.user[met.is_liked], minlength=n_people)
    met = met.take(n_liked[met.user] > 0)
    n_test = np.where(n_liked > 1, -(-n_liked // ONE_IN), 0)
    n_before = n_liked - n_test
    n_labels = np.where(n_before > 1, -(-n_before // ONE_IN), 0)
    # Liked interactions of the same person up to and including each event. An event that was not
    # liked has the count of the liked one before it, so the next liked one is what shuts it out.
    before_user = np.cumsum(n_liked) - n_liked
    so_far = np.cumsum(met.is_liked, dtype=np.int64) - before_user[met.user]
    is_seen = so_far <= n_before[met.user]
    is_train = so_far <= (n_before - n_labels)[met.user]
    holdout = parted(met.take(met.is_liked & ~is_seen))
    test_begins = _first_seconds(met.take(met.is_liked & ~is_seen), n_people)
    label_begins = _first_seconds(met.take(met.is_liked & ~is_train), n_people)
    return Cut(
        train=parted(met.take(is_train)),
        seen=parted(met.take(is_seen)),
        labels=parted(met.take(met.is_liked & is_seen & ~is_train)),
        holdout=holdout,
        later_not_liked=not_met_in(parted(met.take(~met.is_liked & ~is_seen)), holdout),
        is_kept=n_liked > 0,
        n_repeats=n_repeats,
        label_begins=label_begins,
        test_begins=test_begins,
    )


def _first_seconds(events: Events, n_people: int) -> NDArray[np.int64]:
    """Return the second of each person's first event; :data:`NEVER` where there is none."""
    first = np.full(n_people, NEVER)
    np.minimum.at(first, events.user, events.time)
    return first


def _as_they_are(events: Events) -> Events:
    return events


def cut_at_one_moment(events: Events, n_people: int, *, again: bool = False) -> Cut:
    """Hold out everything from one moment on: that of the last fifth of all interactions.

    The labels are the last fifth of what came before it. An item met before a moment is no news
    after it, so each part is read without looking at the later ones; with ``again`` it is.
    """
    moment = _moment_of(events.time)
    is_past = events.time < moment
    label_moment = _moment_of(events.time[is_past])
    past, future = events.take(is_past), events.take(~is_past)
    met = last_meetings if again else first_meetings
    seen, train = met(past), met(past.take(past.time < label_moment))
    if again:
        late = past.take(past.time >= label_moment)
        labels, holdout = (met(part.take(part.is_liked)) for part in (late, future))
        later_not_liked = not_met_in(met(future.take(~future.is_liked)), holdout)
        n_repeats = 0
    else:
        after = not_met_in(met(future), seen)
        labels = not_met_in(seen.take(seen.is_liked & (seen.time >= label_moment)), train)
        holdout, later_not_liked = after.take(after.is_liked), after.take(~after.is_liked)
        n_repeats = len(events) - len(seen) - len(after)
    is_kept = np.bincount(seen.user[seen.is_liked], minlength=n_people) > 0
    # Of somebody with an empty past nothing could be learned that holds for those who have one.
    is_known = np.bincount(train.user[train.is_liked], minlength=n_people) > 0
    return Cut(
        train=train.take(is_kept[train.user]),
        seen=seen.take(is_kept[seen.user]),
        labels=labels.take(is_known[labels.user]),
        holdout=holdout.take(is_kept[holdout.user]),
        later_not_liked=later_not_liked.take(is_kept[later_not_liked.user]),
        is_kept=is_kept,
        n_repeats=n_repeats,
        label_begins=np.where(is_known, label_moment, moment),
        test_begins=np.full(n_people, moment),
        moment=moment,
        label_moment=label_moment,
    )


def _moment_of(times: NDArray[np.int64]) -> int:
    """First second of the last fifth of ``times``; all of one second are on the same side."""
    if not len(times):
        return 0
    place = len(times) - -(-len(times) // ONE_IN)
    return int(np.partition(times, place)[place])
