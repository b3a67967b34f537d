"""What is said of a gap and of a gain: the literal tests, and who may serve."""

from __future__ import annotations

import dataclasses
from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.metrics.statistics.verdict import Verdict, Word
from engine.pipeline.ranking.group_evidence import (
    best_clear,
    closed_by,
    estimate,
    gain_verdicts,
    gap_verdicts,
    visible_groups,
)
from engine.pipeline.ranking.group_rows import Estimate, Tried


def values(seed, n):
    return np.random.default_rng(seed).beta(0.6, 2.0, n)


@given(st.integers(0, 100), st.integers(2, 60))
def test_what_is_closed_has_welchs_interval(seed, n_mine):
    gain = values(seed, 80) - values(seed + 1, 80)
    is_mine = np.arange(80) < n_mine
    value, low, high = closed_by(gain, is_mine)
    assert value == pytest.approx(gain[is_mine].mean() - gain[~is_mine].mean())
    theirs = stats.ttest_ind(gain[is_mine], gain[~is_mine], equal_var=False)
    np.testing.assert_allclose((low, high), theirs.confidence_interval(0.95), rtol=1e-6, atol=1e-9)


def test_where_nobody_else_changes_what_is_closed_is_the_gain_with_its_paired_interval():
    gain = np.where(np.arange(90) < 40, values(3, 90) - 0.2, 0.0)
    theirs = stats.ttest_1samp(gain[:40], 0)
    value, *ends = closed_by(gain, np.arange(90) < 40)
    assert value == pytest.approx(gain[:40].mean())
    np.testing.assert_allclose(ends, theirs.confidence_interval(0.95))


def test_what_is_closed_is_undefined_for_one_person_and_exact_where_nothing_changes():
    assert all(isnan(one) for one in closed_by(np.zeros(9), np.arange(9) < 1))
    assert closed_by(np.zeros(9), np.arange(9) < 4) == (0.0, 0.0, 0.0)


def test_gains_are_judged_together_by_holm():
    before = [values(seed, 50) for seed in range(3)]
    gains = [0.02 + 0.1 * np.random.default_rng(seed).normal(size=50) for seed in range(3)]
    found = gain_verdicts(gains, before)
    p = np.array([stats.ttest_1samp(gain, 0).pvalue for gain in gains])
    order = np.argsort(p)
    stepped = np.maximum.accumulate(p[order] * np.array([3, 2, 1]))
    for place, at in enumerate(order):
        assert found[at].p == pytest.approx(p[at])
        assert found[at].p_adjusted == pytest.approx(min(stepped[place], 1))
        assert (
            found[at].is_clear
            == (stepped[place] < 0.05)
            == (not found[at].low <= 0 <= found[at].high)
        )


def test_few_people_who_change_are_too_few_to_tell_of():
    gain = np.zeros(60)
    gain[:3] = 0.9
    (found,) = gain_verdicts([gain], [values(1, 60)])
    assert found.word == Word.TOO_FEW_EVENTS
    assert isnan(found.low)
    assert found.value == pytest.approx(gain.mean())


def test_gaps_are_held_against_all_other_people_and_hidden_groups_are_not_held():
    ndcg, codes = values(5, 300), np.repeat([0, 1, 2], [150, 140, 10])
    ndcg[codes == 1] *= 0.2
    shown = visible_groups(codes, 3)
    assert shown.tolist() == [True, False, False]  # the smaller one would tell of the small one
    codes = np.repeat([0, 1, -1], [150, 140, 10])
    shown = visible_groups(codes, 2)
    found = gap_verdicts(ndcg, codes, shown)
    assert set(found) == {0, 1}
    for code, one in found.items():
        expected = ndcg[codes == code].mean() - ndcg[codes != code].mean()
        assert one.value == pytest.approx(expected)
    assert found[1].word == Word.WORSE
    assert found[1].high < 0


def test_people_dealt_at_random_are_seldom_called_served_worse():
    rng = np.random.default_rng(7)
    n_clear = 0
    for seed in range(60):
        codes = rng.integers(0, 5, 200)
        found = gap_verdicts(values(seed, 200), codes, visible_groups(codes, 5))
        n_clear += any(one.is_clear for one in found.values())
    assert n_clear <= 8  # of 60 at 5 %: 3 expected; more than 8 has a chance below 1 %


def told(word, value, ridge=30.0):
    return Tried(Estimate(0.2, 0.1, 50), Verdict(word, value), Estimate(0.5, 0.1, 50), ridge, 1.0)


def test_only_what_is_clearly_better_serves_and_of_two_the_larger_gain():
    better, nothing, worse = Word.BETTER, Word.NOT_CLEAR, Word.WORSE
    assert best_clear({}) == ""
    assert best_clear({"shrunk": told(nothing, 0.4), "separate": told(worse, -0.1)}) == ""
    assert best_clear({"shrunk": told(better, 0.1), "separate": told(nothing, 0.4)}) == "shrunk"
    assert best_clear({"shrunk": told(better, 0.1), "separate": told(better, 0.2)}) == "separate"
    assert best_clear({"shrunk": told(better, 0.2), "separate": told(better, 0.2)}) == "shrunk"
    assert best_clear({"shrunk": told(better, 0.2, ridge=inf)}) == ""  # it would add nothing


def test_an_estimate_leaves_out_what_is_undefined_and_counts_the_rest():
    found = estimate(np.array([0.2, np.nan, 0.4]))
    assert (found.value, found.n) == (pytest.approx(0.3), 2)
    assert dataclasses.astuple(estimate(np.array([np.nan])))[2] == 0
