"""The stages side by side: which chips, which lines, which words."""

from __future__ import annotations

import numpy as np

from dashboard.charts.stage_flow import FlowItem, FlowStage, flow_alt, stage_flow
from dashboard.palette import SETTING

STAGES = (
    FlowStage("Retrieved", (FlowItem(4, "Four"), FlowItem(7, "Seven"), FlowItem(9, "Nine"))),
    FlowStage(
        "Ranked",
        (
            FlowItem(7, "Seven", rank_before=2, is_held_out=True),
            FlowItem(4, "<b>Four</b>", rank_before=1),
            FlowItem(5, "Five", rank_before=31, is_seen=True),
        ),
    ),
)


def chips(figure):
    return [trace for trace in figure.data if trace.type == "bar"]


def line(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


def test_each_stage_is_a_column_of_chips_that_know_their_item():
    figure = stage_flow("Lists", STAGES)
    assert [[row[0] for row in trace.customdata] for trace in chips(figure)] == [
        [4, 7, 9],
        [7, 4, 5],
    ]
    assert [set(trace.base) for trace in chips(figure)] == [{0.0}, {1.0}]


def test_a_line_joins_an_item_s_two_places():
    figure = stage_flow("Lists", STAGES)
    rises, falls = line(figure, "rises"), line(figure, "falls")
    assert (rises.y[0], rises.y[-2]) == (1, 0)
    assert (falls.y[0], falls.y[-2]) == (0, 1)
    assert np.isnan(rises.y[-1])
    assert np.isnan(line(figure, "stays").x).all()


def words(figure):
    return [text for trace in figure.data for text in (trace.text or ())]


def test_who_comes_from_below_says_how_far_and_who_has_a_line_does_not():
    said = words(stage_flow("Lists", STAGES))
    assert [text for text in said if text[0] in "▲▼="] == ["▲ 28"]


def test_an_item_from_nowhere_is_new():
    stages = (FlowStage("Ranked", ()), FlowStage("Re-ranked", (FlowItem(3, "Three"),)))
    assert "new" in words(stage_flow("Lists", stages))


def test_an_item_that_the_next_stage_does_not_show_is_pale():
    first, last = chips(stage_flow("Lists", STAGES))
    opacity = [float(colour.rstrip(")").split(",")[-1]) for colour in first.marker.color]
    assert opacity[0] == opacity[1] > opacity[2]
    assert len({colour.split(",")[-1] for colour in last.marker.color}) == 1


def test_the_chosen_item_is_framed_at_every_stage():
    figure = stage_flow("Lists", STAGES, chosen=7)
    framed = [list(trace.marker.line.color).index(SETTING) for trace in chips(figure)]
    assert framed == [1, 0]


def test_titles_are_text_and_a_held_out_item_has_a_star():
    said = words(stage_flow("Lists", STAGES))
    assert "2  &lt;b&gt;Four&lt;/b&gt;" in said
    assert [text for text in said if "★" in text] == ["1  Seven ★"]


def test_empty_lists_draw_an_empty_figure():
    assert chips(stage_flow("Lists", [FlowStage("Ranked", ())]))[0].customdata is not None


def test_the_chart_in_words():
    assert flow_alt("Lists", STAGES) == (
        "2 of 3 items of Ranked stand in Retrieved too; 1 is held out, which they did like. "
        "Lists: Retrieved: 1 Four, 2 Seven, 3 Nine; "
        "Ranked: 1 Seven (held out), 2 <b>Four</b>, 3 Five."
    )
