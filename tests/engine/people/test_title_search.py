"""Items are found by words of their title."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.people.title_search import folded, titles_matching

TITLES = [folded(title) for title in ("Amélie", "Batman", "The Dark Knight", "Combat", "Bat 21")]
POPULARITY = [1, 2, 3, 9, 5]


def found(words: str, **more: int) -> list[int]:
    return titles_matching(TITLES, words, POPULARITY, **more).tolist()


def test_case_and_accents_do_not_hide_a_title():
    assert found("AMELIE") == found("amélie") == [0]


def test_what_begins_so_comes_first_then_the_most_popular():
    assert found("bat") == [4, 1, 3]


def test_words_may_stand_in_any_order_and_all_must_be_there():
    assert found("knight dark") == [2]
    assert found("knight bat") == []


def test_nothing_typed_finds_nothing():
    assert found("  ") == []


def test_no_more_than_asked_for():
    assert found("bat", at_most=2) == [4, 1]


@settings(deadline=None)
@given(st.lists(st.text(max_size=8), max_size=8), st.text(max_size=4))
def test_found_are_exactly_the_titles_that_hold_every_word(titles, words):
    known = [folded(title) for title in titles]
    typed = folded(words).split()
    expected = {
        at for at, title in enumerate(known) if typed and not [w for w in typed if w not in title]
    }
    assert set(titles_matching(known, words, range(len(known))).tolist()) == expected
