"""How charts and tables are put on a page: alike everywhere, with a text alternative."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from dashboard.charts.canvas import config
from dashboard.charts.figure_check import CHECKED, check_figure
from dashboard.charts.question import ask, check_question
from dashboard.glossary_link import with_glossary
from dashboard.written_table import as_written
from engine.formats import MISSING

__all__ = ["Drawing", "chart", "first_of", "opens", "reading", "table"]

ROW_HEIGHT, HEADER_HEIGHT = 28, 33


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure and what it says in words, made before anything is sent to the page.

    What a move changes is all made first and then drawn in one go: the browser then paints it in
    one or two frames instead of one for every piece.
    """

    key: str
    figure: go.Figure
    alt: str
    question: str

    def draw(self) -> None:
        """Draw it here."""
        chart(self.figure, key=self.key, alt=self.alt, question=self.question)


def chart(
    figure: go.Figure,
    *,
    key: str,
    alt: str,
    question: str,
    on_click: Callable[[], None] | None = None,
) -> None:
    """Draw a figure; ``key`` names the picture that its button saves, ``alt`` says it in words.

    Parameters
    ----------
    figure : Figure
    key, alt : str
    question : str
        What the figure answers, in plain words; it stands under the title, and is read out.
    on_click : callable, optional
        Called after a click on a mark; ``st.session_state[key]`` then holds the mark.
    """
    ask(figure, question)
    if CHECKED:
        check_question(question)
        check_figure(figure)
    width = _width(figure)
    with st.container(key=f"{width}_{key}") if width else nullcontext():
        st.plotly_chart(
            figure,
            width="stretch",
            key=key,
            config=config(key),
            alt=f"{alt} Question: {question}",
            on_select=on_click or "ignore",
            selection_mode="points",
        )


def reading(text: str, line: str = "") -> None:
    """Draw how something is read, folded: a short line, whose "?" holds the rest.

    Parameters
    ----------
    text : str
        What the marks, the figures and their intervals mean; in markdown.
    line : str
        What has to be in view, as who was counted; in markdown, without a full stop.
    """
    st.caption(line or "How to read", help=with_glossary(text))


MANY = 5
"""Panels side by side that need more width than a small window leaves beside the sidebar."""


def _width(figure: go.Figure) -> Literal["", "wide", "wider"]:
    """Whether panels stand side by side, and need a width that a narrow window has not (theme.css).

    The chart keeps that width then, and scrolls in its box.
    """
    n = len({tuple(axis.domain or (0, 1)) for axis in figure.select_xaxes()})
    return "" if n < 2 else "wide" if n < MANY else "wider"


def table(
    frame: pd.DataFrame,
    *,
    key: str,
    alt: str,
    columns: Mapping[str, Any] | None = None,
    rows_shown: int | None = None,
    on_row: Callable[[], None] | None = None,
    words: Mapping[str, Sequence[str]] | None = None,
    keeps_names: bool = False,
) -> None:
    """Draw a table of plain text and numbers; ``columns`` are Streamlit column settings.

    ``alt`` is what the table is called where it is read out. ``on_row`` is called after a row was
    chosen; ``st.session_state[key]`` then holds which. ``words`` are what a column of numbers shows
    in their place, a text a row: it sorts by the numbers. ``keeps_names`` leaves headings that come
    from data as they are.
    """
    shown, settings = as_written(frame, columns or {}, words or {}, keeps_names=keeps_names)
    height: int | Literal["auto"] = (
        "auto" if rows_shown is None else rows_shown * ROW_HEIGHT + HEADER_HEIGHT
    )
    st.dataframe(
        shown,
        width="stretch",
        height=height,
        row_height=ROW_HEIGHT,
        hide_index=True,
        column_config=settings,
        placeholder=MISSING,
        key=key,
        alt=alt,
        on_select=on_row or "ignore",
        selection_mode="single-row",
    )


def opens(label: str, icon: str, draw: Callable[[], None]) -> None:
    """Draw a button that opens ``draw``, which is not sent to the page before it is opened.

    What is open stands in the session's state under ``_opens_`` and the label in small letters.
    Opening it draws the live part anew: a fragment of its own, inside of that part and in a place
    made outside of it, is drawn beside its last one by Streamlit 1.67.
    """
    place = st.popover(label, icon=icon, type="tertiary", key=opens_key(label), on_change="rerun")
    if place.open:
        with place:
            draw()


def opens_key(label: str) -> str:
    """Return the key of what :func:`opens` drew.

    >>> opens_key("See them all")
    '_opens_see_them_all'
    """
    return f"_opens_{label.lower().replace(' ', '_')}"


def first_of(about: object) -> int | None:
    """Return the first number that a clicked mark carries; None where it carries no list of them.

    What the browser got as an array it sends back as a list, or as a mapping of text positions.

    >>> first_of({"0": 603, "1": 68}), first_of([603, 68]), first_of(17)
    (603, 603, None)
    """
    match about:
        case {"0": int() | float() as first} | [int() | float() as first, *_]:
            return int(first)
        case _:
            return None
