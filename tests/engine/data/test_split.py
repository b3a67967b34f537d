"""The split: nothing of the future is known in the past, whatever the log looks like."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.assembly import assemble
from engine.data.contract import Dataset
from engine.data.split import split


def make_dataset(rows, n_users=None, n_items=None, event=None) -> Dataset:
    """Build a data set from rows (user, item, seconds, value)."""
    rows = list(rows)
    n_users = n_users or 1 + max((row[0] for row in rows), default=0)
    n_items = n_items or 1 + max((row[1] for row in rows), default=0)
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    table = pd.DataFrame(
        {
            "user_id": pd.Series([f"u{user}" for user in columns[0]], dtype="str"),
            "item_id": pd.Series([f"i{item}" for item in columns[1]], dtype="str"),
            "timestamp": np.array(columns[2], dtype="datetime64[s]"),
            "value": np.array(columns[3], dtype=np.float32),
        }
    )
    if event is not None:
        table["event"] = pd.Series(event, dtype="str")
    return assemble(
        table,
        pd.DataFrame({"item_id": [f"i{i}" for i in range(n_items)], "title": "A film"}),
        pd.DataFrame({"user_id": [f"u{u}" for u in range(n_users)]}),
        name="made-up",
        title="Made up",
        provenance="simulated",
        liked_threshold=4.0,
    )


def liked_run(n, user=0):
    """``n`` liked interactions of one user, item ``j`` at second ``j``."""
    return [(user, item, item, 5.0) for item in range(n)]


@pytest.mark.parametrize(
    ("n_liked", "n_train", "n_labels", "n_test"),
    [(1, 1, 0, 0), (2, 1, 0, 1), (3, 1, 1, 1), (5, 3, 1, 1), (6, 3, 1, 2), (10, 6, 2, 2)],
)
def test_a_fifth_is_held_out_and_nobody_gives_up_their_only_liked(
    n_liked, n_train, n_labels, n_test
):
    parts = split(make_dataset(liked_run(n_liked)))
    assert parts.train.row(0).tolist() == list(range(n_train))
    assert parts.labels.row(0).tolist() == list(range(n_train, n_train + n_labels))
    assert parts.seen.row(0).tolist() == list(range(n_train + n_labels))
    assert parts.holdout.row(0).tolist() == list(range(n_liked - n_test, n_liked))


def test_what_was_not_liked_is_seen_only_before_the_first_test_item():
    # Items 0-9 liked at 10, 20 ... 100; disliked ones in between. 6 train, 2 labels, 2 test.
    rows = [(0, item, 10 * (item + 1), 5.0) for item in range(10)]
    rows += [(0, 10, 5, 1.0), (0, 11, 65, 1.0), (0, 12, 85, 1.0), (0, 13, 95, 1.0)]
    parts = split(make_dataset(rows))
    assert parts.train.row(0).tolist() == [10, 0, 1, 2, 3, 4, 5, 11]
    assert parts.seen.row(0).tolist() == [10, 0, 1, 2, 3, 4, 5, 11, 6, 7, 12]
    assert parts.holdout.row(0).tolist() == [8, 9]
    assert parts.train_is_liked.tolist() == [False] + [True] * 6 + [False]
    assert parts.train_times.tolist() == [5, 10, 20, 30, 40, 50, 60, 65]
    assert parts.seen_values.tolist() == [1.0] + [5.0] * 6 + [1.0] + [5.0] * 2 + [1.0]
    assert parts.later_not_liked.row(0).tolist() == [13]
    assert parts.drops == ()


def test_a_signal_planted_in_the_future_is_in_no_part_that_may_be_learned_from():
    rng = np.random.default_rng(3)
    rows, planted = [], 200
    for user in range(40):
        items = rng.permutation(planted)[:25]
        rows += [(user, int(item), 100 * step, 5.0) for step, item in enumerate(items)]
        rows.append((user, planted, 10**6, 5.0))  # everyone's very last liked item
        rows.append((user, planted + 1, 10**6 + 1, 1.0))  # and last disliked item
    parts = split(make_dataset(rows))
    for known in (parts.train, parts.seen, parts.labels):
        assert not np.isin(known.indices, [planted, planted + 1]).any()
    assert (parts.later_not_liked.indices == planted + 1).sum() == 40
    assert (parts.holdout.indices == planted).sum() == 40


def test_users_without_a_liked_interaction_are_left_out_and_counted():
    rows = [*liked_run(5, user=2), (0, 1, 1, 1.0), (0, 2, 2, 2.0)]
    parts = split(make_dataset(rows, n_users=4, n_items=9))
    assert parts.user_ids.tolist() == ["u2"]
    assert parts.user_rows.tolist() == [2]
    assert parts.n_items == 9
    assert [(d.file, d.n_rows) for d in parts.drops] == [("users", 3)]


def test_a_repeat_counts_at_the_first_time_it_was_liked():
    rows = [(0, 7, 0, 1.0), (0, 7, 15, 5.0), (0, 7, 99, 5.0), (0, 8, 1, 2.0), (0, 8, 2, 1.0)]
    rows += [(0, item, 10 * (item + 1), 5.0) for item in range(4)]
    parts = split(make_dataset(rows))
    assert parts.seen.row(0).tolist() == [8, 0, 7, 1, 2]
    assert parts.seen_times.tolist() == [1, 10, 15, 20, 30]
    assert parts.holdout.row(0).tolist() == [3]
    assert sum(d.n_rows for d in parts.drops if "repeats" in d.reason) == 3


def test_impressions_are_no_interactions():
    rows = [*liked_run(5), (0, 9, 2, 5.0)]
    parts = split(make_dataset(rows, event=["play"] * 5 + ["impression"]))
    assert 9 not in parts.seen.row(0)
    assert [d.n_rows for d in parts.drops if d.column == "event"] == [1]


def test_the_seed_decides_ties_and_nothing_else():
    tied = [(0, item, 1000, 5.0) for item in range(40)]
    dataset = make_dataset(tied)
    first, again, other = (split(dataset, seed=seed) for seed in (1, 1, 2))
    assert first.holdout.row(0).tolist() == again.holdout.row(0).tolist()
    assert first.holdout.row(0).tolist() != other.holdout.row(0).tolist()
    distinct = make_dataset(liked_run(40))
    assert split(distinct, seed=1).train.row(0).tolist() == list(range(25))
    assert split(distinct, seed=2).train.row(0).tolist() == list(range(25))


def test_ties_are_broken_evenly():
    tied = make_dataset([(user, item, 0, 5.0) for user in range(400) for item in range(5)])
    counts = np.bincount(split(tied).holdout.indices, minlength=5)
    # 400 draws of one in five: mean 80, standard deviation 8; five of them are 40 wide.
    assert (np.abs(counts - 80) < 40).all()


def test_the_order_of_rows_in_the_file_does_not_matter():
    rng = np.random.default_rng(0)
    pairs = rng.permutation(20 * 30)[:300]
    rows = [(int(p // 30), int(p % 30), int(rng.integers(50)), 5.0) for p in pairs]
    one = split(make_dataset(rows, 20, 30))
    two = split(make_dataset(reversed(rows), 20, 30))
    assert one.holdout.indices.tolist() == two.holdout.indices.tolist()
    assert one.train.indices.tolist() == two.train.indices.tolist()


def test_no_interactions_at_all():
    parts = split(make_dataset([], n_users=3, n_items=2))
    assert (parts.n_users, parts.n_items, parts.train.n_rows) == (0, 2, 0)


def split_by_hand(rows, n_users):
    """Split the slow and plain way; times are distinct within a user. Keyed by user."""
    result = {}
    for user in range(n_users):
        kept = {}
        for _, item, time, value in sorted((r for r in rows if r[0] == user), key=lambda r: r[2]):
            if item not in kept or (value >= 4 and kept[item][1] < 4):
                kept[item] = (time, value)
        ordered = sorted((time, item, value) for item, (time, value) in kept.items())
        liked = [row for row in ordered if row[2] >= 4]
        if not liked:
            continue
        n_test = math.ceil(len(liked) / 5) if len(liked) > 1 else 0
        rest, test = liked[: len(liked) - n_test], liked[len(liked) - n_test :]
        n_labels = math.ceil(len(rest) / 5) if len(rest) > 1 else 0
        labels = rest[len(rest) - n_labels :]
        first_test = test[0][0] if test else math.inf
        first_label = labels[0][0] if labels else first_test
        result[user] = (
            [item for time, item, _ in ordered if time < first_label],
            [item for time, item, _ in ordered if time < first_test],
            [item for _, item, _ in labels],
            [item for _, item, _ in test],
            [item for time, item, value in ordered if value < 4 and time >= first_test],
        )
    return result


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 12), st.sampled_from([1.0, 3.5, 4.0, 5.0])),
        max_size=60,
    )
)
def test_it_equals_the_split_by_hand(draws):
    rows = [(user, item, time, value) for time, (user, item, value) in enumerate(draws)]
    parts = split(make_dataset(rows, 4, 13))
    expected = split_by_hand(rows, 4)
    assert parts.user_rows.tolist() == list(expected)
    for index, wanted in enumerate(expected.values()):
        found = [
            getattr(parts, name).row(index).tolist()
            for name in ("train", "seen", "labels", "holdout", "later_not_liked")
        ]
        assert found == list(wanted)


def test_arrays_are_locked():
    parts = split(make_dataset(liked_run(5)))
    with pytest.raises(ValueError, match="read-only"):
        parts.train.indices[0] = 1
