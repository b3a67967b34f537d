"""Each chart asks a question under its title, in the room that its title has."""

from __future__ import annotations

import inspect
from dataclasses import fields

import numpy as np
import pytest

from dashboard.charts.canvas import axis, canvas, key_line
from dashboard.charts.question import LONGEST, NoQuestionError, ask, check_question
from dashboard.charts.shares import Shares, share_bars
from dashboard.panels import Drawing, chart


def test_a_card_without_a_question_is_none():
    """The field has no default, neither of the record nor of what draws it."""
    assert "question" in {field.name for field in fields(Drawing)}
    assert inspect.signature(chart).parameters["question"].default is inspect.Parameter.empty
    with pytest.raises(TypeError, match="question"):
        Drawing("key", canvas("", axis("x"), axis("y")), "alt")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "question",
    ["", "Who pays", "who pays?", "Who pays? And when?", "W" * LONGEST + "?"],
)
def test_what_is_no_short_question_is_refused(question):
    with pytest.raises(NoQuestionError, match="one question"):
        check_question(question)


def test_title_question_and_marks_are_three_lines_in_this_order_once():
    series = [Shares("before", np.array([0.5]), "#111111")]
    figure = share_bars("Exposure", ("all",), series, x_title="share", height=200)
    marks = figure.layout.title.subtitle.text
    assert marks
    for _ in range(2):
        ask(figure, "Is it <b>seen</b>?")
        lines = figure.layout.title.text.split("<br>")
        assert len(lines) == 3
        assert lines[0] == "Exposure"
        assert "&lt;b&gt;seen" in lines[1]
        assert marks in lines[2]
        assert not figure.layout.title.subtitle.text


def test_without_a_title_the_question_stands_before_the_marks_once():
    figure = canvas("", axis("x"), axis("y"), marks=key_line(("o", "before", "#111111")))
    for _ in range(2):
        ask(figure, "What does it cost?")
        said = figure.layout.title.subtitle.text
        assert said.startswith("What does it cost?")
        assert said.count("cost") == 1
        assert said.endswith("</span> before")
    assert not figure.layout.title.text
