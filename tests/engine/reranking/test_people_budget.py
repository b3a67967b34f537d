"""Sparing the groups that are served worse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import ScenarioError
from engine.reranking import prepare, rerank
from engine.scenario import Cap, Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS
from tests.engine.reranking.test_greedy import assert_greedy
from tests.engine.reranking.worlds import make_world


@pytest.fixture(scope="module")
def world():
    """Regions: north is served at 0.2, south at 0.6, and east has too few people to tell."""
    world = make_world(seed=9, n_users=90)
    region = np.r_[np.zeros(40), np.ones(40), np.full(10, 2)].astype(np.int16)
    service = np.r_[np.full(40, 0.2), np.full(40, 0.6), np.full(10, 0.9)].astype(np.float32)
    service[:3] = np.nan
    groups = np.stack([world.user_groups[:, 0], region], axis=1)
    return replace(world, user_groups=groups, service=service)


@pytest.mark.parametrize("weight", [0.25, 1.0])
def test_shares_fall_linearly_with_how_badly_a_group_is_served(world, weight):
    scenario = Scenario(diversity=0.5, people_fairness=weight, people_attribute="region")
    shares = prepare(world, scenario).problem.shares
    overall = (37 * 0.2 + 40 * 0.6 + 10 * 0.9) / 87
    east = 1 - weight * max(0.0, (0.6 - overall) / (0.6 - 0.2))
    assert shares[:40] == pytest.approx(1 - weight)
    assert shares[40:80] == pytest.approx(1.0)
    assert shares[80:] == pytest.approx(east)


def test_at_full_weight_the_worst_served_keep_the_rankers_order(world):
    scenario = Scenario(
        diversity=0.5, freshness=0.5, people_fairness=1.0, people_attribute="region"
    )
    lists = rerank(world, scenario)
    whole = rerank(world, replace(scenario, people_fairness=0.0))
    assert (lists.items[:40] == world.candidates[:40, :10]).all()
    assert (lists.items[40:80] == whole.items[40:80]).all()


@pytest.mark.parametrize("method", DIVERSITY_METHODS)
def test_lists_are_greedy_with_the_scaled_weights(world, method):
    scenario = Scenario(
        diversity=0.6,
        diversity_method=method,
        calibration=0.4,
        freshness=0.3,
        people_fairness=0.8,
        people_attribute="region",
        caps=(Cap("genre", at_most=2, top=5),),
    )
    assert_greedy(world, scenario, share=prepare(world, scenario).problem.shares)


def test_one_large_group_alone_spares_nobody(world):
    alone = replace(world, user_groups=np.zeros((90, 2), dtype=np.int16))
    shares = prepare(alone, Scenario(diversity=0.5, people_fairness=1.0)).problem.shares
    assert (shares == 1.0).all()


def test_the_first_attribute_is_the_default(world):
    first, default = (
        prepare(world, Scenario(people_fairness=0.5, people_attribute=name)).problem.shares
        for name in ("gender", None)
    )
    assert (first == default).all()


def test_an_unknown_attribute_is_refused(world):
    with pytest.raises(ScenarioError, match=r"names 'shoe size'.*it has: gender, region"):
        rerank(world, Scenario(people_fairness=0.5, people_attribute="shoe size"))
