"""What a control costs beside the others, against the evaluation that measures everything."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.removal import remove_each
from engine.evaluation import evaluate_scenario
from engine.reranking import control_notes, inert_in_data, relevance_kept, rerank
from engine.reranking.control_cost import ControlCost
from engine.scenario import Scenario
from engine.terms import TERMS, WEIGHTS
from tests.engine.reranking.test_control_notes import bare
from tests.engine.reranking.worlds import make_world

BOTH = Scenario(diversity=0.5, freshness=0.3)


def test_the_cost_is_that_of_the_table_of_controls(tiny_artifacts):
    """The same re-rankings, measured by the whole evaluation: another path to both figures."""
    found = evaluate_scenario(tiny_artifacts, BOTH)
    removals = {one.name: one for one in remove_each(tiny_artifacts, BOTH, found)}
    notes = control_notes(tiny_artifacts, BOTH, found.lists)
    for name in ("diversity", "freshness"):
        cost, removal = notes[name].cost, removals[name]
        assert cost.effort == pytest.approx(removal.effort, abs=1e-6)
        without = evaluate_scenario(tiny_artifacts, BOTH.without(name)).figures["ndcg"]
        assert cost.ndcg * without.value == pytest.approx(-removal.ndcg.difference, abs=1e-6)
        assert cost.n == without.n
        assert cost.low <= cost.ndcg <= cost.high


def test_of_one_control_alone_the_effort_is_what_the_ranker_kept(tiny_artifacts):
    alone = Scenario(diversity=0.7)
    kept = relevance_kept(tiny_artifacts, rerank(tiny_artifacts, alone))
    cost = control_notes(tiny_artifacts, alone)["diversity"].cost
    assert cost.effort == pytest.approx(1 - np.nanmean(kept), abs=1e-6)


def test_more_controls_at_once_make_the_interval_wider(tiny_artifacts):
    alone = control_notes(tiny_artifacts, Scenario(diversity=0.5))["diversity"].cost
    beside = control_notes(tiny_artifacts, Scenario(diversity=0.5, freshness=0.001))
    assert beside["diversity"].cost.high - beside["diversity"].cost.low > alone.high - alone.low


def test_without_anything_held_out_the_score_alone_is_said():
    cost = control_notes(make_world(seed=70, n_users=200), Scenario(diversity=0.5))[
        "diversity"
    ].cost
    assert np.isnan(cost.ndcg)
    assert cost.text.endswith("of the ranker's score.")


def test_a_control_that_earns_score_back_does_not_cost():
    assert ControlCost(-0.01, np.nan, np.nan, np.nan, 0).text.startswith("Gives back 1.0 %")


def test_what_can_do_nothing_in_the_data_is_said_whatever_the_other_controls():
    world = make_world(seed=70, n_users=60)
    assert {*inert_in_data(bare(world))} == {*WEIGHTS} - {"item_fairness"}  # its tail is known
    assert "freshness" not in inert_in_data(world)


def test_a_control_that_waits_for_another_is_not_inert_in_the_data(tiny_artifacts):
    """Fairness for people needs another weight: greyed for that, it would stay grey."""
    reasons = inert_in_data(tiny_artifacts)
    assert "No other weight is on" not in reasons.get("people_fairness", "")
    assert not {"diversity", "popularity_penalty"} & {*reasons}


def test_every_term_says_whom_it_serves():
    assert {term.serves for term in TERMS.values()} == {"people", "items", "objectives"}
