"""Caps and rules survive the address bar, whatever their names hold."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard.links import caps_from_text, caps_to_text, rules_from_text, rules_to_text
from engine.errors import ScenarioError
from engine.scenario import Cap, Rule

names = some.text(min_size=1).filter(lambda text: text.isprintable())
caps = some.builds(
    Cap,
    some.sampled_from(["genre", "provider"]),
    some.none() | names,
    some.integers(0, 50),
    some.integers(1, 50),
)
rules = some.builds(
    Rule,
    some.sampled_from(["hide", "pin", "boost", "bury"]),
    some.sampled_from(["genre", "provider", "year", "item", "title"]),
    some.lists(names, min_size=1, max_size=3).map(tuple),
    some.sampled_from([0.0, 0.05, 0.2, 1.25, 2.0]),
)


@given(some.lists(caps, max_size=4).map(tuple))
def test_caps_come_back(given_caps):
    assert caps_from_text(caps_to_text(given_caps)) == given_caps


@given(some.lists(rules, max_size=4).map(tuple))
def test_rules_come_back(given_rules):
    assert rules_from_text(rules_to_text(given_rules)) == given_rules


@given(some.text())
def test_any_other_text_is_read_or_refused(text):
    for read in (caps_from_text, rules_from_text):
        with contextlib.suppress(ScenarioError):
            assert isinstance(read(text), tuple)


@pytest.mark.parametrize("text", ["2/5", "2,genre", "x/5,genre", "2/5,colour", "2/99,genre"])
def test_a_bad_cap_is_refused(text):
    with pytest.raises(ScenarioError):
        caps_from_text(text)


@pytest.mark.parametrize("text", ["hide,genre", "hide,genre,War,x", "eat,genre,War,0.2"])
def test_a_bad_rule_is_refused(text):
    with pytest.raises(ScenarioError):
        rules_from_text(text)
