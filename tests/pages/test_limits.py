"""Caps and rules: a name that nothing has is said and left out; those in force say their reach."""

from __future__ import annotations

import pytest

from tests.pages.conftest import starter


@pytest.fixture
def open_app(tiny_home, monkeypatch):
    return starter(tiny_home, monkeypatch)


def sentences(app):
    return [one.value for one in (*app.warning, *app.error)]


def sidebar_words(app):
    said = (*app.sidebar.caption, *app.sidebar.markdown)  # what cannot hold is red
    return " ".join(one.value for one in said)


def test_a_typo_in_a_rule_does_not_blank_the_page(open_app):
    app = open_app(rules="pin,title,Nothing%20of%20the%20kind,0.2")
    assert len(app.metric) > 0
    assert any("Nothing of the kind" in one for one in sentences(app))
    assert not app.error


def test_caps_and_rules_in_force_say_what_they_reach(open_app, tiny_artifacts):
    genre, item = tiny_artifacts.genre_names[0], tiny_artifacts.items["item_id"].iloc[3]
    app = open_app(caps="0/10,genre", rules=f"pin,item,{item},0.2;hide,genre,{genre},0.2")
    said = sidebar_words(app)
    assert "cannot be kept in" in said
    assert "Can pin for" in said
    assert "have seen it or it is no candidate of theirs" in said


def test_rules_that_contradict_each_other_say_which_wins(open_app, tiny_artifacts):
    item = tiny_artifacts.items["item_id"].iloc[3]
    app = open_app(rules=f"pin,item,{item},0.2;hide,item,{item},0.2")
    assert "hide wins" in sidebar_words(app)


def test_a_rule_on_one_item_is_called_by_its_title(open_app, tiny_artifacts):
    row = 3
    app = open_app(rules=f"hide,item,{tiny_artifacts.items['item_id'].iloc[row]},0.2")
    title = str(tiny_artifacts.items["title"].iloc[row])
    assert any(title in one.value for one in app.sidebar.text)
