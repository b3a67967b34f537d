"""Cards say a change only where there is one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.metric_cards import Card, below, card_of, change_in_words
from engine.formats import SHARE
from engine.metrics.figures import Figure
from engine.metrics.registry import METRICS
from engine.metrics.statistics.verdict import Word

FIGURE = Figure("ndcg", 0.2, 0.19, 0.21, 100, 0, -0.02, -0.03, -0.01, 0.95, Word.WORSE)


@pytest.mark.parametrize("difference", [-0.02, 0.02])
def test_inside_the_noise_no_direction_is_named(difference):
    figure = replace(FIGURE, difference=difference, verdict=Word.NOT_CLEAR)
    assert change_in_words(Card("NDCG", figure)) == "no clear change"


def test_nothing_changed_is_said_so():
    figure = replace(FIGURE, difference=0.0, verdict=Word.AS_BEFORE)
    assert change_in_words(Card("NDCG", figure)) == "as before"


def test_a_change_without_a_better_side_has_no_judgement():
    figure = replace(FIGURE, difference=0.141, verdict=Word.HIGHER)
    assert change_in_words(Card("Fresh share", figure, SHARE)) == "+14.1 pts higher"


def test_a_clear_change_is_said_in_per_cent_and_in_points():
    figure = replace(FIGURE, difference=-0.02, verdict=Word.WORSE, before=0.16)
    card = Card("NDCG", figure)
    assert change_in_words(card) == "−12.5 % worse"
    assert below(card).endswith("change −0.020")
    share = replace(figure, difference=0.141, verdict=Word.HIGHER, before=0.5)
    assert change_in_words(Card("Fresh share", share, SHARE)) == "+28.2 % higher"
    assert below(Card("Fresh share", share, SHARE)).endswith("change +14.1 pts")


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_has_a_card_with_its_definition(name):
    card = card_of(replace(FIGURE, name=name))
    assert card.label == METRICS[name].label
    assert METRICS[name].definition in card.note
    assert METRICS[name].direction_in_words in card.note


@pytest.mark.parametrize("word", [Word.NEARER, Word.NOT_CLEAR])
def test_past_the_target_is_said_even_where_the_figure_hardly_moved(word):
    """A ratio of .06 that rose and fell to .03, the other group now getting more."""
    figure = replace(FIGURE, name="disparate_treatment", verdict=word, overshoot="past equal: a")
    card = card_of(figure)
    assert below(card).endswith(" · past the target")
    assert METRICS["disparate_treatment"].direction_in_words in card.note
