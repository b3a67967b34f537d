"""What would bring an item in: each answer does, and nothing nearer by a thousandth does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.reranking import counterfactual, rerank
from engine.reranking.change_search import EVERY_LIST
from engine.scenario import Cap, Rule, Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS
from tests.engine.reranking.worlds import make_world

WEIGHTS = ("diversity", "freshness", "calibration", "popularity_penalty", "item_fairness",
           "people_fairness")  # fmt: skip


def holds(world, scenario, user, item):
    return item in rerank(world, scenario, users=np.array([user])).items[0]


def outsiders(world, scenario, user, n):
    items = rerank(world, scenario, users=np.array([user])).items[0]
    return [int(item) for item in world.candidates[user] if item not in items][:n]


@pytest.mark.parametrize("method", DIVERSITY_METHODS)
def test_every_answer_brings_the_item_in_and_nothing_nearer_does(method):
    world = make_world(seed=11, n_users=5)
    scenario = Scenario(
        k=6,
        diversity=0.3,
        diversity_method=method,
        freshness=0.2,
        item_fairness=0.1,
        people_fairness=0.3,
        caps=(Cap("genre", at_most=2, top=4),),
    )
    n_found = 0
    for item in outsiders(world, scenario, 1, 4):
        for change in counterfactual(world, scenario, 1, item):
            if change.scenario is not None:
                n_found += 1
                list_ = rerank(world, change.scenario, users=np.array([1])).items[0]
                assert list_[change.place - 1] == item
            if change.control in WEIGHTS:
                assert change.search == EVERY_LIST
                reach = 2.0 if change.needed is None else abs(change.needed - change.current)
                for value in np.linspace(0, 1, 201):
                    if abs(value - change.current) < reach - 1e-3:
                        near = replace(scenario, **{change.control: float(value)})
                        assert not holds(world, near, 1, item)
    assert n_found > 8


def test_every_value_of_length_and_cap_is_tried():
    world = make_world(seed=12, n_users=3)
    scenario = Scenario(k=5, diversity=0.4, caps=(Cap("genre", at_most=1, top=5),))
    for item in outsiders(world, scenario, 0, 8):
        by_control = {c.control: c for c in counterfactual(world, scenario, 0, item)}
        lengths = [k for k in range(1, 51) if holds(world, replace(scenario, k=k), 0, item)]
        assert by_control["k"].needed == min(lengths, key=lambda k: abs(k - 5))
        fitting = [
            n
            for n in range(2, 6)
            if holds(world, replace(scenario, caps=(Cap("genre", at_most=n, top=5),)), 0, item)
        ]
        assert by_control["caps[0]"].needed == (fitting[0] if fitting else None)


def test_the_smallest_boost():
    world = make_world(seed=13, n_users=2)
    scenario = Scenario(k=5, diversity=0.3)
    for item in outsiders(world, scenario, 0, 5):
        change = next(c for c in counterfactual(world, scenario, 0, item) if c.control == "boost")
        less = Rule("boost", "item", (f"i{item}",), max(0.0, change.needed - 1.01e-3))
        assert not holds(world, replace(scenario, rules=(less,)), 0, item)
        assert change.scenario.rules[-1].amount == change.needed


def test_answers_are_thousandths_where_one_does():
    world = make_world(seed=13, n_users=8)
    scenario = Scenario(k=5, diversity=0.3)
    needed = [
        change.needed
        for user in range(8)
        for item in outsiders(world, scenario, user, 4)
        for change in counterfactual(world, scenario, user, item)
        if change.control in WEIGHTS and change.needed is not None
    ]
    is_round = [round(value, 3) == value for value in needed]
    assert np.mean(is_round) > 0.9


def test_a_hidden_item_needs_its_rule_gone():
    world = make_world(seed=14, n_users=1)
    item = int(world.candidates[0, 0])
    scenario = Scenario(k=5, diversity=0.1, rules=(Rule("hide", "item", (f"i{item}",)),))
    changes = {c.control: c for c in counterfactual(world, scenario, 0, item)}
    assert changes.pop("rules[0]").needed == "without it"
    assert all(change.needed is None for change in changes.values())


@pytest.mark.parametrize("method", ["target", "fair_star", "max_min"])
def test_solved_fairness(method):
    world = make_world(seed=15, n_users=80, n_candidates=25)
    scenario = Scenario(
        k=6,
        item_fairness=0.2,
        item_fairness_method=method,
        item_fairness_group="genre:Horror",
        item_fairness_target=0.9,
    )
    n_found = 0
    for user in range(6):
        for item in outsiders(world, scenario, user, 3):
            for change in counterfactual(world, scenario, user, item):
                if change.control == "item_fairness" and change.scenario is not None:
                    n_found += 1
                    assert holds(world, change.scenario, user, item)
    assert n_found > 0


def test_half_life():
    world = make_world(seed=16, n_users=6)
    scenario = Scenario(k=5, freshness=0.8, half_life_days=300)
    found = [
        change
        for user in range(6)
        for item in outsiders(world, scenario, user, 4)
        for change in counterfactual(world, scenario, user, item)
        if change.control == "half_life_days" and change.needed is not None
    ]
    assert found
    for change in found:
        back = change.needed + 0.02 * (300 - change.needed)
        user_item = change.scenario
        assert user_item.half_life_days == change.needed != 300
        assert 7 <= back <= 36500


def test_nothing_to_ask():
    world = make_world(seed=17, n_users=1, n_candidates=8)
    outside = int(np.setdiff1d(np.arange(world.n_items), world.candidates[0])[0])
    assert counterfactual(world, Scenario(k=5), 0, outside) == []
    assert counterfactual(world, Scenario(k=5), 0, int(world.candidates[0, 0])) == []
