"""The weight of another objective: by the definition, at 0, as it grows, and where it is inert."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine.arrays import PAD
from engine.errors import ScoreError
from engine.metrics.audience import audience_of
from engine.metrics.user_matrix import measure
from engine.objectives import OBJECTIVES
from engine.reranking import effort_curve, inert_reasons, prepare, rerank
from engine.reranking.control_notes import control_notes
from engine.reranking.inert import inert_in_data
from engine.reranking.ledger import explain_list
from engine.scenario import Cap, Scenario
from engine.simulate.loop import run_year
from engine.simulate.loop_config import Arm, LoopConfig
from engine.simulate.year_words import assumed
from engine.terms import TERMS
from engine.terms.objectives import OLD_FIT
from tests.engine.reranking.test_greedy import assert_greedy
from tests.engine.reranking.worlds import make_world

weights = st.sampled_from([0.0, 0.1, 0.35, 1.0])
worlds = st.builds(
    make_world,
    seed=st.integers(0, 10_000),
    n_users=st.sampled_from([1, 9]),
    n_candidates=st.sampled_from([1, 2, 20]),
    is_dyadic=st.booleans(),
    short_rows=st.booleans(),
)


def without_objectives(world):
    """The same audience as a fit of before has it."""
    manifest = {name: said for name, said in world.manifest.items() if name != "metrics"}
    return replace(world, manifest=manifest, objectives=None)


def mean_score(world, lists, name):
    """Mean of an objective's scores over the places of everybody's lists."""
    column = world.objective_names.index(name)
    places = lists.positions
    own = np.take_along_axis(world.objectives[:, :, column], np.maximum(places, 0), axis=1)
    return own[places >= 0].mean() if (places >= 0).any() else 0.0


def test_a_list_by_one_objective_is_a_sort_of_two_columns():
    """The whole term in four lines: relevance from 0 to 1, plus the weight times the score."""
    world = make_world(seed=4, n_users=40)
    lists = rerank(world, Scenario(k=6, shared=0.6))
    for user in range(world.n_users):
        scores = world.scores[user].astype(float)
        relevance = (scores - scores.min()) / np.ptp(scores)
        total = relevance + 0.6 * world.objectives[user, :, world.objective_names.index("shared")]
        assert lists.positions[user].tolist() == np.argsort(-total, kind="stable")[:6].tolist()


@settings(max_examples=60)
@given(
    world=worlds,
    scenario=st.builds(
        Scenario,
        k=st.integers(1, 8),
        diversity=weights,
        freshness=weights,
        calibration=weights,
        finished=weights,
        bought=weights,
        came_back=weights,
        caps=st.sampled_from([(), (Cap("genre", at_most=1, top=4),)]),
    ),
)
def test_each_choice_is_the_best_by_definition_beside_all_other_terms(world, scenario):
    assert_greedy(world, scenario)


@settings(max_examples=60)
@given(world=worlds, k=st.integers(1, 8), diversity=weights, freshness=weights)
def test_a_weight_of_nought_is_no_weight_at_all(world, k, diversity, freshness):
    scenario = Scenario(k=k, diversity=diversity, freshness=freshness)
    lists, plain = rerank(world, scenario), rerank(without_objectives(world), scenario)
    assert (lists.items == plain.items).all()
    assert (lists.positions == plain.positions).all()


@settings(max_examples=60)
@given(world=worlds, k=st.integers(1, 8), name=st.sampled_from(list(OBJECTIVES)), other=weights)
def test_more_weight_never_lowers_what_lists_are_worth_by_it(world, k, name, other):
    """The best k of a sum a + w·b by one weight: the mean of b over them cannot fall as w rises.

    It is true for everybody's own list where no other term depends on the list, hence for the mean.
    """
    found = [
        mean_score(world, rerank(world, Scenario(k=k, freshness=other, **{name: w})), name)
        for w in (0.0, 0.05, 0.3, 0.7, 1.0)
    ]
    assert all(after >= before - 1e-6 for before, after in pairwise(found))


@settings(max_examples=40)
@given(world=worlds, k=st.integers(1, 8), diversity=weights)
def test_a_weight_without_a_ranker_changes_no_list(world, k, diversity):
    plain = without_objectives(world)
    scenario = Scenario(k=k, diversity=diversity)
    lists = rerank(plain, replace(scenario, finished=1.0, shared=0.4))
    assert (lists.items == rerank(plain, scenario).items).all()


def test_a_person_who_is_spared_is_spared_of_it_too():
    world = make_world(seed=70, n_users=60)
    scenario = Scenario(k=6, finished=0.8, people_fairness=1.0, people_attribute="gender")
    shares = prepare(world, scenario).problem.shares
    assert shares.min() < 1.0
    assert_greedy(world, scenario, share=shares)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_it_can_do_nothing_where_there_is_no_ranker_and_says_why(name):
    world = without_objectives(make_world(seed=1))
    reason = "The log has no event of that kind."
    assert inert_reasons(world, Scenario())[name] == OLD_FIT
    told = replace(world, manifest=world.manifest | {"metrics": {"no_objectives": {name: reason}}})
    assert inert_in_data(told)[name] == reason
    assert name not in inert_in_data(make_world(seed=1))
    flat = make_world(seed=1)
    flat = replace(flat, objectives=np.full_like(flat.objectives, 0.5))
    assert inert_reasons(flat, Scenario())[name] == "All candidates score alike."


def test_the_ledger_says_what_an_objective_did_and_effort_what_it_costs():
    world = make_world(seed=4, n_users=40)
    scenario = Scenario(k=6, finished=1.0)
    moved = [one for user in range(40) for one in explain_list(world, scenario, user).entries]
    reasons = {one.reason for one in moved}
    assert "finishing" in reasons
    for one in moved:
        if one.rival is not None:
            others = [value for part, value in one.parts.items() if part not in PARTS_AT_WORK]
            assert not any(others)
    assert effort_curve(world, Scenario(k=6), "finished").highest > 0.01
    assert TERMS["finished"].part.label == "Finished"


PARTS_AT_WORK = ("relevance", "finishing")


def test_scores_that_do_not_fit_the_candidates_are_refused():
    world = make_world(seed=1)
    short = replace(world, objectives=world.objectives[:, :, :2])
    with pytest.raises(ScoreError, match="a finite score of 4 objectives for each candidate"):
        rerank(short, Scenario(diversity=0.1))
    wrong = world.objectives.copy()
    wrong[0, 0, 0] = np.nan
    with pytest.raises(ScoreError, match="a finite score of 4 objectives"):
        rerank(replace(world, objectives=wrong), Scenario(diversity=0.1))


def test_padding_stays_where_it_is():
    world = make_world(seed=9, n_users=30, short_rows=True)
    lists = rerank(world, Scenario(k=10, came_back=1.0))
    assert ((lists.items == PAD).sum(axis=1) == np.maximum(10 - world.n_valid, 0)).all()


def test_the_note_beside_a_weight_says_what_it_buys(eventful):
    """Against the metric's own mean, and the interval by hand."""
    scenario = Scenario(k=8, finished=1.0)
    note = control_notes(eventful, scenario)["finished"]
    values = [
        measure(audience_of(eventful), rerank(eventful, one).items).column("ndcg_finished")
        for one in (Scenario(k=8), scenario)
    ]
    is_known = np.isfinite(values[0])
    gained = (values[1] - values[0])[is_known].astype(float)
    level, n = values[0][is_known].mean(), int(is_known.sum())
    half = stats.t.ppf(0.975, n - 1) * gained.std(ddof=1) / np.sqrt(n)
    assert gained.mean() - half > 0  # the planted taste is found, and lists hold more of it
    ends = f"{gained.mean() - half:.3f} to {gained.mean() + half:.3f}"
    assert note.text == (
        f"NDCG, finished: +{gained.mean() / level:.1%}".replace("%", " %")
        + f" (+{gained.mean():.3f}, {ends}), n = {n}."
    )
    assert note.words.startswith("Costs ")


def test_a_simulated_year_leaves_the_weight_out_and_says_so(eventful):
    config = LoopConfig(rounds=4, seeds=1, refit_every=2)
    plain, asked = Scenario(diversity=0.3), Scenario(diversity=0.3, finished=1.0)
    year = run_year(eventful, (Arm("Plain", plain), Arm("Asked", asked)), config)
    for values in year.values.values():
        assert np.array_equal(values[0], values[1], equal_nan=True)
    said = "Only likes are simulated: Finished does nothing in the year."
    assert said in assumed(year)
    assert said not in assumed(run_year(eventful, (Arm("Plain", plain),), config))
