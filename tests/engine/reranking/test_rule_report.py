"""What rules can reach, where they meet, and values that no item has; by counting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.arrays import Ragged
from engine.reranking import (
    closest_values,
    rerank,
    rule_conflicts,
    rule_report,
    unknown_values,
)
from engine.reranking.candidate_pool import pool_of
from engine.scenario import Rule, Scenario
from tests.engine.reranking.worlds import make_world


@pytest.fixture(scope="module")
def world():
    """People who are offered an item have not seen it; each third of the others has."""
    world = make_world(seed=50, n_users=60, n_candidates=12)
    others = [np.setdiff1d(np.arange(world.n_items), row)[::3] for row in world.candidates]
    histories = Ragged.from_rows(others)
    liked = np.ones(len(histories.indices), dtype=bool)
    return replace(world, history=histories, history_is_liked=liked)


def test_a_pin_that_reaches_some_people_says_why_not_the_others(world):
    """A pin that reached 40 % of people was silent."""
    scenario = Scenario(k=5, rules=(Rule("pin", "item", ("i7",)),))
    (report,) = rule_report(world, scenario)
    reached = [7 in row for row in world.candidates]
    seen = [7 in world.history.row(user) for user in range(60)]
    assert (report.n_people, report.n_items) == (60, 1)
    assert report.n_reached == sum(reached)
    assert report.n_seen == sum(seen) > 0
    differs = (rerank(world, scenario).items != rerank(world, Scenario(k=5)).items).any(axis=1)
    assert report.n_changed == differs.sum()
    share = round(100 * sum(reached) / 60)
    assert report.text.startswith(
        f"Can pin for {share} % of people: the others have seen it or it is no candidate of theirs."
    )


def test_a_pin_of_a_hidden_item_reaches_nobody_and_hide_wins(world):
    rules = (Rule("pin", "item", ("i7",)), Rule("hide", "item", ("i7", "i8")))
    pin, hide = rule_report(world, Scenario(rules=rules))
    assert pin.n_reached == pin.n_changed == 0
    assert pin.n_hidden == sum(7 in row for row in world.candidates)
    assert pin.text.startswith("Can pin for nobody: ")
    assert "or a rule hides it" in pin.text
    assert hide.n_reached == sum(7 in row or 8 in row for row in world.candidates)
    (conflict,) = rule_conflicts(world, rules)
    assert (conflict.first, conflict.second, conflict.items) == (0, 1, (7,))
    assert conflict.is_contradiction
    assert conflict.text == "“Title 7” is hidden by one rule and pinned by another: hide wins."


@pytest.mark.parametrize(
    ("rules", "says", "is_contradiction"),
    [
        ([("boost", "i1", 0.3), ("bury", "i1", 0.3)], "they cancel out", True),
        ([("bury", "i1", 0.5), ("boost", "i1", 0.3)], "together −0.20", True),
        ([("pin", "i1", 0.2), ("bury", "i1", 0.2)], "the pin wins", True),
        ([("pin", "i1", 0.2), ("pin", "i1", 0.2)], "the first rule sets the place", False),
    ],
)
def test_rules_that_meet_say_which_one_wins(world, rules, says, is_contradiction):
    made = tuple(Rule(action, "item", (value,), amount) for action, value, amount in rules)
    (conflict,) = rule_conflicts(world, made)
    assert says in conflict.text
    assert conflict.is_contradiction == is_contradiction


def test_rules_that_add_up_or_do_not_meet_are_no_conflict(world):
    rules = (
        Rule("boost", "item", ("i1",)),
        Rule("boost", "item", ("i1",)),
        Rule("hide", "item", ("i2",)),
    )
    assert rule_conflicts(world, rules) == ()


def test_hiding_too_much_counts_the_lists_left_short(world):
    scenario = Scenario(k=10, rules=(Rule("hide", "genre", ("Drama", "Comedy")),))
    (report,) = rule_report(world, scenario)
    assert report.n_short == (rerank(world, scenario).n_missing > 0).sum() > 0
    assert "of lists have places left empty" in report.text


def test_a_pin_of_a_whole_genre_fills_lists_and_says_so(world):
    (report,) = rule_report(world, Scenario(k=2, rules=(Rule("pin", "genre", ("Drama",)),)))
    n_drama = world.genre_matrix[:, 2][world.candidates].sum(axis=1)
    assert report.n_filled == (n_drama >= 2).sum() > 0
    assert "fills the whole list" in report.text


def test_a_typo_in_a_rule_is_named_and_the_rest_of_the_rule_is_counted(world):
    rules = (Rule("hide", "title", ("Title 3", "Titel 4")), Rule("pin", "title", ("Nothing",)))
    first, second = rule_report(world, Scenario(rules=rules))
    assert first.unknown == ("Titel 4",)
    assert first.n_reached == sum(3 in row for row in world.candidates)
    assert second.unknown == ("Nothing",)
    assert (second.n_items, second.n_reached, second.n_changed) == (0, 0, 0)
    assert second.text == "No item has the title Nothing."


@pytest.mark.parametrize(
    ("field", "value", "meant"),
    [
        ("title", "Titel 4", "Title 4"),
        ("title", "title 31", "Title 31"),
        ("genre", "drama", "Drama"),
        ("provider", "Acne", "Acme"),
        ("item", "i_12", "i12"),
    ],
)
def test_what_was_likely_meant_is_among_the_closest(world, field, value, meant):
    pool = pool_of(world)
    assert unknown_values(pool, Rule("hide", field, (value,))) == (value,)
    assert meant in closest_values(pool, field, value)


def test_years_are_those_of_the_data_and_no_year_is_no_value(world):
    pool = pool_of(world)
    year = pool.release_years[0]
    assert unknown_values(pool, Rule("hide", "year", (year, "1800", ""))) == ("1800", "")
    assert closest_values(pool, "year", "") == ()
