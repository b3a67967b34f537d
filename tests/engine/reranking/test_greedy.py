"""Lists against brute force: exactly where arithmetic is exact, else choice by choice."""

from __future__ import annotations

import numpy as np
import pytest

from engine.arrays import PAD
from engine.reranking import neutral_lists, prepare, rerank
from engine.scenario import Cap, Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS
from tests.engine.reranking import brute_force
from tests.engine.reranking.worlds import make_world

TOLERANCE = 2e-6


def assert_greedy(world, scenario, *, group=None, share=None):
    """Each choice has the highest brute-force value among the candidates not barred."""
    lists = rerank(world, scenario)
    group = np.zeros(world.n_items) if group is None else group
    for user in range(world.n_users):
        n = int(world.n_valid[user])
        part = 1.0 if share is None else share[user]
        picks = [int(p) for p in lists.positions[user] if p >= 0]
        assert len(picks) == min(n, scenario.k)
        assert len(set(picks)) == len(picks)
        assert (lists.items[user, : len(picks)] == world.candidates[user, picks]).all()
        assert (lists.items[user, len(picks) :] == PAD).all()
        broken = np.zeros(len(scenario.caps), dtype=int)
        for t, pick in enumerate(picks):
            value = brute_force.values(world, scenario, user, picks[:t], group=group, share=part)
            bars = brute_force.barred(world, scenario, user, picks[:t])
            is_open = np.isfinite(value)
            for n_kept in range(len(bars), -1, -1):
                allowed = is_open & ~bars[:n_kept].any(axis=0)
                if allowed.any():
                    break
            assert allowed[pick]
            assert value[pick] >= value[allowed].max() - TOLERANCE
            broken += bars[:, pick]
        assert (lists.relaxed[user] == broken).all()


def exact_lists(world, scenario):
    """Full greedy with ties to the ranker's first, by brute force."""
    out = np.full((world.n_users, scenario.k), PAD)
    for user in range(world.n_users):
        picks: list[int] = []
        for t in range(min(scenario.k, world.n_valid[user])):
            value = brute_force.values(world, scenario, user, picks, group=np.zeros(world.n_items))
            bars = brute_force.barred(world, scenario, user, picks)
            for n_kept in range(len(bars), -1, -1):
                open_value = np.where(bars[:n_kept].any(axis=0), -np.inf, value)
                if np.isfinite(open_value).any():
                    break
            picks.append(int(np.argmax(open_value)))
            out[user, t] = picks[-1]
    return out


@pytest.mark.parametrize("likeness", ["factors", "genres", "both"])
@pytest.mark.parametrize("method", DIVERSITY_METHODS)
@pytest.mark.parametrize("weight", [0.05, 0.4, 1.0])
def test_each_choice_is_the_best_by_definition(method, likeness, weight):
    world = make_world(seed=3, short_rows=True)
    scenario = Scenario(
        k=7, diversity=weight, diversity_method=method, likeness=likeness, likeness_mix=0.3
    )
    assert_greedy(world, scenario)


@pytest.mark.parametrize("method", DIVERSITY_METHODS)
def test_all_terms_and_caps_compose(method):
    world = make_world(seed=8, n_users=20)
    scenario = Scenario(
        k=8,
        diversity=0.5,
        diversity_method=method,
        likeness="both",
        freshness=0.3,
        half_life_days=2000,
        item_fairness=0.25,
        item_fairness_group="genre:Drama",
        calibration=0.6,
        popularity_penalty=0.2,
        caps=(Cap("genre", at_most=2, top=5), Cap("provider", "Acme", at_most=1, top=8)),
    )
    assert_greedy(world, scenario, group=world.genre_matrix[:, 2])


@pytest.mark.parametrize("method", ["dpp", "ssd"])
@pytest.mark.parametrize("window", [1, 2, 4, 7, 20])
def test_window(method, window):
    world = make_world(seed=5)
    assert_greedy(
        world, Scenario(k=9, diversity=0.7, diversity_method=method, diversity_window=window)
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("method", ["mmr", "xquad"])
def test_ties_go_to_the_rankers_first(method, seed):
    world = make_world(seed=seed, n_users=25, is_dyadic=True)
    scenario = Scenario(
        k=10, diversity=0.5, diversity_method=method, caps=(Cap("genre", at_most=2, top=6),)
    )
    lists = rerank(world, scenario)
    assert np.unique(np.diff(world.scores, axis=1)).size < 40  # there are ties
    assert (lists.positions == exact_lists(world, scenario)).all()


@pytest.mark.parametrize("method", DIVERSITY_METHODS)
def test_everyone_at_once_is_a_few_at_a_time(method):
    world = make_world(seed=60, n_users=210, short_rows=True)
    scenario = Scenario(
        diversity=0.4, diversity_method=method, calibration=0.3, freshness=0.2, caps=(Cap(),)
    )
    lists = rerank(world, scenario)
    for users in np.array_split(np.arange(210), 7):
        few = rerank(world, scenario, users=users)
        assert (few.items == lists.items[users]).all()
        assert (few.broken == lists.broken[users]).all()


def test_neutral_is_the_rankers_order_by_both_paths():
    world = make_world(seed=1, short_rows=True)
    neutral = neutral_lists(world, 10)
    for lists in (rerank(world, Scenario()), prepare(world, Scenario()).run()):
        assert (lists.items == neutral.items).all()
        assert (lists.positions == neutral.positions).all()
    assert (neutral.items == world.candidates[:, :10]).all()


def test_a_cap_that_nothing_meets_changes_nothing():
    world = make_world(seed=1, is_dyadic=True)
    lists = rerank(world, Scenario(k=10, caps=(Cap("genre", at_most=50, top=50),)))
    assert (lists.items == world.candidates[:, :10]).all()
    assert (lists.relaxed == 0).all()
