"""One policy, one verdict: the word and the interval beside it come from one procedure."""

from __future__ import annotations

from math import isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.metrics.statistics.evidence import Evidence, student
from engine.metrics.statistics.policy import CORRECTIONS, Policy, benjamini_hochberg
from engine.metrics.statistics.verdict import Word, direction_word, judge


def evidence(value: float, error: float, n: int = 100, **more) -> Evidence:
    p, ends = student(value, error, n - 1)
    return Evidence(value, p, ends, n, **{"direction": "higher", "before": 0.5, **more})


@given(
    z=st.lists(st.floats(-6, 6), min_size=1, max_size=15),
    correction=st.sampled_from(sorted(CORRECTIONS)),
)
def test_no_clear_change_with_an_interval_of_3_to_15_cannot_be_said(z: list[float], correction):
    """The word is clear exactly where the interval beside it leaves 0 out."""
    found = judge([evidence(one * 0.1, 0.1) for one in z], Policy(correction=correction))
    for one in found:
        leaves_0_out = one.low > 0 or one.high < 0
        if abs(one.p_adjusted - 0.05) > 1e-9:
            assert one.is_clear == leaves_0_out
        assert one.confidence >= 0.95 - 1e-12


def test_one_difference_alone_has_the_plain_95_percent_interval():
    (one,) = judge([evidence(0.03, 0.01)])
    assert one.confidence == pytest.approx(0.95)
    assert (one.low, one.high) == pytest.approx(stats.t.interval(0.95, 99, 0.03, 0.01))
    assert one.p == pytest.approx(2 * stats.t.sf(3, 99))


def test_of_twelve_the_interval_of_the_smallest_p_is_bonferronis():
    found = judge([evidence(0.04, 0.01), *[evidence(0.001, 0.01)] * 11])
    assert found[0].confidence == pytest.approx(1 - 0.05 / 12)
    assert found[0].word is Word.BETTER
    assert {one.word for one in found[1:]} == {Word.NOT_CLEAR}


def test_gini_moved_by_2e_16_is_as_before_and_not_worse():
    p, ends = student(2e-16, 0.0, 31)
    (one,) = judge([Evidence(2e-16, p, ends, 943, direction="lower", before=0.7312)])
    assert one.word is Word.AS_BEFORE
    assert one.value == 0
    assert one.low <= 0 <= one.high


def test_undefined_says_what_is_undefined_and_why_instead_of_no_clear_change():
    p, ends = student(nan, nan, 31)
    (one,) = judge([Evidence(nan, p, ends, 943, reason="Undefined under this setting: empty.")])
    assert one.word is Word.UNDEFINED
    assert one.reason == "Undefined under this setting: empty."
    assert isnan(one.low)


def test_too_little_to_tell_is_said_and_takes_nothing_from_the_others():
    family = [evidence(0.025, 0.01), evidence(0.9, 0.1, n=19), evidence(0.9, 0.1, n_events=4)]
    found = judge(family)
    assert [str(one) for one in found] == ["better", "too few people", "too few events"]
    assert found[0].p_adjusted == found[0].p
    assert isnan(found[1].value)
    assert "4" not in found[1].reason
    assert "fewer than 20" in found[1].reason
    assert "Fewer than 5 of 100" in found[2].reason


@pytest.mark.parametrize(
    ("direction", "difference", "about", "word"),
    [
        ("higher", 0.1, {}, Word.BETTER),
        ("higher", -0.1, {}, Word.WORSE),
        ("lower", -0.1, {}, Word.BETTER),
        ("neither", -0.1, {}, Word.LOWER),
        ("neither", 0.1, {}, Word.HIGHER),
        ("target", 0.1, {"before": 0.3, "target": 0.5}, Word.NEARER),
        ("target", 0.5, {"before": 0.3, "target": 0.5}, Word.FURTHER),
        ("target", 0.1, {"before": 0.3}, Word.HIGHER),
        ("target", 0.4, {"before": 0.3, "target": 0.5}, Word.HIGHER),
    ],
)
def test_words_of_judgement_are_those_of_the_metrics_direction(direction, difference, about, word):
    assert direction_word(direction, difference, **about) is word


def test_everyone_changed_by_the_same_is_not_certainty_from_nothing():
    """p of the exact sign-flip test: the changes could all have gone the other way."""
    p, ends = student(0.1, 0.0, 19)
    assert p == pytest.approx(2 / 2**20)
    assert ends(0.05) == (0.1, 0.1)


def test_discoveries_are_adjusted_as_scipy_does_and_nan_is_no_test():
    p = np.random.default_rng(0).random(40) ** 2
    np.testing.assert_allclose(benjamini_hochberg(p), stats.false_discovery_control(p))
    np.testing.assert_allclose(
        benjamini_hochberg(np.array([0.01, np.nan, 0.04]))[[0, 2]], [0.02, 0.04]
    )


def test_the_policy_says_itself():
    assert "each comparison by itself" in Policy(correction="none").in_words(3)
    assert "Benjamini" in Policy(correction="fdr").in_words()
