"""The verdict of a setting in one sentence agrees with the figures that it is made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.evaluation import evaluate_scenario
from engine.formats import of_baseline
from engine.headline import headline_of
from engine.metrics.statistics.verdict import Word
from engine.scenario import Scenario
from engine.verdict_sentence import lists_changed, verdict_sentence


def said_of(artifacts, scenario):
    found = evaluate_scenario(artifacts, scenario)
    headline = headline_of(found, "gender")
    return found, headline, verdict_sentence(found, headline)


def test_the_neutral_setting_does_nothing_and_says_what_to_do(tiny_artifacts):
    found, _, said = said_of(tiny_artifacts, Scenario())
    assert said.startswith("Nothing yet")
    assert lists_changed(found) == 0


@pytest.mark.parametrize(
    "scenario", [Scenario(diversity=0.6), Scenario(item_fairness=1.0), Scenario(freshness=0.05)]
)
def test_what_is_named_is_clear_and_accuracy_is_always_said(tiny_artifacts, scenario):
    found, headline, said = said_of(tiny_artifacts, scenario)
    moves, *_ = said.split(". ")
    clear = [name for name, one in headline.figures.items() if one.verdict.is_clear]
    named = [one for one in moves.split("; ") if not one.startswith("NDCG")]
    assert len(named) == min(len([name for name in clear if name != "ndcg"]), 2)
    assert "NDCG" in moves
    assert ("no clear change" in moves) == (headline.figures["ndcg"].verdict is Word.NOT_CLEAR)
    changed = sum(
        set(now) != set(before)
        for now, before in zip(found.lists.items, found.baseline_lists.items, strict=True)
    )
    assert lists_changed(found) == changed
    assert f"{int(100 * changed / found.n_users)} % of lists change" in said


def test_a_loss_is_named_before_any_gain_and_the_group_that_loses_most_by_name(tiny_artifacts):
    found, headline, _ = said_of(tiny_artifacts, Scenario(diversity=0.6))
    worse = replace(headline.figures["coverage"], verdict=Word.WORSE, difference=-0.1)
    figures = {**headline.figures, "coverage": worse}
    first, second = headline.each[:2]
    each = (
        replace(first, word=Word.WORSE, value=-0.01),
        replace(second, word=Word.WORSE, value=-1),
    )
    told = replace(headline, figures=figures, each=(*each, *headline.each[2:]))
    said = verdict_sentence(found, told)
    assert said.startswith(f"Coverage {of_baseline(-0.1, worse.before)} (")
    assert f"Clearly worse for {headline.groups.labels[1]} and 1 other group" in said
