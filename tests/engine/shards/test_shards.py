"""In several processes: the same lists, bit for bit, and the same figures."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ScenarioError, StudioError
from engine.evaluation import evaluate_scenario, to_json
from engine.list_file import write_lists
from engine.reranking import prepare
from engine.reranking.candidate_pool import pool_of
from engine.reranking.plan import make_plan
from engine.scenario import Cap, Scenario
from engine.shards.drive import evaluate_in_shards, write_lists_in_shards
from engine.shards.jobs import JOB, run_shard
from engine.shards.plain_files import read_solved, write_solved
from engine.shards.pool import cuts_of, run_pool

EVERYTHING = Scenario(
    diversity=0.3,
    freshness=0.1,
    calibration=0.1,
    item_fairness=0.6,
    item_fairness_method="target",
    people_fairness=0.5,
    caps=(Cap("genre", None, 2, 5),),
)
"""What is solved for over everyone, and passed down: an exposure target, shares of people."""


@pytest.mark.parametrize("method", ["target", "max_min", "fair_star"])
def test_what_is_solved_over_everyone_comes_back_from_its_file(tiny_artifacts, tmp_path, method):
    scenario = Scenario(
        item_fairness=1.0, item_fairness_method=method, people_fairness=0.9, diversity=0.2
    )
    plan = prepare(tiny_artifacts, scenario)
    write_solved(tmp_path / "solved.npz", plan)
    solved = read_solved(tmp_path / "solved.npz")
    again = make_plan(pool_of(tiny_artifacts), scenario, solved=solved)
    users = np.arange(7, 90)
    for name in ("items", "positions", "broken"):
        assert np.array_equal(getattr(again.run(users), name), getattr(plan.run(users), name))
    assert again.group.solved == plan.group.solved
    assert again.group.levels == plan.group.levels


def test_the_figures_of_three_processes_are_those_of_one(tiny_artifacts):
    baseline = Scenario(diversity=0.1, item_fairness=0.2)
    one = evaluate_scenario(tiny_artifacts, EVERYTHING, baseline=baseline)
    three = evaluate_in_shards(tiny_artifacts, EVERYTHING, 3, baseline=baseline)
    assert np.array_equal(three.lists.items, one.lists.items)
    assert np.array_equal(three.lists.positions, one.lists.positions)
    assert np.array_equal(three.lists.broken, one.lists.broken)
    assert_alike(to_json(three), to_json(one))


def assert_alike(one, other, where=""):
    """Compare nested values: numbers to 1e-12, everything else exactly."""
    assert type(one) is type(other), where
    if isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for key in one:
            assert_alike(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, float):
        assert math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12), (where, one, other)
    else:
        assert one == other, where


def test_the_file_of_two_processes_is_that_of_one_and_is_resumed(tiny_artifacts, tmp_path):
    write_lists(tiny_artifacts, EVERYTHING, tmp_path / "one.parquet", block=25, with_reasons=False)
    two = tmp_path / "two.parquet"

    def stop(share):
        if share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_lists_in_shards(
            tiny_artifacts, EVERYTHING, two, 2, block=25, with_reasons=False, tell=stop
        )
    assert not two.exists()
    found = write_lists_in_shards(tiny_artifacts, EVERYTHING, two, 2, block=25, with_reasons=False)
    assert found.n_resumed >= 1
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "one.parquet"), pd.read_parquet(two))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.parquet", "two.parquet"]


def test_a_shard_that_fails_is_one_sentence_and_stops_the_others(tmp_path):
    (tmp_path / JOB).write_text(
        json.dumps({"artifacts": str(tmp_path / "nowhere"), "fit": "x", "scenarios": {}})
    )
    with pytest.raises(StudioError, match=r"^Shard [12] of 2: No fitted pipeline"):
        run_pool(tmp_path, 2, lambda _share: None)


def test_another_fit_published_meanwhile_is_refused(tiny_artifacts, tmp_path):
    job = {"artifacts": str(tiny_artifacts.folder.parent), "fit": "before", "scenarios": {}}
    (tmp_path / JOB).write_text(json.dumps(job))
    with pytest.raises(StudioError, match="new fit was published"):
        run_shard(tmp_path, 0, lambda _share: None)


@given(st.integers(1, 500), st.integers(1, 64))
def test_cuts_hold_everybody_once_in_order_and_evenly(n, shards):
    cuts = cuts_of(n, shards)
    assert [at for one, other in cuts for at in range(one, other)] == list(range(n))
    sizes = [other - one for one, other in cuts]
    assert len(cuts) == min(n, shards)
    assert max(sizes) - min(sizes) <= 1


@pytest.mark.parametrize("shards", [0, -1, 65])
def test_a_number_of_shards_that_is_none_is_refused(shards):
    with pytest.raises(ScenarioError, match="--shards must be from 1 to 64"):
        cuts_of(10, shards)
