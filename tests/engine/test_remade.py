"""Large values are let go of where there is no room, and are the same when made again."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation import evaluate_scenario
from engine.metrics import user_matrix
from engine.recent import bytes_of
from engine.remade import ALWAYS_HELD, Remade, Room
from engine.scenario import Scenario

SETTINGS = [Scenario(diversity=one) for one in (0.2, 0.4, 0.6, 0.8)]


def numbers(count):
    return lambda: np.arange(count, dtype=np.int64)


@given(st.lists(st.integers(0, 7), max_size=40), st.integers(0, 6))
def test_those_asked_for_last_are_held_as_far_as_there_is_room(asked, room_for):
    """Against a list of names in the order in which they were asked for."""
    room = Room(most_bytes=80 * room_for)
    owners = [Remade(numbers(10), room) for _ in range(8)]
    latest: list[int] = []
    for name in asked:
        np.testing.assert_array_equal(owners[name].get(), np.arange(10))
        latest = [*(one for one in latest if one != name), name][-max(room_for, ALWAYS_HELD) :]
        assert {at for at, owner in enumerate(owners) if owner.is_held} == set(latest)


def test_a_value_that_nobody_owns_takes_no_room():
    room = Room(most_bytes=240)
    kept = [Remade(numbers(10), room) for _ in range(2)]
    for owner in kept:
        owner.get()
    for _ in range(20):
        Remade(numbers(10), room).get()
    gc.collect()
    assert all(owner.is_held for owner in kept)


def test_what_is_held_can_be_asked_for_by_many_at_once():
    room = Room(most_bytes=160)
    owners = [Remade(numbers(10), room) for _ in range(6)]
    wrong = []

    def ask(seed):
        for at in np.random.default_rng(seed).integers(0, 6, 400):
            if owners[at].get().sum() != 45:
                wrong.append(at)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert sum(owner.is_held for owner in owners) <= 2 + len(threads)


def test_a_failed_making_leaves_nothing_behind():
    def broken():
        raise ValueError("nothing comes of this one")

    one = Remade(broken, Room())
    for _ in range(2):
        with pytest.raises(ValueError, match="nothing comes"):
            one.get()
    assert not one.is_held


def test_an_evaluation_that_was_let_go_of_says_the_same(tiny_artifacts):
    first = evaluate_scenario(tiny_artifacts, SETTINGS[0])
    values, blocks = first.measured.values.copy(), first.measured.blocks
    groups = first.groups("gender").frame()
    for measured in (first.measured, first.baseline):
        measured.details.let_go()
        assert not measured.details.is_held
    again = first.groups("gender").frame()
    assert first.measured.values is not values
    np.testing.assert_array_equal(first.measured.values, values)
    for name in ("attention", "clicks", "slots", "hits", "held", "past", "people"):
        np.testing.assert_array_equal(getattr(first.measured.blocks, name), getattr(blocks, name))
    assert again.equals(groups)


def test_what_is_kept_of_an_evaluation_is_its_lists(tiny_artifacts, monkeypatch):
    """However many are kept: what they are read from has a room of its own."""
    room = Room(most_bytes=1)
    monkeypatch.setattr(user_matrix.Remade.__init__, "__defaults__", (room,))
    found = [evaluate_scenario(tiny_artifacts, one) for one in SETTINGS]
    assert sum(one.measured.details.is_held for one in found) <= ALWAYS_HELD
    n = tiny_artifacts.n_users
    for one in found:
        own = bytes_of(one) - bytes_of((one.audience, one.baseline, one.baseline_lists))
        lists = one.lists.items.nbytes + one.lists.positions.nbytes + one.lists.broken.nbytes
        assert lists <= own <= lists + 20_000  # less than the values take
        assert one.figures["ndcg"].n <= n
