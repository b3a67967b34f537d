"""The cards: one record, judged as one family; words that agree with their figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard.metric_cards import change_in_words
from dashboard.tune.group_panel import (
    IN_THEIR_ORDER,
    _with_small_ones_together,
    chance_in_words,
    group_drawing,
    group_frame,
)
from dashboard.tune.headline import (
    CARDS,
    GAP,
    WORST,
    _worst_card,
    each_group_in_words,
    headline_cards,
)
from dashboard.tune.tables import figure_frame
from dashboard.tune.view import View
from engine.evaluation import evaluate, evaluate_scenario
from engine.formats import PLAIN, number
from engine.headline import headline_of
from engine.metrics.group_gap import group_gap
from engine.metrics.registry import HEADLINE, METRICS
from engine.metrics.statistics.disclosure import hidden_groups
from engine.metrics.statistics.policy import POLICY, holm
from engine.scenario import Cap, Scenario
from tests.engine.metrics.given_values import with_values

SCENARIOS = (
    Scenario(),
    Scenario(diversity=0.6),
    Scenario(item_fairness=1.0),
    Scenario(freshness=0.3, calibration=0.4),
    Scenario(popularity_penalty=0.05),
    Scenario(diversity=0.05),
    Scenario(caps=(Cap("genre", at_most=2, top=10),)),
)


@pytest.fixture(scope="module", params=range(len(SCENARIOS)))
def found(request, tiny_artifacts):
    return evaluate_scenario(tiny_artifacts, SCENARIOS[request.param])


def view_of(artifacts, evaluation):
    scenario = evaluation.scenario or Scenario()
    return View(artifacts, scenario, evaluation, 0.0, ((scenario, evaluation.figures),))


def test_the_metrics_judged_together_are_those_with_a_card():
    """The family held Gini, which has no card, and lacked recall, which has one."""
    names = [name for cards in CARDS.values() for name in cards]
    assert set(names) == {*HEADLINE, WORST, GAP}
    assert len(names) == len(set(names))


def test_every_card_is_corrected_for_every_card(tiny_artifacts):
    found = evaluate_scenario(tiny_artifacts, SCENARIOS[1])
    headline = headline_of(found, "gender")
    shown = [*headline.figures.values(), headline.worst_figure, headline.gap_figure]
    assert headline.n_judged == len(shown) == sum(map(len, CARDS.values()))
    p = np.array([figure.p for figure in shown])
    assert np.isfinite(p).sum() >= 6  # a metric with too few events has none
    assert [figure.p_adjusted for figure in shown] == pytest.approx(holm(p), nan_ok=True)


def test_verdict_and_interval_never_disagree_for_any_metric(found):
    """One was corrected, the other was not: "no clear change (+9, 95 % interval 3 to 15)"."""
    headline = headline_of(found, "age band")
    figures = [*found.figures.values(), *headline.figures.values()]
    for figure in [*figures, headline.worst_figure, headline.gap_figure]:
        leaves_zero_out = figure.difference_low > 0 or figure.difference_high < 0
        assert leaves_zero_out == figure.verdict.is_clear, figure
        if figure.verdict.is_clear:
            assert figure.p_adjusted < 0.05
            assert figure.difference_low <= figure.difference <= figure.difference_high
    frame = group_frame(found.groups("gender"), "ndcg")
    for row in frame.itertuples():
        assert (row.change_low > 0 or row.change_high < 0) == row.is_clear


def test_the_neutral_setting_is_as_before_on_every_card(tiny_artifacts):
    found = evaluate_scenario(tiny_artifacts, Scenario())
    for _, cards in headline_cards(headline_of(found, "gender"), 10, "gender"):
        assert [change_in_words(card) for card in cards] == ["as before", "as before"]


def test_a_change_within_rounding_is_none(tiny_artifacts):
    """A Gini moved by 2e-16 was "worse", with p = 0; so is any metric of single precision."""
    same = evaluate_scenario(tiny_artifacts, Scenario())
    shaken = same.measured.values * np.float32(1 + 1.2e-7)
    base = same.baseline
    moved = evaluate(same.audience, same.lists, with_values(base, shaken.astype(np.float32)))
    for name, figure in moved.figures.items():
        if name not in ("overlap", "rbo") and figure.n:
            assert figure.verdict == "as before", name
            assert figure.difference == 0, name


def test_the_worst_group_card_says_that_it_is_chosen_and_names_every_clear_change(tiny_artifacts):
    found = evaluate_scenario(tiny_artifacts, Scenario(item_fairness=1.0))
    cards = dict(headline_cards(headline_of(found, "gender"), 10, "gender"))
    worst, gap = cards["Fairness, by gender"]
    assert "allows for the choice among 2 groups" in worst.note
    assert "these people, with these lists" in gap.note
    headline = headline_of(found, "gender")
    said = each_group_in_words(headline.groups.labels, headline.each)
    for label, verdict in zip(headline.groups.labels, headline.each, strict=True):
        assert (label in said) == verdict.is_clear


def test_the_table_to_take_along_has_the_verdicts_of_the_cards(tiny_artifacts):
    found = evaluate_scenario(tiny_artifacts, Scenario(diversity=0.6))
    frame = figure_frame(view_of(tiny_artifacts, found), "gender").set_index("name")
    headline = headline_of(found, "gender")
    assert set(METRICS) < set(frame.index)
    assert (frame["family"] == "headline").sum() == headline.n_judged
    for name, figure in headline.figures.items():
        known = pytest.approx(figure.p_adjusted, abs=0, nan_ok=True)
        assert frame.loc[name, "p_adjusted"] == known
        assert frame.loc[name, "verdict"] == figure.verdict


def test_that_several_groups_are_equally_low_is_said(tiny_artifacts):
    found = evaluate_scenario(tiny_artifacts, SCENARIOS[0])
    headline = headline_of(found, "gender")
    assert headline.n_worst == 1
    assert "equally low" not in _worst_card(headline, 10).note
    note = _worst_card(replace(headline, n_worst=3), 10).note
    assert "3 groups stand equally low: it is the one with most people" in note


def test_what_chance_makes_of_a_gap_stands_beside_the_groups(tiny_artifacts):
    found = evaluate_scenario(tiny_artifacts, Scenario())
    groups = found.groups("gender")
    gap = group_gap(groups.now, groups.before, groups.change, "ndcg")
    _, said = group_drawing(view_of(tiny_artifacts, found), "gender", "ndcg")
    assert f"up to {number(gap.chance)}" in said
    within, wide = replace(gap, value=0.1, chance=0.2), replace(gap, value=0.3, chance=0.2)
    assert "within what chance makes" in chance_in_words(within, PLAIN)
    assert "wider than chance makes it" in chance_in_words(wide, PLAIN)
    assert not chance_in_words(None, PLAIN)


def test_small_groups_are_one_row_and_no_output_has_their_figures(tiny_artifacts):
    """A gift shop's 37 countries of one customer each filled the chart, each with its own n."""
    groups = evaluate_scenario(tiny_artifacts, SCENARIOS[1]).groups("age band", "gender")
    frame = group_frame(groups, "ndcg")
    is_small = frame["group"].str.contains("small group")
    assert is_small.sum() == 1
    assert (frame.loc[~is_small, "n"] >= POLICY.least_n).all()
    assert frame.loc[is_small, ["before", "after", "change"]].isna().all(axis=None)
    n = groups.now.n_defined[:, groups.now.column("ndcg")]
    assert frame["n"].sum() == n.sum()
    table = groups.frame().loc["ndcg"]
    hidden = hidden_groups(n, POLICY.least_n)
    assert table.loc[hidden, ["value", "change", "before", "low"]].isna().all(axis=None)
    assert (table.loc[hidden, "n"] == 0).all()
    assert table.loc[~hidden, "value"].notna().all()


def test_many_groups_are_shown_worst_first_and_small_ones_last():
    n_groups = IN_THEIR_ORDER + 4
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "group": [f"Country {n}" for n in range(n_groups)],
            "n": [1, 3, *rng.integers(20, 90, n_groups - 2)],
            "before": rng.integers(0, 4, n_groups) / 10,
        }
    )
    made = _with_small_ones_together(frame, frame["n"].to_numpy() < 20, METRICS["ndcg"])
    shown = made.iloc[:-1]
    assert made["group"].iloc[-1] == "2 small groups"
    assert made["n"].iloc[-1] == 4
    assert shown["before"].is_monotonic_increasing
    assert shown.groupby("before")["n"].apply(lambda one: one.is_monotonic_decreasing).all()
    few = frame.iloc[2:8]
    same = _with_small_ones_together(few, few["n"].to_numpy() < 20, METRICS["ndcg"])
    assert list(same["group"]) == list(few["group"])
