"""Caps and rules survive the address bar, whatever their names hold."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard.links import (
    caps_from_text,
    caps_to_text,
    number_from_text,
    read_parts,
    rules_from_text,
    rules_to_text,
)
from engine.controls import CONTROLS, Number
from engine.errors import ScenarioError
from engine.scenario import Cap, Rule

CAPS = (
    "/5,genre",
    "5/,genre",
    "/,genre",
    "99999999999999999999/5,genre",
    "9" * 5000 + "/5,genre",
    "٢/5,genre",
    "1_0/5,genre",
    "2/5,genre,%ff",
    "2/5,genre,Drama,War",
    "2/5," + "x" * 400,
)
RULES = (
    "hide,genre,War,1e999",
    "hide,genre,War,nan",
    "hide,genre,War,0_1",
    "hide,genre,War," + "1" * 5000,
    "hide,genre,%ff,0.2",
    "hide,genre,War",
    ",,,",
)

names = some.text(min_size=1, max_size=30)
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
    some.floats(0, 2),
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


@pytest.mark.parametrize("text", ["2/5", "2,genre", "x/5,genre", "2/5,colour", "2/99,genre", *CAPS])
def test_a_bad_cap_is_refused(text):
    with pytest.raises(ScenarioError):
        caps_from_text(text)


@pytest.mark.parametrize("text", ["hide,genre", "hide,genre,War,x", "eat,genre,War,0.2", *RULES])
def test_a_bad_rule_is_refused(text):
    with pytest.raises(ScenarioError):
        rules_from_text(text)


@given(some.text(max_size=300), some.sampled_from(["caps", "rules"]))
def test_any_text_of_a_link_is_read_or_said(text, name):
    parts, sentences = read_parts(name, text)
    assert len(parts) + len(sentences) == len([part for part in text.split(";") if part])
    for sentence in sentences:
        sentence.encode("utf-8")


def test_the_good_part_of_a_link_stays_and_the_bad_one_is_said():
    parts, (sentence,) = read_parts("caps", "2/5,genre;/5,genre;1/3,provider,Acme")
    assert parts == (Cap("genre", None, 2, 5), Cap("provider", "Acme", 1, 3))
    assert "'/5,genre'" in sentence


def test_a_link_of_a_thousand_caps_is_refused_whole():
    for text in (";".join(["2/5,genre"] * 1000), "2/5,genre," + "x" * 20_000):
        parts, (sentence,) = read_parts("caps", text)
        assert not parts
        assert "more `caps` than can be read" in sentence


NUMBERS = [control for control in CONTROLS.values() if isinstance(control, Number)]


@given(some.data())
def test_a_number_of_a_link_is_kept_to_the_last_digit(data):
    control = data.draw(some.sampled_from(NUMBERS))
    if control.is_whole:
        value = data.draw(some.integers(int(control.low), int(control.high)))
    else:
        value = data.draw(some.floats(control.low, control.high))
    assert number_from_text(control, str(value)) == value


@given(some.sampled_from(NUMBERS), some.text())
def test_any_text_as_a_number_is_read_or_refused(control, text):
    with contextlib.suppress(ScenarioError):
        assert control.low <= number_from_text(control, text) <= control.high


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "nan", "inf", "1_0", "٣", "0x1", "1e999", "9" * 5000]
)
def test_what_is_no_plain_number_is_refused(text):
    for control in NUMBERS:
        with pytest.raises(ScenarioError):
            number_from_text(control, text)
