"""The run-time check of lists against the definitions: silent when right, heard when wrong."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from engine.reranking import ITEM_FAIRNESS, prepare, rerank
from engine.reranking.lists import Lists
from engine.reranking.self_check import STRICT, LedgerMismatchError, check_winners, largest_slip
from engine.scenario import Cap, Rule, Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS
from tests.engine.reranking.worlds import make_world

SCENARIOS = {
    **{
        name: Scenario(
            diversity=0.4,
            diversity_method=name,
            freshness=0.2,
            calibration=0.3,
            caps=(Cap("genre", at_most=1, top=5),),
            rules=(Rule("pin", "item", ("i7",)), Rule("hide", "genre", ("Horror",))),
        )
        for name in DIVERSITY_METHODS
    },
    **{
        name: Scenario(item_fairness=0.6, item_fairness_method=name, item_fairness_target=0.6)
        for name in ITEM_FAIRNESS
    },
}


@pytest.fixture(scope="module")
def world():
    return make_world(seed=80, n_users=80, n_candidates=25, n_items=70)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_every_choice_of_the_kernel_wins_by_the_definitions(world, scenario):
    plan = prepare(world, scenario)
    lists = plan.run()
    slips = [largest_slip(plan, user, lists.positions[user])[0] for user in range(80)]
    assert max(slips) <= 1e-5
    check_winners(world, scenario, lists)


def wrong(lists):
    """Lists whose second place went to the last candidate in them."""
    items, positions = lists.items.copy(), lists.positions.copy()
    for array in (items, positions):
        array[:, [1, -1]] = array[:, [-1, 1]]
    return Lists(items, positions, lists.broken)


def test_a_list_that_the_ledger_cannot_explain_is_raised_or_logged(world, monkeypatch, caplog):
    scenario = SCENARIOS["mmr"]
    lists = wrong(rerank(world, scenario))
    monkeypatch.setenv(STRICT, "1")
    with pytest.raises(LedgerMismatchError, match=r"Place \d+ of person \d+'s list"):
        check_winners(world, scenario, lists)
    monkeypatch.delenv(STRICT)
    with caplog.at_level(logging.ERROR, logger="rerank_studio"):
        check_winners(world, scenario, lists)
    assert "less than another by the definitions" in caplog.text


def test_one_wrong_list_of_a_third_of_the_people_is_found(world, monkeypatch):
    """Each evaluation asks about several people, evenly spaced: a third of wrong lists shows."""
    scenario = SCENARIOS["mmr"]
    lists = rerank(world, scenario)
    monkeypatch.setenv(STRICT, "1")
    for start in range(0, 80, 27):
        items, positions = lists.items.copy(), lists.positions.copy()
        rows = slice(start, start + 27)
        items[rows], positions[rows] = wrong(lists).items[rows], wrong(lists).positions[rows]
        with pytest.raises(LedgerMismatchError):
            check_winners(world, scenario, Lists(items, positions, lists.broken))


def test_rows_of_some_people_are_checked_as_theirs(world):
    users = np.array([70, 3, 41])
    check_winners(world, SCENARIOS["dpp"], rerank(world, SCENARIOS["dpp"], users=users), users)
