"""Where items come again, a repeat is an interaction like any other."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.split import ONE_MOMENT, PER_PERSON, RANDOM, split
from tests.engine.data.test_split import make_dataset

ROWS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 4), st.integers(0, 30), st.sampled_from([1.0, 5.0])
    ),
    max_size=60,
)


def literal(rows, user):
    """Cut one person's distinct (item, second) meetings by the likes, in plain Python."""
    met = {}
    for _, item, second, value in (row for row in rows if row[0] == user):
        met[item, second] = max(value, met.get((item, second), 0.0))
    return sorted((second, item, value >= 4) for (item, second), value in met.items())


def parts_of(meetings):
    n_liked = sum(liked for *_, liked in meetings)
    n_test = -(-n_liked // 5) if n_liked > 1 else 0
    n_labels = -(-(n_liked - n_test) // 5) if n_liked - n_test > 1 else 0
    train, labels, holdout, later, so_far = [], [], [], [], 0
    for _, item, liked in meetings:
        so_far += liked
        if so_far > n_liked - n_test:
            (holdout if liked else later).append(item)
        elif so_far > n_liked - n_test - n_labels:
            labels.append((item, liked))
        else:
            train.append((item, liked))
    return train, labels, holdout, later


@given(rows=ROWS)
def test_each_meeting_is_in_one_part_and_each_part_holds_an_item_once(rows):
    # one meeting a second, so that ties do not decide
    rows = [(user, item, 100 * second + item, value) for user, item, second, value in rows]
    dataset = make_dataset(rows, n_users=3, n_items=5)
    parts = split(dataset, again=True)
    for row, user in enumerate(int(name[1:]) for name in parts.user_ids):
        train, labels, holdout, later = parts_of(literal(rows, user))
        assert set(parts.holdout.row(row)) == set(holdout)
        assert set(parts.later_not_liked.row(row)) == set(later) - set(holdout)
        assert set(parts.labels.row(row)) == {item for item, liked in labels if liked}
        for name, known in (("train", train), ("seen", train + labels)):
            ragged, counts = getattr(parts, name), getattr(parts, f"{name}_counts")
            own = slice(*ragged.indptr[row : row + 2])
            liked = Counter(item for item, is_liked in known if is_liked)
            all_of = Counter(item for item, _ in known)
            wanted = {item: liked[item] or n for item, n in all_of.items()}
            assert dict(zip(ragged.indices[own], counts[own], strict=True)) == wanted


def test_a_repeat_in_the_test_is_relevant_although_it_is_in_the_history():
    rows = [(0, item % 3, 10 * (item + 1), 5.0) for item in range(10)]
    once, kept = (split(make_dataset(rows), again=again) for again in (False, True))
    assert not set(once.holdout.row(0)) & set(once.seen.row(0))
    assert kept.holdout.row(0).tolist() == [2, 0]
    assert kept.seen.row(0).tolist() == [2, 0, 1]  # by the last time: seconds 60, 70, 80
    assert kept.seen_counts.tolist() == [2, 3, 3]
    assert kept.seen_times.tolist() == [60, 70, 80]


def test_two_lines_of_one_receipt_are_one_meeting():
    rows = [(0, 7, 10, 5.0), (0, 7, 10, 5.0), (0, 7, 10, 1.0), (0, 7, 20, 5.0), (0, 8, 30, 5.0)]
    parts = split(make_dataset(rows), again=True)
    assert parts.seen_counts.tolist() == [2]
    assert [drop.n_rows for drop in parts.drops if "at one second" in drop.reason] == [2]


def test_at_one_moment_a_repeat_after_it_is_held_out():
    rows = [(user, second % 4, second, 5.0) for user in range(5) for second in range(20)]
    parts = split(make_dataset(rows), how=ONE_MOMENT, again=True)
    assert parts.moment == 16
    assert all(set(parts.holdout.row(user)) == {0, 1, 2, 3} for user in range(5))
    assert parts.seen_counts.tolist() == [4] * 20
    assert all(len(parts.labels.row(user)) for user in range(5))
    once = split(make_dataset(rows), how=ONE_MOMENT)
    assert len(once.holdout.indices) == 0


def test_without_time_every_row_is_a_meeting():
    rows = [(0, item % 2, 0, 5.0) for item in range(10)]
    parts = split(make_dataset(rows), how=RANDOM, again=True)
    assert parts.seen_counts.sum() == 8
    assert not [drop for drop in parts.drops if "at one second" in drop.reason]


@pytest.mark.parametrize("how", [PER_PERSON, ONE_MOMENT])
def test_without_any_repeat_keeping_them_changes_nothing(how):
    rng = np.random.default_rng(5)
    rows = [(u, int(i), 1000 * u + 10 * n, float(rng.choice([1, 5])))
            for u in range(6) for n, i in enumerate(rng.permutation(30)[:12])]  # fmt: skip
    once, kept = (split(make_dataset(rows), how=how, again=again) for again in (False, True))
    for name in ("train", "seen", "labels", "holdout", "later_not_liked"):
        np.testing.assert_array_equal(getattr(once, name).indices, getattr(kept, name).indices)
    assert (kept.seen_counts == 1).all()
