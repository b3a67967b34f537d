"""The question that stands under a chart's title: what a reader gets from looking at it."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.palette import TICKS
from dashboard.plain_text import as_plotly

__all__ = ["NoQuestionError", "ask", "check_question"]

LONGEST = 52
"""Characters that stand in a line of a chart a phone wide."""

QUESTION_BEGINS = f'<br><span style="font-size:12px;font-weight:400;color:{TICKS}">'
MARKS_BEGIN = f'<br><span style="font-size:11px;font-weight:400;color:{TICKS}">'
HALF_A_LINE = 9.5
"""Pixels: Plotly lifts a title by half a line for each line that follows."""

WIDE = "\u2003"
"""A wide space, between a question and the marks where there is no title."""


class NoQuestionError(AssertionError):
    """A card that does not say in a line what it answers."""


def ask(figure: go.Figure, question: str) -> None:
    """Write under a figure's title what it answers; again is as once.

    Title, question and marks are lines of one text then: Plotly leaves a line free above its
    subtitle, for which there would be no room. Without a title the question begins the marks' line.

    Example
    -------
    >>> figure = go.Figure(layout={"title": {"subtitle": {"text": "o before"}}})
    >>> ask(figure, "Who pays?")
    >>> figure.layout.title.subtitle.text.split(WIDE)
    ['Who pays?', 'o before']
    """
    heading, words = figure.layout.title, as_plotly(question)
    marks = heading.subtitle.text or ""
    if not heading.text:
        heading.subtitle.text = f"{words}{WIDE}{marks.removeprefix(f'{words}{WIDE}')}"
    elif QUESTION_BEGINS not in heading.text:
        below = f"{MARKS_BEGIN}{marks}</span>" if marks else ""
        heading.text += f"{QUESTION_BEGINS}{words}</span>{below}"
        heading.subtitle.text = ""
        heading.pad.t = HALF_A_LINE * heading.text.count("<br>")


def check_question(question: str) -> None:
    """See that a card asks one short question in plain words.

    Raises
    ------
    NoQuestionError
        It is no question, or longer than a line.

    Example
    -------
    >>> check_question("Who pays for it?")
    """
    is_one = question[:1].isupper() and question.endswith("?") and question.count("?") == 1
    if not is_one or len(question) > LONGEST:
        raise NoQuestionError(
            f"A card asks one question of at most {LONGEST} characters; got {question!r}."
        )
