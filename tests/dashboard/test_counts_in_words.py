"""Counts agree with their nouns and verbs: "1 of 256 groups are clearly worse" was on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.data.wording import counted, verb

SOURCES = sorted(Path("dashboard").rglob("*.py"))
NOUNS = "people|groups|items|lists|settings|definitions|places|rows"
COUNT_BEFORE_PLURAL = re.compile(
    rf"\{{(?:len\([^{{}}]*\)|count\([^{{}}]*\)|n_\w+(?::,)?)\}} (?:{NOUNS})\b(?! (?:of|in) )"
)


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_no_sentence_writes_a_plural_after_any_count(path):
    found = [
        line.strip()
        for line in path.read_text(encoding="utf-8").splitlines()
        if COUNT_BEFORE_PLURAL.search(line) and " of {" not in line
    ]
    assert not found


@pytest.mark.parametrize(
    ("n", "noun", "expected"),
    [
        (1, "person", "1 person"),
        (0, "group", "0 groups"),
        (2, "smaller group", "2 smaller groups"),
        (1234, "category", "1,234 categories"),
        (3, "day", "3 days"),
        (2, "box", "2 boxes"),
    ],
)
def test_counts_take_the_number_of_their_noun(n, noun, expected):
    assert counted(n, noun) == expected


def test_verbs_follow_the_count():
    assert [verb(n, "stands") for n in (0, 1, 2)] == ["stand", "stands", "stand"]
    assert [verb(n) for n in (0, 1, 2)] == ["are", "is", "are"]
