"""Hide, pin, boost, bury: on items, and in lists."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import ScenarioError
from engine.reranking import prepare, rerank
from engine.scenario import Cap, Rule, Scenario
from tests.engine.reranking.brute_force import relevance
from tests.engine.reranking.worlds import make_world


def test_hidden_items_are_in_no_list_and_lists_stay_full():
    world = make_world(n_candidates=30)
    lists = rerank(world, Scenario(rules=(Rule("hide", "genre", ("Drama", "Comedy")),)))
    hidden = world.genre_matrix[:, [1, 2]].any(axis=1)
    n_left = (~hidden[world.candidates]).sum(axis=1)
    assert not hidden[lists.items[lists.items >= 0]].any()
    assert (lists.n_missing == np.maximum(10 - n_left, 0)).all()


def test_pins_come_first_in_the_rules_order_and_only_where_they_are_candidates():
    world = make_world(n_users=30)
    pins = ("i7", "i3", "i21")
    lists = rerank(world, Scenario(k=5, diversity=0.4, rules=(Rule("pin", "item", pins),)))
    for user in range(world.n_users):
        expected = [int(pin[1:]) for pin in pins if int(pin[1:]) in world.candidates[user]]
        assert lists.items[user, : len(expected)].tolist() == expected


def test_a_pin_that_means_many_items_keeps_their_ranked_order():
    world = make_world()
    lists = rerank(world, Scenario(k=20, rules=(Rule("pin", "provider", ("Bolt",)),)))
    for user in range(world.n_users):
        is_bolt = world.provider_codes[world.candidates[user]] == 1
        order = np.r_[np.flatnonzero(is_bolt), np.flatnonzero(~is_bolt)]
        assert lists.positions[user].tolist() == order.tolist()


def test_hide_beats_pin():
    world = make_world()
    rules = (Rule("pin", "item", ("i5",)), Rule("hide", "item", ("i5",)))
    assert not (rerank(world, Scenario(rules=rules)).items == 5).any()


def test_a_pin_may_break_a_cap_and_is_counted():
    world = make_world(n_users=30)
    item = int(np.flatnonzero(world.genre_matrix[:, 2])[0])
    scenario = Scenario(
        caps=(Cap("genre", "Drama", at_most=0, top=10),),
        rules=(Rule("pin", "item", (f"i{item}",)),),
    )
    lists = rerank(world, scenario)
    is_first = lists.items[:, 0] == item
    assert (is_first == (world.candidates == item).any(axis=1)).all()
    assert (lists.relaxed[:, 0] >= is_first).all()


@pytest.mark.parametrize(("action", "sign"), [("boost", 1.0), ("bury", -1.0)])
def test_boosts_and_buries_add_up(action, sign):
    world = make_world()
    rules = (
        Rule(action, "genre", ("Action",), 0.25),
        Rule(action, "provider", ("Acme", "Bolt"), 0.125),
    )
    lists = rerank(world, Scenario(k=20, rules=rules))
    amount = 0.25 * world.genre_matrix[:, 0] + 0.125 * np.isin(world.provider_codes, [0, 1])
    for user in range(world.n_users):
        score = relevance(world, user) + sign * amount[world.candidates[user]]
        assert (np.diff(score[lists.positions[user]]) <= 1e-12).all()


def test_rules_by_year_and_title():
    world = make_world()
    years = {
        i: str(np.datetime64(int(day), "D").astype("datetime64[Y]"))
        for i, day in enumerate(world.released_day)
        if not np.isnan(day)
    }
    item = int(world.candidates[0, 0])
    year = years.get(item) or next(iter(years.values()))
    boost = prepare(world, Scenario(rules=(Rule("boost", "year", (year,)),))).problem.offsets[:, 1]
    assert (boost > 0).tolist() == [years.get(i) == year for i in range(world.n_items)]
    lists = rerank(world, Scenario(rules=(Rule("hide", "title", (f"Title {item}",)),)))
    assert not (lists.items == item).any()


@pytest.mark.parametrize("field", ["genre", "provider", "year", "item", "title"])
def test_a_value_that_no_item_has_is_refused_by_name(field):
    with pytest.raises(ScenarioError, match=f"names the {field} 'Nope', which no item"):
        rerank(make_world(), Scenario(rules=(Rule("hide", field, ("Nope",)),)))


@pytest.mark.parametrize("kind", ["genre", "provider"])
def test_a_cap_on_an_unknown_name_is_refused_with_the_known_ones(kind):
    with pytest.raises(ScenarioError, match=f"names the {kind} 'Nope'.*; it has: "):
        rerank(make_world(), Scenario(caps=(Cap(kind, "Nope"),)))


def test_caps_are_lifted_from_the_last_and_counted():
    """Everybody's candidates are dramas by Acme: both caps fail, the last one fails first."""
    world = make_world(n_users=4)
    genres = np.zeros_like(world.genre_matrix)
    genres[:, 2] = True
    world = replace(
        world, genre_matrix=genres, provider_codes=np.zeros(world.n_items, dtype=np.int16)
    )
    caps = (Cap("provider", None, at_most=4, top=10), Cap("genre", "Drama", at_most=2, top=10))
    lists = rerank(world, Scenario(caps=caps))
    assert (lists.items == world.candidates[:, :10]).all()
    assert lists.relaxed.tolist() == [[6, 8]] * 4
