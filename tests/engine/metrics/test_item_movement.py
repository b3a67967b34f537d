"""Items gained and lost, against sets of people made one list at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arrays import PAD
from engine.metrics.item_movement import ItemMovement, holders, item_movement

N_ITEMS = 7


def lists_of(rows, k):
    return np.array([(*row, *[PAD] * (k - len(row))) for row in rows], np.int32).reshape(-1, k)


rows = st.lists(st.integers(0, N_ITEMS - 1), unique=True, max_size=4)
pairs_of_lists = st.lists(st.tuples(rows, rows), min_size=1, max_size=12)


@given(pairs_of_lists)
def test_counts_are_those_of_the_sets_of_people(pairs):
    before = lists_of([a for a, _ in pairs], 4)
    after = lists_of([b for _, b in pairs], 4)
    moved = item_movement(before, after, N_ITEMS)
    for item in range(N_ITEMS):
        had = {u for u, (a, _) in enumerate(pairs) if item in a}
        has = {u for u, (_, b) in enumerate(pairs) if item in b}
        found = (moved.n_before[item], moved.n_gained[item], moved.n_lost[item])
        assert found == (len(had), len(has - had), len(had - has))
        assert moved.n_after[item] == len(has)


@given(pairs_of_lists, st.integers(0, N_ITEMS - 1))
def test_holders_are_listed_by_fate_with_their_ranks(pairs, item):
    found = holders(lists_of([a for a, _ in pairs], 4), lists_of([b for _, b in pairs], 4), item)
    gained = [u for u, (a, b) in enumerate(pairs) if item in b and item not in a]
    kept = [u for u, (a, b) in enumerate(pairs) if item in b and item in a]
    lost = [u for u, (a, b) in enumerate(pairs) if item in a and item not in b]
    assert found.people.tolist() == gained + kept + lost
    assert found.people[found.gained].tolist() == gained
    assert found.people[found.lost].tolist() == lost
    for user, old, new in zip(found.people, found.rank_before, found.rank_after, strict=True):
        assert old == (pairs[user][0].index(item) + 1 if item in pairs[user][0] else 0)
        assert new == (pairs[user][1].index(item) + 1 if item in pairs[user][1] else 0)


def test_lists_of_another_length_are_compared_as_sets():
    moved = item_movement(lists_of([[0, 1]], 2), lists_of([[1, 2, 3]], 3), N_ITEMS)
    assert moved.n_gained.tolist() == [0, 0, 1, 1, 0, 0, 0]
    assert moved.n_lost.tolist() == [1, 0, 0, 0, 0, 0, 0]


def test_the_interval_is_that_of_a_sum_of_plus_and_minus_ones():
    steps = np.array([1] * 30 + [-1] * 12 + [0] * 58)
    moved = ItemMovement(100, np.array([40]), np.array([30]), np.array([12]))
    expected = 1.959963984540054 * np.sqrt(100 * steps.var())
    assert moved.half_width() == pytest.approx([expected])


def test_the_interval_holds_the_true_change_in_95_of_100_audiences():
    rng = np.random.default_rng(5)
    counts = rng.multinomial(400, [0.10, 0.06, 0.84], size=4000)  # gained, lost, neither
    moved = ItemMovement(400, np.zeros(4000, int), counts[:, 0], counts[:, 1])
    is_inside = np.abs(moved.net - 400 * 0.04) <= moved.half_width()
    assert is_inside.mean() == pytest.approx(0.95, abs=0.015)


def test_the_item_that_moved_most_is_beyond_chance_no_more_often_than_stated():
    """Of 300 items that go up and down by chance, some one always "moved" by its own interval."""
    rng = np.random.default_rng(6)
    alone, together = [], []
    for _ in range(300):
        gained, lost = rng.poisson(12, 300), rng.poisson(12, 300)
        moved = ItemMovement(900, np.full(300, 40), gained, lost)
        most = int(np.argmax(np.abs(moved.net)))
        alone.append(abs(moved.net[most]) > moved.half_width()[most])
        together.append(abs(moved.net[most]) > moved.half_width(n_looked_at=moved.n_moved)[most])
    assert np.mean(alone) > 0.9
    assert np.mean(together) <= 0.05
