"""Every move explained: parts that add up, caps that are named, reasons that fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.reranking import PARTS, CapBlock, LedgerEntry, explain_list, prepare, rerank
from engine.reranking.person import SUMMANDS, Person
from engine.scenario import Cap, Rule, Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS
from tests.engine.reranking import brute_force
from tests.engine.reranking.worlds import make_world

METHODS = list(DIVERSITY_METHODS)


def everything(method):
    return Scenario(
        k=8,
        diversity=0.5,
        diversity_method=method,
        likeness="both",
        freshness=0.3,
        item_fairness=0.25,
        item_fairness_group="genre:Drama",
        people_fairness=0.6,
        calibration=0.6,
        popularity_penalty=0.2,
        caps=(Cap("genre", at_most=2, top=5), Cap("provider", "Acme", at_most=1, top=8)),
        rules=(Rule("hide", "item", ("i3", "i4")), Rule("pin", "item", ("i9",))),
    )


@pytest.mark.parametrize("window", [0, 2])
@pytest.mark.parametrize("method", METHODS)
def test_the_terms_of_a_person_are_those_of_brute_force(method, window):
    world = make_world(seed=8, n_users=40)
    scenario = replace(everything(method), diversity_window=window, rules=())
    plan = prepare(world, scenario)
    group = world.genre_matrix[:, 2]
    for user in range(0, 40, 5):
        person = Person(plan, user)
        picks = [int(place) for place in plan.run(np.array([user])).positions[0]]
        for t in range(len(picks)):
            expected = brute_force.values(
                world, scenario, user, picks[:t], group=group, share=plan.problem.shares[user]
            )
            left = np.isfinite(expected)
            values = person.terms(picks[:t]).sum(axis=0)
            assert values[left] == pytest.approx(expected[left], abs=2e-6)
            assert (
                person.barred_by_cap(picks[:t])
                == brute_force.barred(world, scenario, user, picks[:t])
            ).all()


@pytest.mark.parametrize("method", METHODS)
def test_parts_add_up_to_the_difference_of_scores(method):
    world = make_world(seed=8, n_users=25)
    scenario = everything(method)
    plan = prepare(world, scenario)
    group = world.genre_matrix[:, 2]
    for user in range(world.n_users):
        picks = [int(place) for place in plan.run(np.array([user])).positions[0]]
        for entry in explain_list(world, scenario, user).entries:
            assert set(entry.parts) == set(PARTS)
            if entry.rival is None:
                assert entry.difference == 0.0
                assert entry.rank_before == entry.rank_after
                continue
            values = brute_force.values(
                world,
                scenario,
                user,
                picks[: entry.place - 1],
                group=group,
                share=plan.problem.shares[user],
            )
            row = world.candidates[user].tolist()
            own, rival = values[row.index(entry.item)], values[row.index(entry.rival)]
            of_terms = sum(entry.parts[name] for name in SUMMANDS)
            assert of_terms == pytest.approx(own - rival, abs=3e-6)
            barriers = [entry.parts[name] for name in ("cap", "pin", "hide")]
            assert np.count_nonzero(barriers) <= 1
            is_winner = entry.rank_after == entry.place
            assert entry.difference * (1 if is_winner else -1) >= -3e-6
            if any(barriers):
                assert entry.difference == pytest.approx(0.0, abs=1e-12)


def test_a_neutral_list_has_nothing_to_explain():
    world = make_world()
    entries = explain_list(world, Scenario(), 0).entries
    assert [entry.text for entry in entries] == ["where the ranker put it"] * 10
    assert [entry.rise for entry in entries] == [0] * 10


def two_dramas_then_more():
    """One person; the ranker's first four are dramas, then comedies follow."""
    world = make_world(n_users=1, n_candidates=10)
    genres = np.zeros_like(world.genre_matrix)
    genres[world.candidates[0, :4], 2] = True
    genres[world.candidates[0, 4:], 1] = True
    return replace(world, genre_matrix=genres)


def test_a_cap_is_named_with_what_stood_in_its_way():
    world = two_dramas_then_more()
    items = world.candidates[0]
    scenario = Scenario(k=5, caps=(Cap("genre", "Drama", at_most=2, top=5),))
    ledger = explain_list(world, scenario, 0)
    by_item = {entry.item: entry for entry in ledger.entries}
    dropped = by_item[items[2]]
    assert dropped.rank_after is None
    assert dropped.text == "dropped by cap: Drama 2 of 2 in the top 5"
    assert dropped.cap is not None
    assert dropped.cap.holders == (items[0], items[1])
    assert dropped.reason == "cap"
    risen = by_item[items[4]]
    assert (risen.rank_before, risen.rank_after, risen.rise) == (5, 3, 2)
    assert risen.text == "lifted by cap: Drama 2 of 2 in the top 5"
    assert risen.rival == items[2]


def test_rules_are_named():
    world = make_world(n_users=1, n_candidates=12, is_dyadic=True)
    first, last = (int(world.candidates[0, c]) for c in (0, 11))
    rules = (Rule("hide", "item", (f"i{first}",)), Rule("pin", "item", (f"i{last}",)))
    by_item = {e.item: e for e in explain_list(world, Scenario(k=5, rules=rules), 0).entries}
    assert by_item[first].text == "dropped by hide"
    assert by_item[last].text == "lifted by pin"
    boost = Scenario(k=5, rules=(Rule("boost", "item", (f"i{last}",), 1.5),))
    by_item = {e.item: e for e in explain_list(world, boost, 0).entries}
    assert by_item[last].text == "lifted by boost"
    assert by_item[last].parts["boost"] == 1.5


def test_a_floor_counts_as_fairness():
    world = make_world(seed=2, n_users=60)
    scenario = Scenario(
        item_fairness=1.0,
        item_fairness_method="fair_star",
        item_fairness_target=0.8,
        item_fairness_group="genre:Drama",
    )
    group = world.genre_matrix[:, 2]
    lists = rerank(world, scenario)
    moved = np.flatnonzero((lists.positions != np.arange(10)).any(axis=1))
    assert len(moved)
    for user in moved[:10]:
        for entry in explain_list(world, scenario, int(user)).entries:
            if entry.rise is not None and entry.rise > 0:
                assert entry.reason == "fairness"
                assert group[entry.item]


def test_a_part_that_is_shown_as_nothing_is_said_to_be_that_small():
    """A page said "dropped by cap" beside a part of 0.000."""
    parts = {**dict.fromkeys(PARTS, 0.0), "cap": -0.0004}
    block = CapBlock(Cap("genre", None, 2, 5), "Drama", (1, 2))
    entry = LedgerEntry(7, 10, None, 3, 5, parts, "cap", block)
    assert entry.is_close
    assert entry.text == "dropped by cap: Drama 2 of 2 in the top 5, by less than 0.001"
    clear = replace(entry, parts={**parts, "cap": -0.0006})
    assert clear.text == "dropped by cap: Drama 2 of 2 in the top 5"


@pytest.mark.parametrize("method", METHODS)
def test_what_is_named_as_the_reason_has_a_part(method):
    """Only what is hidden may owe nothing to its rule, and then that is said."""
    world = make_world(seed=12, n_users=30)
    for user in range(0, 30, 3):
        for entry in explain_list(world, everything(method), user).entries:
            if entry.reason == "hide" and entry.parts["hide"] == 0.0:
                assert entry.text == "dropped by hide; by its score alone it would have dropped too"
            elif entry.reason is not None:
                way = 1.0 if (entry.rise or -1) > 0 else -1.0
                assert way * entry.parts[entry.reason] > 0.0
