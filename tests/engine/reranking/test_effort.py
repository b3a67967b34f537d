"""Effort: one scale for all methods, monotone, with a measured error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import ScenarioError
from engine.reranking import (
    DIVERSITY_METHODS,
    WITH_EFFORT,
    effort,
    effort_curve,
    effort_map,
    relevance_kept,
    rerank,
)
from engine.scenario import Cap, Scenario
from tests.engine.reranking.worlds import make_world


@pytest.fixture(scope="module")
def world():
    return make_world(seed=30, n_users=300, n_candidates=30, n_items=100)


@pytest.mark.parametrize("method", DIVERSITY_METHODS)
def test_weight_and_effort_are_inverse_and_rise(world, method):
    efforts = effort_map(world, Scenario())
    weights = np.linspace(0, 1, 41)
    costs = [efforts.effort_for_weight(method, w) for w in weights]
    assert costs[0] == 0.0
    assert (np.diff(costs) >= -1e-12).all()
    highest = efforts.highest_effort(method)
    assert highest == pytest.approx(costs[-1], rel=1e-12)
    assert highest > 0
    for cost in np.linspace(0, highest, 7)[1:-1]:
        weight = efforts.weight_for_effort(method, cost)
        assert efforts.effort_for_weight(method, weight) == pytest.approx(cost, abs=1e-9)
    assert efforts.weight_for_effort(method, 0.0) == pytest.approx(0.0, abs=1e-12)
    assert efforts.weight_for_effort(method, 0.99) == 1.0


@pytest.mark.parametrize("method", DIVERSITY_METHODS)
def test_the_map_tells_what_lists_really_cost(world, method):
    curve = effort_map(world, Scenario()).curve(method)
    for weight in (0.03, 0.2, 0.35, 0.7):
        lists = rerank(world, Scenario(diversity=weight, diversity_method=method))
        cost = 1 - np.nanmean(relevance_kept(world, lists).astype(float))
        assert curve.effort(weight) == pytest.approx(cost, abs=2 * curve.error + 2e-4)
    assert curve.sampling_error == 0.0
    assert curve.n_people == 300


@pytest.mark.parametrize("control", WITH_EFFORT)
def test_every_controls_map_tells_what_it_alone_costs(world, control):
    """Other weights and caps do not count; the control's finer settings do."""
    finer = Scenario(k=6, half_life_days=90, item_fairness_group="long_tail")
    busy = replace(finer, freshness=0.4, calibration=0.2, caps=(Cap("genre", None, 2, 5),))
    curve = effort_curve(world, busy, control)
    for weight in (0.0, 0.25, 0.5625):
        lists = rerank(world, replace(finer, **{control: weight}))
        cost = 1 - np.nanmean(relevance_kept(world, lists).astype(float))
        assert curve.effort(weight) >= cost - 1e-6
        assert curve.effort(weight) == pytest.approx(cost, abs=curve.error + 1e-6)
    assert curve.effort(curve.weight(curve.efforts[-1] / 2)) == pytest.approx(curve.efforts[-1] / 2)


def test_a_control_that_only_scales_others_has_no_effort(world):
    with pytest.raises(ScenarioError, match="people_fairness"):
        effort_curve(world, Scenario(), "people_fairness")


def test_a_large_audience_is_sampled_and_says_so(world, monkeypatch):
    monkeypatch.setattr(effort, "MOST_PEOPLE", 100)
    fresh = replace(world, folder=world.folder)
    curve = effort_map(fresh, Scenario(k=7)).curve("mmr")
    whole = 1 - np.nanmean(
        relevance_kept(world, rerank(world, Scenario(k=7, diversity=1.0))).astype(float)
    )
    assert curve.n_people == 100
    assert abs(curve.efforts[-1] - whole) < 4 * curve.sampling_error


def test_relevance_kept_by_hand():
    world = make_world(seed=31, n_users=4, short_rows=True)
    lists = rerank(world, Scenario(k=5, diversity=1.0))
    kept = relevance_kept(world, lists)
    for user in range(4):
        scores = world.scores[user, : world.n_valid[user]].astype(float)
        if len(scores) == 0 or scores.max() == scores.min():
            assert np.isnan(kept[user])
            continue
        gains = (scores - scores.min()) / (scores.max() - scores.min())
        places = lists.positions[user][lists.positions[user] >= 0]
        assert kept[user] == pytest.approx(gains[places].sum() / gains[:5].sum(), rel=1e-6)
    some = relevance_kept(world, rerank(world, Scenario(k=5, diversity=1.0), users=np.array([2])),
                          users=np.array([2]))  # fmt: skip
    assert np.array_equal(some, kept[2:3], equal_nan=True)
