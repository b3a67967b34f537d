"""What is kept is bounded by bytes: an evaluation of a million people is no small thing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.evaluation import evaluate_scenario
from engine.recent import Recent, bytes_of
from engine.reranking import prepare
from engine.reranking.candidate_pool import pool_of
from engine.scenario import Scenario
from tests.engine.reranking.worlds import make_world


def kept(recent: Recent, keys: range) -> list[int]:
    """Which keys are still there: what is not is asked for, and not kept for long."""
    return [key for key in keys if key in recent._kept]


def test_no_more_than_so_many_bytes_stay():
    recent: Recent[np.ndarray] = Recent(100, most_bytes=1000)
    for key in range(8):
        recent.get(key, lambda: np.zeros(50))  # 400 bytes
        assert recent.n_bytes <= 1000
    assert kept(recent, range(8)) == [6, 7]


def test_no_more_than_so_many_results_stay():
    recent: Recent[int] = Recent(3)
    for key in range(8):
        recent.get(key, lambda: 0)
    assert kept(recent, range(8)) == [5, 6, 7]


def test_the_latest_result_stays_however_large():
    recent: Recent[np.ndarray] = Recent(100, most_bytes=1000)
    recent.get("small", lambda: np.zeros(5))
    large = recent.get("large", lambda: np.zeros(5000))
    assert recent.get("large", lambda: np.ones(1)) is large
    assert recent.n_bytes == large.nbytes


def test_asking_again_keeps_a_result_from_leaving():
    recent: Recent[np.ndarray] = Recent(100, most_bytes=1000)
    for key in (0, 1, 0, 2):
        recent.get(key, lambda: np.zeros(50))
    assert kept(recent, range(3)) == [0, 2]


@pytest.mark.parametrize(
    ("value", "size"),
    [
        (None, 0),
        ("words", 0),
        (np.zeros((3, 4), np.float32), 48),
        (np.zeros(100)[::10], 800),  # a view keeps all of what it is a part of
        ([np.zeros(2), {"a": (np.zeros(3),)}], 40),
        (pd.Series(np.zeros(4), index=np.arange(4)), 64),
    ],
)
def test_bytes_of_what_can_be_kept(value, size):
    assert bytes_of(value) == size


def test_an_array_that_is_there_twice_counts_once():
    array = np.zeros(10)
    assert bytes_of([array, array[:3], array]) == 80


def test_an_array_in_a_file_counts_nothing(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros(100))
    assert bytes_of(np.load(tmp_path / "a.npy", mmap_mode="r")[10:]) == 0


def test_a_plan_counts_what_is_its_own_and_not_the_audience():
    world = make_world(n_users=400)
    plan = prepare(world, Scenario(freshness=0.3))
    own = bytes_of(plan)
    assert own >= plan.problem.offsets.nbytes
    assert own < pool_of(world).candidates.nbytes


def test_what_is_kept_elsewhere_does_not_count_wherever_it_is_met():
    audience = pool_of(make_world(n_users=40))
    assert bytes_of((audience.candidates, audience)) == 0
    assert bytes_of((audience, audience.candidates, np.zeros(4))) == 32


def test_an_evaluation_counts_its_lists_and_what_was_measured():
    world = make_world(n_users=400)
    found = evaluate_scenario(world, Scenario(k=5, diversity=0.3))
    assert found.lists is not None
    assert bytes_of(found) > found.lists.items.nbytes + found.lists.positions.nbytes
    assert bytes_of(found) > bytes_of(found.lists) + bytes_of(found.measured) / 2
