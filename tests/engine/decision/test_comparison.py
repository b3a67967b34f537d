"""Scenarios side by side: figures, tests as one family, equivalence, guardrails, overlap."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.decision.answers import Answer, together
from engine.decision.comparison import compare_scenarios, names_of
from engine.decision.overlap import overlap_frame, overlap_of
from engine.decision.settings import DecisionSettings
from engine.decision.winners import winners_frame
from engine.errors import ScenarioError
from engine.evaluation import evaluate_scenario
from engine.metrics.registry import METRICS
from engine.metrics.statistics.policy import holm
from engine.scenario import Scenario
from tests.engine.metrics.random_service import random_artifacts

SHOWN = ("ndcg", "ild", "coverage", "aplt")
SCENARIOS = [
    Scenario(name="a little", diversity=0.05),
    Scenario(name="much", diversity=1.0, popularity_penalty=0.5),
    Scenario(name="fresh", freshness=0.3),
]


@pytest.fixture(scope="module")
def artifacts():
    return random_artifacts(400, seed=3)


@pytest.fixture(scope="module")
def attribute(artifacts):
    return next(iter(artifacts.attributes))


@pytest.fixture(scope="module")
def found(artifacts, attribute):
    limits = ("ndcg loss <= 5%", f"ndcg loss <= 90% for every {attribute}", "top_item_share <= 99%")
    settings = DecisionSettings(SHOWN, limits, attribute=attribute)
    return compare_scenarios(artifacts, SCENARIOS, settings=settings)


def test_figures_are_those_of_an_evaluation_and_verdicts_are_corrected_over_all_shown(
    artifacts, found
):
    raw = []
    for scenario, rival in zip(SCENARIOS, found.rivals, strict=True):
        alone = evaluate_scenario(artifacts, replace(scenario, name=""))
        for name in SHOWN:
            one, other = rival.figures[name], alone.figures[name]
            assert (one.value, one.low, one.high, one.n) == (
                other.value, other.low, other.high, other.n
            )  # fmt: skip
            np.testing.assert_equal(one.p, other.p)
            raw.append(one.p)
    adjusted = [rival.figures[name].p_adjusted for rival in found.rivals for name in SHOWN]
    np.testing.assert_allclose(adjusted, holm(np.array(raw)))
    assert found.n_judged == 12
    n_defined = int((~np.isnan(raw)).sum())
    clear = sum(one < 0.05 for one in adjusted)
    wanted = 1 - 0.05 / (n_defined - max(clear, 1) + 1)
    assert found.rivals[0].figures["ndcg"].confidence == pytest.approx(wanted)


def literal_bound(side, level):
    """Lower end of a one-sided interval of a mean, from the textbook."""
    side = side[~np.isnan(side)]
    return stats.ttest_1samp(side, 0, alternative="greater").confidence_interval(level).low


@pytest.mark.parametrize("margin", [0.001, 0.01, 0.1, 0.5])
def test_equivalence_is_two_one_sided_tests_and_not_worse_is_one(artifacts, margin):
    settings = DecisionSettings(("ndcg", "ild"), (), margin=margin)
    compared = compare_scenarios(artifacts, SCENARIOS, settings=settings)
    level = 1 - 0.05 / 6
    for rival in compared.rivals:
        now, old = (
            side.column("ndcg").astype(float)
            for side in (rival.evaluation.measured, rival.evaluation.baseline)
        )
        one = rival.equivalence["ndcg"]
        low = literal_bound(now - (1 - margin) * old, level)
        high = literal_bound((1 - margin) * old - now, level)
        wanted = Answer.PASS if low >= 0 else Answer.FAIL if high > 0 else Answer.OPEN
        assert (one.answer, one.is_one_sided) == (wanted, True)
        now, old = (
            side.column("ild").astype(float)
            for side in (rival.evaluation.measured, rival.evaluation.baseline)
        )
        lows = [
            literal_bound(now - (1 - margin) * old, level),
            literal_bound((1 + margin) * old - now, level),
        ]
        highs = [
            literal_bound((1 - margin) * old - now, level),
            literal_bound(now - (1 + margin) * old, level),
        ]
        wanted = Answer.PASS if min(lows) >= 0 else Answer.FAIL if max(highs) > 0 else Answer.OPEN
        assert (rival.equivalence["ild"].answer, rival.equivalence["ild"].is_one_sided) == (
            wanted, False
        )  # fmt: skip


def test_a_scenario_that_changes_nothing_is_shown_to_be_as_good(artifacts):
    same = compare_scenarios(artifacts, [Scenario()], settings=DecisionSettings(SHOWN))
    (rival,) = same.rivals
    assert {one.words for one in rival.equivalence.values()} == {
        "at most 1 % worse: shown", "within 1 %: shown"
    }  # fmt: skip
    assert rival.guardrails[0].answer is Answer.PASS
    assert "0.00 % lost" in rival.guardrails[0].sentence


def test_the_people_said_to_be_needed_would_show_it_four_times_in_five(artifacts):
    """The number is that of the power formula, from the same mean and spread."""
    settings = DecisionSettings(("ndcg",), ("ndcg loss <= 20%",), margin=0.2)
    rival = compare_scenarios(artifacts, [Scenario(diversity=0.6)], settings=settings).rivals[0]
    now, old = (
        side.column("ndcg").astype(float)
        for side in (rival.evaluation.measured, rival.evaluation.baseline)
    )
    side = now - 0.8 * old
    side = side[~np.isnan(side)]
    z = stats.norm.ppf(0.95) + stats.norm.ppf(0.8)
    needed = artifacts.n_users * (z * side.std(ddof=1) / np.sqrt(len(side)) / side.mean()) ** 2
    for told in (rival.guardrails[0], rival.equivalence["ndcg"]):
        if told.answer is Answer.OPEN and side.mean() > 0:
            assert needed <= told.needed <= 1.1 * needed + 1
        else:
            assert told.needed is None


def test_guardrails_pass_only_with_their_whole_interval_on_the_right_side(found):
    for rival in found.rivals:
        for one in rival.guardrails:
            assert one.margin_low <= one.margin <= one.margin_high
            if one.answer is Answer.PASS:
                assert one.margin_low >= -1e-9
            elif one.answer is Answer.FAIL:
                assert one.margin_high < 0
            else:
                assert one.margin_low < 0 <= one.margin_high + 1e-9
        assert rival.answer is together([one.answer for one in rival.guardrails])
    assert {one.answer for one in found.rivals[1].guardrails} > {Answer.PASS}


def test_a_baseline_other_than_neutral_is_what_changes_are_taken_from(artifacts):
    settings = DecisionSettings(SHOWN)
    old, new = SCENARIOS[:2]
    turned = compare_scenarios(artifacts, [old], baseline=new, settings=settings).rivals[0]
    straight = compare_scenarios(artifacts, [new], baseline=old, settings=settings).rivals[0]
    for name in SHOWN:
        assert turned.figures[name].difference == pytest.approx(-straight.figures[name].difference)
        assert turned.figures[name].before == pytest.approx(straight.figures[name].value)


def test_lists_of_different_lengths_are_said(artifacts):
    scenarios = [Scenario(k=5), Scenario(k=10)]
    notes = compare_scenarios(artifacts, scenarios, settings=DecisionSettings(SHOWN)).notes
    assert "different lengths (5, 10)" in notes[0]


def test_more_than_four_and_none_are_refused(artifacts):
    for scenarios in ([], [Scenario()] * 5):
        with pytest.raises(ScenarioError, match="One to 4 scenarios can be compared"):
            compare_scenarios(artifacts, scenarios)


@pytest.mark.parametrize(
    "wrong",
    [
        {"metrics": []}, {"metrics": ["ndcg", "ndcg"]}, {"metrics": ["nothing"]},
        {"guardrails": ["be good"]}, {"guardrails": ["aplt >= 9%", "aplt <= 5%"]},
        {"margin": 0}, {"margin": True}, {"level": 1}, {"correction": "none"}, {"new": 1},
        {"measured_with": {"attention": "none"}}, {"guardrails": "ndcg loss <= 1%"}, [], None,
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_one_sentence(wrong):
    with pytest.raises(ScenarioError) as told:
        DecisionSettings.from_dict(wrong)
    assert "\n" not in str(told.value)


def test_settings_come_back_from_their_file(attribute):
    settings = DecisionSettings(SHOWN, ("ndcg loss <= 2%",), 0.02, attribute, 0.1)
    assert DecisionSettings.from_json(settings.to_json()) == settings
    assert DecisionSettings.from_json("{}") == DecisionSettings()


def test_an_attribute_or_a_group_that_these_data_lack_is_refused(artifacts):
    for settings in (
        DecisionSettings(attribute="shoe size"),
        DecisionSettings(guardrails=("ndcg loss <= 1% for every shoe size",)),
    ):
        with pytest.raises(ScenarioError, match="No attribute is named 'shoe size'"):
            compare_scenarios(artifacts, [Scenario()], settings=settings)


lists = st.lists(st.permutations(range(8)), min_size=1, max_size=6)


@given(lists, lists, st.integers(1, 5), st.integers(1, 5), st.integers(0, 3))
def test_overlap_is_that_of_sets(one, other, k, other_k, n_padded):
    n = min(len(one), len(other))
    a = np.array([row[:k] for row in one[:n]], np.int32)
    b = np.array([row[:other_k] for row in other[:n]], np.int32)
    a[0, max(0, k - n_padded) :] = -1
    sets = [(set(x) - {-1}, set(y) - {-1}) for x, y in zip(a.tolist(), b.tolist(), strict=True)]
    found = overlap_of(a, b)
    assert found.shared == pytest.approx(np.mean([len(x & y) for x, y in sets]))
    assert found.same_items == pytest.approx(np.mean([x == y for x, y in sets]))
    shown = [
        ([i for i in x if i >= 0], [i for i in y if i >= 0])
        for x, y in zip(a.tolist(), b.tolist(), strict=True)
    ]
    assert found.same_lists == pytest.approx(np.mean([x == y for x, y in shown]))
    np.testing.assert_equal(vars(overlap_of(b, a)), vars(found))


def test_overlap_of_nobody_is_undefined_and_of_each_pair_is_a_row():
    assert np.isnan(overlap_of(np.empty((0, 3), np.int32), np.empty((0, 3), np.int32)).shared)
    rows = overlap_frame(["A", "B", "C"], [np.array([[1, 2]], np.int32)] * 3)
    assert list(zip(rows["scenario"], rows["and"], strict=True)) == [
        ("A", "B"), ("A", "C"), ("B", "C")
    ]  # fmt: skip


def test_winners_and_losers_of_the_groups_add_up_to_everybody_and_turn_with_the_pair(
    found, attribute
):
    one, other = (rival.evaluation.measured for rival in found.rivals[:2])
    audience = found.rivals[0].evaluation.audience
    there = winners_frame(audience, one, other, METRICS["ndcg"], attribute)
    back = winners_frame(audience, other, one, METRICS["ndcg"], attribute)
    np.testing.assert_allclose(there["better"], back["worse"])
    np.testing.assert_allclose(there["same"], back["same"])
    groups = there.iloc[1:]
    if groups["n"].sum() == there["n"].iloc[0]:  # no group hidden
        assert (groups["better"] * groups["n"]).sum() == pytest.approx(
            there["better"].iloc[0] * there["n"].iloc[0]
        )
    alone = winners_frame(audience, one, other, METRICS["ndcg"], "")
    assert list(alone["group"]) == ["everybody"]


def test_every_name_of_a_comparison_is_its_own():
    same = [Scenario(name="A")] * 3
    assert names_of(same) == ["A", "A (2)", "A (3)"]
    assert str(Answer.OPEN) == "cannot tell"


def test_the_tables_have_a_row_for_all_that_was_judged(found):
    assert len(found.frame()) == found.n_judged
    guarded = found.guardrail_frame()
    assert len(guarded) == sum(len(rival.guardrails) for rival in found.rivals)
    assert set(guarded["answer"]) <= {str(one) for one in Answer}
