"""The glossary page: everything, what is looked for, and the way to it from a "?"."""

from __future__ import annotations

import pytest

from engine.glossary import KINDS, entries
from tests.pages.conftest import clean_starter, starter


@pytest.fixture
def glossary(tiny_home, monkeypatch):
    return clean_starter(tiny_home, monkeypatch, "glossary")


def text(app) -> str:
    return " ".join(one.value.replace("\\", "") for one in app.main.markdown)


def test_without_a_word_everything_is_there_by_kind(glossary):
    app = glossary()
    assert [one.value for one in app.subheader] == list(KINDS)
    assert sum(f"**{one.word}**" in text(app) for one in entries()) == len(entries())


def test_a_word_in_the_link_is_looked_for(glossary):
    app = glossary(term="NDCG")
    said = text(app)
    assert said.index("**NDCG**") < said.index("**α-NDCG**")
    assert "normalised discounted cumulative gain" in said
    assert "**Coverage**" not in said


def test_nothing_found_is_said(glossary):
    assert "Nothing here holds" in glossary(term="zzz").info[0].value


def test_the_helps_of_cards_and_controls_lead_to_it(tiny_home, monkeypatch):
    app = starter(tiny_home, monkeypatch)()
    card = next(one for one in app.metric if one.label == "NDCG@10")
    assert "./glossary?term=NDCG" in card.help
    assert "normalised discounted cumulative gain" in card.help.replace("\\", "")
    assert "./glossary?term=Diversity" in app.slider(key="div").help
