"""Ways in: what is said suffices, and what is not found is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.people.ways_in import control_words, no_way_in_words, ways_in
from engine.reranking import rerank
from engine.reranking.counterfactual import Change, counterfactual
from engine.scenario import Cap, Rule, Scenario

SCENARIO = Scenario(diversity=0.2, k=5, caps=(Cap("genre", None, 1, 5),))


def change(control, current, needed, scenario=SCENARIO, place=4, search="every value"):
    found = None if needed is None else scenario
    return Change(control, current, needed, found, None if needed is None else place, search)


def test_a_value_is_rounded_away_from_the_present_one_so_that_it_suffices():
    up, down = ways_in(
        [change("diversity", 0.2, 0.30001), change("freshness", 0.2, 0.16699)], SCENARIO
    )
    assert up.words == "Diversity 0.200 → 0.301: place 4"
    assert down.words == "Freshness 0.200 → 0.166: place 4"


def test_caps_rules_and_lengths_have_words_of_their_own():
    scenario = replace(SCENARIO, rules=(Rule("hide", "genre", ("Drama",)),))
    said = [
        way.words
        for way in ways_in(
            [change("k", 5, 8), change("caps[0]", 1, 2), change("rules[0]", 0, "without it")],
            scenario,
        )
    ]
    assert said[0] == "List length 5 → 8: place 4"
    assert "at most 2 instead: place 4" in said[1]
    assert "taken off: place 4" in said[2]
    assert "Drama" in said[2]


def test_controls_that_cannot_are_named():
    changes = [
        change("diversity", 0.2, None),
        change("freshness", 0.0, 0.5),
        change("boost", 0.0, None),
    ]
    assert no_way_in_words(changes, SCENARIO) == (
        "No setting of Diversity or a boost of this item alone does."
    )
    assert no_way_in_words(changes[1:2], SCENARIO) == ""


def test_a_search_in_steps_is_said():
    changes = [change("half_life_days", 90, None, search="values were tried in steps; one …")]
    assert "(Half-life: tried in steps.)" in no_way_in_words(changes, SCENARIO)


def test_what_is_said_of_a_fitted_service_brings_the_item_in(tiny_artifacts):
    user = 7
    shown = set(rerank(tiny_artifacts, SCENARIO).items[user].tolist())
    outside = [int(item) for item in tiny_artifacts.candidates[user, :12] if item not in shown]
    changes = counterfactual(tiny_artifacts, SCENARIO, user, outside[0])
    found = ways_in(changes, SCENARIO)
    assert found
    for way in found:
        row = rerank(tiny_artifacts, way.scenario, users=np.array([user])).items[0]
        assert way.words.endswith(f"place {row.tolist().index(outside[0]) + 1}")


@pytest.mark.parametrize("control", ["k", "diversity", "half_life_days", "people_fairness"])
def test_controls_are_called_as_in_the_sidebar(control):
    assert control_words(control, SCENARIO)
