"""One global moment: nothing after it is known of anybody, whatever the log looks like."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.split import ONE_MOMENT, PER_PERSON, SPLITS, split
from tests.engine.data.test_split import make_dataset

PARTS = ("train", "seen", "labels", "holdout", "later_not_liked")

LOGS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 9),
        st.integers(0, 30),
        st.sampled_from([1.0, 3.5, 4.0, 5.0]),
    ),
    max_size=60,
)


def one_moment(rows, n_users=5, n_items=10, **options):
    return split(make_dataset(rows, n_users, n_items), how=ONE_MOMENT, **options)


def rows_of(parts):
    """Person → part → items, as sets where the order of ties is drawn."""
    return {
        user: {name: set(getattr(parts, name).row(at).tolist()) for name in PARTS}
        for at, user in enumerate(parts.user_rows.tolist())
    }


def last_fifth_from(times):
    """First moment of the last fifth of times."""
    ordered = sorted(times)
    return ordered[len(ordered) - math.ceil(len(ordered) / 5)]


def by_pandas(rows):
    """Cut the slow and plain way, a table at a time."""
    log = pd.DataFrame(rows, columns=["user", "item", "time", "value"])
    log["is_liked"] = log["value"] >= 4
    moment = last_fifth_from(log["time"])
    past, future = log[log["time"] < moment], log[log["time"] >= moment]
    if past.empty:
        return {}
    label_moment = last_fifth_from(past["time"])
    expected = {}
    for user, mine in past.groupby("user"):
        if not mine["is_liked"].any():
            continue
        early = mine[mine["time"] < label_moment]
        late = mine[(mine["time"] >= label_moment) & mine["is_liked"]]
        later = future[(future["user"] == user) & ~future["item"].isin(mine["item"])]
        liked = set(later.loc[later["is_liked"], "item"])
        expected[int(user)] = {
            "train": set(early["item"]),
            "seen": set(mine["item"]),
            "labels": set(late["item"]) - set(early["item"]) if early["is_liked"].any() else set(),
            "holdout": liked,
            "later_not_liked": set(later["item"]) - liked,
        }
    return expected


@settings(max_examples=150)
@given(LOGS)
def test_it_equals_the_cut_by_pandas(rows):
    expected = by_pandas(rows) if rows else {}
    assert rows_of(one_moment(rows)) == expected


@settings(max_examples=80)
@given(LOGS, st.sampled_from(sorted(SPLITS)))
def test_no_part_holds_what_another_part_may_not_know(rows, how):
    parts = split(make_dataset(rows, 5, 10), how=how)
    for mine in rows_of(parts).values():
        assert not mine["seen"] & (mine["holdout"] | mine["later_not_liked"])
        assert not mine["holdout"] & mine["later_not_liked"]
        assert not mine["train"] & mine["labels"]
        assert mine["labels"] <= mine["seen"]
        assert mine["train"] <= mine["seen"]
    for name in PARTS:
        lengths = [len(set(getattr(parts, name).row(u).tolist())) for u in range(parts.n_users)]
        assert lengths == getattr(parts, name).lengths().tolist()  # no item twice


@settings(max_examples=80)
@given(LOGS)
def test_the_moments_part_the_times(rows):
    parts = one_moment(rows)
    if not parts.n_users:
        return
    assert (parts.seen_times < parts.moment).all()
    assert (parts.train_times < parts.label_moment).all()
    assert parts.label_moment < parts.moment
    n_after = sum(time >= parts.moment for _, _, time, _ in rows)
    assert n_after >= len(rows) / 5


@settings(max_examples=80)
@given(LOGS, st.randoms(use_true_random=False))
def test_another_future_changes_nothing_that_may_be_learned_from(rows, random):
    """Everything from the moment on becomes something else, at the same times."""
    before = one_moment(rows)
    changed = [
        row
        if before.moment is None or row[2] < before.moment
        else (random.randrange(5), random.randrange(10), row[2], random.choice([1.0, 5.0]))
        for row in rows
    ]
    after = one_moment(changed)
    assert after.user_rows.tolist() == before.user_rows.tolist()
    for name in ("train", "seen", "labels"):
        for user in range(before.n_users):
            then, now = (set(getattr(p, name).row(user).tolist()) for p in (before, after))
            assert then == now


def test_an_item_disliked_before_the_moment_is_no_test_after_it():
    """The later like must neither hide the earlier dislike nor come back as a hit."""
    rows = [(0, item, item, 5.0) for item in range(8)]
    rows += [(0, 8, 3, 1.0), (0, 8, 50, 5.0), (0, 9, 51, 1.0)]
    parts = one_moment(rows)
    assert 8 in parts.seen.row(0)
    assert 8 not in parts.holdout.row(0)
    assert parts.later_not_liked.row(0).tolist() == [9]


def test_people_who_come_after_the_moment_are_left_out_and_counted():
    rows = [(0, item, item, 5.0) for item in range(8)] + [(1, 0, 90, 5.0), (1, 1, 91, 5.0)]
    parts = one_moment(rows, n_users=2)
    assert parts.user_rows.tolist() == [0]
    assert [(d.file, d.n_rows) for d in parts.drops] == [("users", 1)]
    assert "before the moment of the split" in parts.drops[0].reason


def test_people_without_a_past_before_the_labels_teach_nothing():
    rows = [(0, item, item, 5.0) for item in range(8)] + [(1, 9, 6, 5.0), (0, 9, 90, 5.0)]
    rows.append((1, 0, 91, 5.0))
    parts = one_moment(rows, n_users=2)
    assert parts.train.row(1).tolist() == []
    assert parts.labels.row(1).tolist() == []
    assert parts.holdout.row(1).tolist() == [0]


@pytest.mark.parametrize("rows", [[], [(0, 0, 5, 5.0)], [(u, 1, 7, 5.0) for u in range(5)]])
def test_a_log_of_one_second_leaves_nobody(rows):
    assert one_moment(rows).n_users == 0


def test_the_splits_are_told_apart_by_their_names():
    rows = [(user, item, 10 * user + item, 5.0) for user in range(5) for item in range(10)]
    dataset = make_dataset(rows, 5, 10)
    each, everybody = (split(dataset, how=how) for how in (PER_PERSON, ONE_MOMENT))
    assert each.moment is None
    assert (each.holdout.lengths() > 0).all()
    assert everybody.moment == 40
    assert everybody.user_rows.tolist() == [0, 1, 2, 3]
    assert not np.isin(4, everybody.user_rows)
