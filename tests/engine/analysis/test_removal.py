"""What each control does, by turning it off alone."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.removal import active_controls, removal_frame, remove_each
from engine.evaluation import evaluate_scenario
from engine.metrics.statistics.policy import holm
from engine.reranking import relevance_kept, rerank
from engine.scenario import NEUTRAL, Cap, Scenario

SCENARIO = Scenario(diversity=0.4, freshness=0.2, caps=(Cap("genre", None, 2, 5),))


@pytest.fixture(scope="module")
def removals(tiny_artifacts):
    return remove_each(tiny_artifacts, SCENARIO, evaluate_scenario(tiny_artifacts, SCENARIO))


def test_only_what_is_on_is_turned_off(tiny_artifacts, removals):
    assert active_controls(SCENARIO) == ("diversity", "freshness", "caps")
    assert [removal.name for removal in removals] == ["diversity", "freshness", "caps"]
    assert remove_each(tiny_artifacts, NEUTRAL, evaluate_scenario(tiny_artifacts, NEUTRAL)) == ()


def test_the_share_of_changed_lists_against_counting(tiny_artifacts, removals):
    now = rerank(tiny_artifacts, SCENARIO).items
    for removal in removals:
        without = rerank(tiny_artifacts, SCENARIO.without(removal.name)).items
        changed = sum(list(a) != list(b) for a, b in zip(now, without, strict=True))
        assert removal.changed == pytest.approx(changed / len(now))


def test_the_change_of_ndcg_is_without_less_with(tiny_artifacts, removals):
    now = evaluate_scenario(tiny_artifacts, SCENARIO).figures["ndcg"].value
    for removal in removals:
        off = evaluate_scenario(tiny_artifacts, SCENARIO.without(removal.name)).figures["ndcg"]
        assert removal.ndcg.difference == pytest.approx(off.value - now, abs=1e-6)


def test_effort_is_the_relevance_that_comes_back(tiny_artifacts, removals):
    kept = np.nanmean(relevance_kept(tiny_artifacts, rerank(tiny_artifacts, SCENARIO)))
    for removal in removals:
        lists = rerank(tiny_artifacts, SCENARIO.without(removal.name))
        back = np.nanmean(relevance_kept(tiny_artifacts, lists))
        assert removal.effort == pytest.approx(back - kept, abs=1e-6)


def test_caps_have_no_weight(removals):
    frame = removal_frame(removals).set_index("control")
    assert np.isnan(frame.loc["Caps", ["weight", "share"]].astype(float)).all()
    assert frame.loc["Diversity", "share"] == pytest.approx(100 * 0.4 / 1.6)
    assert frame["changed"].is_monotonic_decreasing


def test_the_rows_of_the_table_are_judged_as_one_family(removals):
    """Each row was corrected for six metrics that the table does not show, and for no other row."""
    p = np.array([removal.ndcg.p for removal in removals])
    assert [removal.ndcg.p_adjusted for removal in removals] == pytest.approx(holm(p))
    for removal in removals:
        low, high = removal.ndcg.difference_low, removal.ndcg.difference_high
        assert (low > 0 or high < 0) == removal.ndcg.verdict.is_clear
