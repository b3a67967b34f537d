"""Disparities in words: the right direction, the right doubt, silence where nothing is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.audit.finding import Finding, Span
from dashboard.audit.words import disparity_sentence, times
from dashboard.formats import SHARE
from engine.metrics.reference_disparity import Verdict

UNKNOWN = Span(np.nan, np.nan, np.nan)


def finding(verdict: Verdict, ratio: Span = UNKNOWN, difference: Span = UNKNOWN, **more) -> Finding:
    given_ = {
        "group": "women",
        "reference": "men",
        "n": 273,
        "n_undefined": 0,
        "value": Span(0.15, 0.14, 0.16),
        "reference_value": 0.18,
        "p_holm": 0.0004,
        "n_compared": 1,
        "higher_is_better": True,
    }
    return Finding(**{**given_, **more}, verdict=verdict, ratio=ratio, difference=difference)


def test_a_clear_disparity_reads_as_the_auditor_would_say_it():
    lower = finding(Verdict.LOWER, Span(1 / 1.18, 1 / 1.31, 1 / 1.07), Span(-0.03, -0.05, -0.01))
    assert disparity_sentence(lower, "NDCG@10") == (
        "women: NDCG@10 is 1.18 times lower than for men, 95 % interval 1.07 to 1.31, n = 273; "
        "clearly worse (p < 0.001)."
    )


def test_what_is_worse_turns_with_the_direction_of_the_metric():
    up = Span(0.03, 0.01, 0.05)
    ratio = Span(1.3, 1.26, 1.4)
    assert finding(Verdict.ABOVE_BAND, ratio, up).standing == "clearly better"
    falls = finding(Verdict.ABOVE_BAND, ratio, up, higher_is_better=False)
    assert falls.standing == "clearly worse"
    assert "clearly worse, beyond the band" in disparity_sentence(falls, "miscalibration")
    neither = finding(Verdict.ABOVE_BAND, ratio, up, higher_is_better=None)
    assert neither.standing == "not clear"
    assert "clearly above the band" in disparity_sentence(neither, "popularity")


def test_what_is_not_clear_is_not_called_worse():
    ratio, difference = Span(0.95, 0.83, 1.09), Span(-0.01, -0.03, 0.01)
    text = disparity_sentence(finding(Verdict.NOT_CLEAR, ratio, difference), "NDCG@10")
    assert "no clear difference" in text
    assert "1.20 times lower to 1.09 times higher" in text
    assert "worse" not in text


def test_a_verdict_lost_to_the_correction_says_so():
    ratio, difference = Span(0.9, 0.82, 0.99), Span(-0.02, -0.03, -0.001)
    one_of_many = finding(Verdict.NOT_CLEAR, ratio, difference, n_compared=20, p_holm=0.3)
    text = disparity_sentence(one_of_many, "NDCG@10")
    assert "no longer clear once 20 comparisons are corrected for" in text


def test_without_a_ratio_the_difference_is_said():
    text = disparity_sentence(
        finding(Verdict.LOWER, UNKNOWN, Span(-0.03, -0.05, -0.01)), "lift", SHARE
    )
    assert "3.0 pts lower than for men, 95 % interval 1.0 pts to 5.0 pts" in text


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (Verdict.SUPPRESSED, "women: not shown, 273 people with a value, 4 more without one."),
        (Verdict.REFERENCE, "women: the reference, NDCG 0.150, n = 273."),
        (Verdict.UNTESTABLE, "cannot be compared"),
    ],
)
def test_groups_without_a_comparison_say_why(verdict: Verdict, expected: str):
    text = disparity_sentence(finding(verdict, n_undefined=4), "NDCG")
    assert expected in text
    assert "times" not in text


@given(value=st.floats(0.1, 9), below=st.floats(0.01, 0.9), above=st.floats(0.01, 0.9))
def test_the_words_hold_the_numbers(value: float, below: float, above: float):
    """Reading the sentence back gives the ratio and its interval to two decimals."""
    span = Span(value, value * (1 - below), value * (1 + above))
    main, ends = times(span)
    size, _, direction = main.split()
    read = float(size) if direction == "higher" else 1 / float(size)
    assert read == pytest.approx(value, rel=0.06)
    if span.low <= 1 <= span.high:
        assert "lower to" in ends or span.low >= 0.995
    else:
        low, high = (float(end) for end in ends.split(" to "))
        assert low <= high + 1e-9
        assert low >= 0.99
