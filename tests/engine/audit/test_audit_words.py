"""Disparities in words: the right direction, the right doubt, silence where nothing is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.audit.finding import Finding, Span
from engine.audit.words import disparity_sentence, times
from engine.formats import SHARE
from engine.metrics.statistics.verdict import Verdict, Word

UNKNOWN = Span(np.nan, np.nan, np.nan)


def verdict(word: Word, p: float = 0.0004) -> Verdict:
    return Verdict(word, -0.03, -0.05, -0.01, 0.95, p, p, reason="Because.")


def finding(
    word: Word, ratio: Span = UNKNOWN, difference: Span = UNKNOWN, p: float = 0.0004, **more
) -> Finding:
    given_ = {
        "group": "women",
        "reference": "men",
        "n": 273,
        "n_undefined": 0,
        "value": Span(0.15, 0.14, 0.16),
        "reference_value": 0.18,
        "n_compared": 1,
    }
    is_judged = word not in (Word.TOO_FEW_EVENTS, Word.TOO_FEW_PEOPLE, Word.UNDEFINED)
    judged = verdict(word, p if is_judged else np.nan)
    return Finding(**{**given_, **more}, verdict=judged, ratio=ratio, difference=difference)


def test_a_clear_disparity_reads_as_the_auditor_would_say_it():
    lower = finding(Word.WORSE, Span(1 / 1.18, 1 / 1.31, 1 / 1.07), Span(-0.03, -0.05, -0.01))
    assert disparity_sentence(lower, "NDCG@10") == (
        "women: NDCG@10 is 15 % lower (−0.030) than for men, 95 % interval 7 to 24 % lower, "
        "n = 273; clearly worse (p < 0.001)."
    )


def test_words_are_those_of_the_verdict_and_the_band_is_said():
    up, ratio = Span(0.03, 0.01, 0.05), Span(1.3, 1.26, 1.4)
    assert finding(Word.BETTER, ratio, up).standing == "clearly better"
    worse = finding(Word.WORSE, ratio, up, is_beyond=True)
    assert "clearly worse, beyond the band" in disparity_sentence(worse, "miscalibration")
    assert "clearly higher" in disparity_sentence(finding(Word.HIGHER, ratio, up), "popularity")


def test_what_is_not_clear_is_not_called_worse():
    ratio, difference = Span(0.95, 0.83, 1.09), Span(-0.01, -0.03, 0.01)
    text = disparity_sentence(finding(Word.NOT_CLEAR, ratio, difference, p=0.4), "NDCG@10")
    assert "no clear difference" in text
    assert "17 % lower to 9 % higher" in text
    assert "worse" not in text


def test_the_interval_of_a_corrected_verdict_says_its_confidence():
    one = finding(Word.NOT_CLEAR, Span(0.9, 0.8, 1.02), Span(-0.02, -0.05, 0.01), p=0.3)
    wide = replace(one, verdict=replace(one.verdict, confidence=1 - 0.05 / 20))
    assert "99.8 % interval" in disparity_sentence(wide, "NDCG@10")


def test_without_a_ratio_the_difference_is_said():
    text = disparity_sentence(
        finding(Word.WORSE, UNKNOWN, Span(-0.03, -0.05, -0.01)), "lift", SHARE
    )
    assert "3.0 pts lower than for men, 95 % interval 1.0 pts to 5.0 pts" in text


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (
            {"word": Word.TOO_FEW_PEOPLE, "is_hidden": True},
            "women: not shown; too few people have a value.",
        ),
        ({"word": Word.UNDEFINED, "is_hidden": True}, "a smaller group could be worked out"),
        ({"word": Word.UNDEFINED, "is_reference": True}, "women: the reference, NDCG 0.150"),
        ({"word": Word.UNDEFINED}, "cannot be compared. Because."),
        ({"word": Word.TOO_FEW_EVENTS}, "women: NDCG 0.150, n = 273; too few events. Because."),
        ({"word": Word.AS_BEFORE}, "no difference from men"),
    ],
)
def test_groups_without_a_comparison_say_why(given_: dict, expected: str):
    text = disparity_sentence(finding(**given_, n_undefined=4), "NDCG")
    assert expected in text
    assert "times" not in text


@given(value=st.floats(0.1, 9), below=st.floats(0.01, 0.9), above=st.floats(0.01, 0.9))
@settings(deadline=None)
def test_the_words_hold_the_numbers(value: float, below: float, above: float):
    """Reading the sentence back gives the ratio and its interval to the percent."""
    span = Span(value, value * (1 - below), value * (1 + above))
    main, ends = times(span)

    def ratio(size: str, direction: str) -> float:
        share = float(size.replace(",", "")) / 100
        return 1 - share if direction == "lower" else 1 + share

    size, _, direction = main.split()
    assert ratio(size, direction) == pytest.approx(value, abs=0.006)
    if span.low <= 1 <= span.high:
        first, last = (ratio(one.split()[0], one.split()[2]) for one in ends.split(" to "))
        assert (first, last) == pytest.approx((span.low, span.high), abs=0.006)
    else:
        near, far, _, way = ends.replace("to ", "").split()
        read = sorted((ratio(near, way), ratio(far, way)))
        assert read == pytest.approx([span.low, span.high], abs=0.006)
        assert float(near) <= float(far.replace(",", ""))


def test_what_is_hardly_apart_is_not_said_to_be_0_percent():
    assert times(Span(1.002, 0.9, 1.1))[0] == "0.2 % higher"
    assert times(Span(0.95, 0.9, 1.001))[1] == "10 % lower to 0.1 % higher"
