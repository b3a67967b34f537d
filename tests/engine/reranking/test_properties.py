"""What must hold for every audience and every scenario (Hypothesis)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arrays import PAD
from engine.errors import ScoreError
from engine.reranking import neutral_lists, rerank
from engine.scenario import Cap, Rule, Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS
from tests.engine.reranking import brute_force
from tests.engine.reranking.worlds import GENRES, PROVIDERS, make_world, permuted

weights = st.sampled_from([0.0, 0.1, 0.5, 1.0])
caps = st.lists(
    st.one_of(
        st.builds(
            Cap,
            kind=st.just("genre"),
            value=st.sampled_from([None, *GENRES]),
            at_most=st.integers(0, 3),
            top=st.integers(1, 12),
        ),
        st.builds(
            Cap,
            kind=st.just("provider"),
            value=st.sampled_from([None, *PROVIDERS]),
            at_most=st.integers(0, 3),
            top=st.integers(1, 12),
        ),
    ),
    max_size=3,
).map(tuple)
rules = st.lists(
    st.one_of(
        st.builds(
            Rule,
            action=st.sampled_from(["hide", "pin", "boost", "bury"]),
            field=st.just("genre"),
            values=st.lists(st.sampled_from(GENRES), min_size=1, max_size=2).map(tuple),
        ),
        st.builds(
            Rule,
            action=st.sampled_from(["hide", "pin"]),
            field=st.just("item"),
            values=st.lists(
                st.integers(0, 39).map(lambda i: f"i{i}"), min_size=1, max_size=3, unique=True
            ).map(tuple),
        ),
    ),
    max_size=2,
).map(tuple)
scenarios = st.builds(
    Scenario,
    k=st.integers(1, 12),
    diversity=weights,
    diversity_method=st.sampled_from(list(DIVERSITY_METHODS)),
    likeness=st.sampled_from(["factors", "genres", "both"]),
    diversity_window=st.sampled_from([0, 1, 3]),
    freshness=weights,
    item_fairness=weights,
    item_fairness_method=st.sampled_from(["weight", "fair_star"]),
    item_fairness_group=st.sampled_from(["long_tail", "genre:Drama", "provider:Acme"]),
    people_fairness=weights,
    calibration=weights,
    popularity_penalty=weights,
    finished=weights,
    came_back=weights,
    caps=caps,
    rules=rules,
)
worlds = st.builds(
    make_world,
    seed=st.integers(0, 10_000),
    n_users=st.sampled_from([1, 2, 15]),
    n_candidates=st.sampled_from([1, 2, 9, 25]),
    is_dyadic=st.booleans(),
    short_rows=st.booleans(),
)


def rule_items(world, scenario, action):
    """Items that rules of one action mean, by the items' own columns."""
    chosen = np.zeros(world.n_items, dtype=bool)
    for rule in scenario.rules:
        for value in rule.values if rule.action == action else ():
            if rule.field == "genre":
                chosen |= world.genre_matrix[:, GENRES.index(value)]
            else:
                chosen[int(value[1:])] = True
    return chosen


@settings(max_examples=150)
@given(world=worlds, scenario=scenarios)
def test_lists_are_full_valid_and_keep_the_limits(world, scenario):
    lists = rerank(world, scenario)
    hidden = rule_items(world, scenario, "hide")
    pinned = rule_items(world, scenario, "pin") & ~hidden
    for user in range(world.n_users):
        candidates = world.candidates[user][world.candidates[user] != PAD]
        items = lists.items[user][lists.items[user] != PAD]
        places = lists.positions[user][: len(items)]
        assert (lists.items[user, len(items) :] == PAD).all()
        assert (lists.positions[user, len(items) :] == PAD).all()
        assert (candidates[places] == items).all()
        assert len(np.unique(items)) == len(items)
        assert not hidden[items].any()
        assert len(items) == min(scenario.k, (~hidden[candidates]).sum())
        n_pins = min(scenario.k, pinned[candidates].sum())
        assert pinned[items[:n_pins]].all()
        assert not pinned[items[n_pins:]].any()
        broken = np.zeros(len(scenario.caps), dtype=int)
        for t in range(len(items)):
            broken += brute_force.barred(world, scenario, user, list(places[:t]))[:, places[t]]
        assert (broken == lists.relaxed[user]).all()


@settings(max_examples=60)
@given(world=worlds, scenario=scenarios, seed=st.integers(0, 1000))
def test_the_order_of_people_changes_nothing(world, scenario, seed):
    order = np.random.default_rng(seed).permutation(world.n_users)
    lists = rerank(world, scenario)
    other = rerank(permuted(world, order), scenario)
    assert (other.items == lists.items[order]).all()
    assert (other.broken == lists.broken[order]).all()


@settings(max_examples=60)
@given(world=worlds, scenario=scenarios, seed=st.integers(0, 1000))
def test_whom_else_one_asks_for_changes_nothing(world, scenario, seed):
    users = np.random.default_rng(seed).integers(0, world.n_users, size=5)
    lists = rerank(world, scenario)
    some = rerank(world, scenario, users=users)
    assert (some.items == lists.items[users]).all()
    assert (some.positions == lists.positions[users]).all()


@settings(max_examples=40)
@given(world=worlds, k=st.integers(1, 50))
def test_neutral_is_the_rankers_order(world, k):
    lists = rerank(world, Scenario(k=k))
    width = min(k, world.candidates.shape[1])
    assert (lists.items[:, :width] == world.candidates[:, :width]).all()
    assert (lists.items[:, width:] == PAD).all()
    assert (neutral_lists(world, k).positions == lists.positions).all()


@settings(max_examples=80)
@given(
    seed=st.integers(0, 10_000),
    scenario=scenarios,
    term=st.sampled_from(["diversity", "freshness", "calibration", "popularity_penalty"]),
    low=st.floats(0, 1),
    high=st.floats(0, 1),
)
def test_more_weight_never_lowers_the_terms_own_value_at_a_step(seed, scenario, term, low, high):
    """For one and the same list so far (pins), the next choice has at least as much of the term."""
    world = make_world(seed=seed, n_users=6)
    pins = tuple(f"i{item}" for item in np.random.default_rng(seed).permutation(40)[:6])
    base = replace(
        scenario,
        k=12,
        rules=(Rule("pin", "item", pins),),
        caps=(),
        item_fairness=0.0,
        people_fairness=0.0,
    )
    low, high = min(low, high), max(low, high)
    fields = {"diversity": "diversity", "calibration": "calibration"}
    picks = [rerank(world, replace(base, **{term: weight})).positions for weight in (low, high)]
    for user in range(world.n_users):
        items = world.candidates[user]
        t = int(np.isin(items, [int(pin[1:]) for pin in pins]).sum())
        chosen = [int(place) for place in picks[0][user, :t]]
        if term in fields:
            values = getattr(brute_force, term)(world, base, user, chosen)
        else:
            only = Scenario(**{term: 1.0, "half_life_days": base.half_life_days})
            values = brute_force.static(world, only, user, np.zeros(world.n_items))
        assert values[picks[1][user, t]] >= values[picks[0][user, t]] - 1e-5


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_that_are_no_numbers_are_refused(bad):
    world = make_world()
    scores = world.scores.copy()
    scores[3, 4] = bad
    with pytest.raises(ScoreError, match="1 ranker scores are NaN or infinite, the first in row 3"):
        rerank(replace(world, scores=scores), Scenario(diversity=0.2))
