"""Parts that add up: the drawn bars are the parts and the diamond is their sum."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.charts.part_bars import parts_alt, signed_bars, signed_bars_alt, stacked_parts
from engine.formats import signed

PARTS = np.array([[0.3, -0.1, 0.0], [-0.2, 0.05, 0.0]])
NAMES = ("Diversity", "Freshness", "Boost")


def drawn():
    return stacked_parts(
        "Why",
        ["<i>One</i>", "Two"],
        PARTS,
        names=NAMES,
        colours=("#000000", "#111111", "#222222"),
        x_title="Score",
        total_name="Sum",
    )


def test_bars_are_the_parts_and_the_diamond_their_sum():
    *bars, total = drawn().data
    assert [trace.name for trace in bars] == ["Diversity", "Freshness"]
    assert sum(np.asarray(trace.x) for trace in bars) == pytest.approx(total.x)
    assert total.x == pytest.approx([0.3 - 0.1, -0.2 + 0.05])


def test_zero_is_in_the_middle_and_every_bar_within():
    low, high = drawn().layout.xaxis.range
    assert low == -high
    assert high >= 0.3


def test_labels_are_text():
    assert drawn().layout.yaxis.ticktext[0] == "&lt;i&gt;One&lt;/i&gt;"


def test_nothing_to_show_still_draws():
    figure = stacked_parts(
        "Why", [], np.zeros((0, 1)), names=["A"], colours=["#000000"], x_title="", total_name="Sum"
    )
    assert figure.layout.xaxis.range == (-1.0, 1.0)


def test_signed_bars_write_their_values():
    figure = signed_bars("Why", ["Taste", "Year"], np.array([0.25, -0.5]), x_title="Score")
    assert list(figure.data[-1].text) == ["+0.25", "−0.50"]


def test_signed_bars_end_with_their_sum_and_no_word_lies_on_a_bar():
    values = np.array([0.25, -0.5, 0.1])
    figure = signed_bars("Why", ["A", "B", "C"], values, x_title="Score", total="= all")
    bars, _, labels, written = figure.data
    assert bars.x[-1] == pytest.approx(0.25 - 0.5 + 0.1)
    assert (labels.text[-1], written.text[-1]) == ("= all", "−0.15")
    tops, bottoms = np.asarray(bars.y) - bars.width / 2, np.asarray(bars.y) + bars.width / 2
    for words in (labels, written):
        assert (np.asarray(words.y) < tops).all()
        assert (np.asarray(words.y)[1:] > bottoms[:-1]).all()


def test_the_charts_in_words():
    one = signed_bars_alt("Why", ["Taste"], np.array([0.25]))
    assert one == "Strongest: Taste +0.25. Why: Taste +0.25."
    both = signed_bars_alt("Why", ["Taste", "Year"], np.array([0.25, -0.5]), "= all")
    assert both == "Strongest: Year −0.50; all −0.25. Why: Taste +0.25; Year −0.50; all −0.25."
    assert parts_alt("Why", ["One", "None"], np.array([PARTS[0], [0, 0, 0]]), NAMES) == (
        "Largest: One: +0.200 (Diversity +0.300, Freshness −0.100). "
        f"Why: One: +0.200 (Diversity +0.300, Freshness −0.100); None: {signed(0.0)} (nothing)."
    )
