"""Bars of values: what is liked is filled otherwise, and the words say the same."""

from __future__ import annotations

from dashboard.charts.histogram import histogram, histogram_alt
from dashboard.palette import BASELINE, HIGHLIGHT

LABELS, COUNTS = ["1", "2", "<b>3</b>", "4"], [5, 9, 2, 7]


def test_bars_from_the_threshold_on_are_marked():
    figure = histogram(
        LABELS, COUNTS, title="By value", x_title="value", y_title="rows", first=2, marked="liked"
    )
    bar = figure.data[0]
    assert list(bar.y) == COUNTS
    assert list(bar.marker.color) == [BASELINE, BASELINE, HIGHLIGHT, HIGHLIGHT]
    assert "&lt;b&gt;3" in str(bar.customdata[2][0])


def test_without_a_threshold_all_bars_are_alike():
    figure = histogram(LABELS, COUNTS, title="By value", x_title="value", y_title="rows")
    assert len(set(figure.data[0].marker.color)) == 1


def test_the_words_name_the_ends_and_the_top():
    said = histogram_alt(LABELS, COUNTS, "By value")
    assert "from 1 (5) to 4 (7)" in said
    assert "Most at 2: 9" in said
    assert histogram_alt([], [], "By value").startswith("No clear change: there is nothing to show")
