"""Names from data are shown letter by letter."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard.plain_text import WORD_JOINER, as_markdown, as_plotly, shorten

EVIL = [
    "*Fargo*",
    "$1 and $2",
    "0.905 (−0.094 to 1.2)",
    "<b>bold</b>",
    "[x](http://y.z)",
    ":red[x]",
    ":smile:",
    "`a`",
    "#1",
]


@pytest.mark.parametrize("text", EVIL)
def test_every_mark_of_markdown_is_escaped(text):
    shown = as_markdown(text)
    assert re.sub(r"\\(.)", "", shown).replace(WORD_JOINER, "").isalnum() or " " in shown
    assert shown.replace("\\", "").replace(WORD_JOINER, "") == text


@pytest.mark.parametrize(
    "text",
    [
        ":red[x]",
        ":smile:",
        "http://a.b",
        "me@x.y",
        "me@1.org",
        "www.1.org",
        "a:100:",
        "1:100:",
        "1:+1:",
        "x.1",
    ],
)
def test_what_is_found_after_escaping_is_broken_up(text):
    unescaped = re.sub(r"\\(.)", r"\1", as_markdown(text))
    assert not re.search(r":[\w+]|[^\W\d]\.\w|\w\.[^\W\d]|@\w", unescaped)


def test_a_figure_is_copied_from_a_page_as_it_stands():
    """An invisible mark stood in every "0.905": a spreadsheet took it for text."""
    shown = as_markdown(
        "NDCG@10 alone: Gini 0.905 to 1,234.5. With Diversity 0.40, at 12, by NDCG@10."
    )
    assert WORD_JOINER not in shown


@given(some.text())
def test_plotly_text_reads_as_it_was(text):
    shown = as_plotly(text)
    assert "<" not in shown
    assert html.unescape(shown) == html.unescape(html.escape(" ".join(text.split()), quote=False))


def test_shortening_keeps_short_names():
    assert shorten("Fargo", 5) == "Fargo"
    assert shorten("The Usual Suspects", 9) == "The Usua…"
