"""A what-if list is made as everybody's is."""

from __future__ import annotations

import pytest

from engine.reranking import rerank
from engine.scenario import Cap, Rule, Scenario
from engine.what_if import what_if_candidates, what_if_list

SCENARIOS = (
    Scenario(),
    Scenario(diversity=0.5, freshness=0.2, caps=(Cap("genre", None, 1, 3),)),
    Scenario(diversity=0.6, diversity_method="dpp"),
    Scenario(item_fairness=0.7, item_fairness_method="target", item_fairness_target=0.6),
    Scenario(people_fairness=0.8, people_attribute="gender", popularity_penalty=0.4),
    Scenario(calibration=0.7, rules=(Rule("hide", "genre", ("Drama",)),)),
    Scenario(diversity=0.5, diversity_method="xquad"),
)


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("user", [0, 41])
def test_an_unchanged_history_gives_the_list_of_everybody(tiny_artifacts, scenario, user):
    asked = what_if_list(tiny_artifacts, scenario, user, what_if_candidates(tiny_artifacts, user))
    shown = rerank(tiny_artifacts, scenario)
    assert asked.items[0].tolist() == shown.items[user].tolist()
    assert asked.positions[0].tolist() == shown.positions[user].tolist()


def test_what_is_imagined_as_liked_leaves_the_list(tiny_artifacts):
    first = int(tiny_artifacts.candidates[5, 0])
    what_if = what_if_candidates(tiny_artifacts, 5, like=[first])
    assert first not in what_if_list(tiny_artifacts, Scenario(), 5, what_if).items[0]
