"""Scenario files: every control survives the round trip, everything else is refused by name."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.controls import CONTROLS, Choice, Number
from engine.errors import ScenarioError
from engine.scenario import NEUTRAL, WEIGHTS, Cap, Rule, Scenario


def control_values(control: Number | Choice) -> st.SearchStrategy:
    if isinstance(control, Choice):
        return st.sampled_from(list(control.options))
    if control.is_whole:
        return st.integers(int(control.low), int(control.high))
    return st.floats(control.low, control.high, allow_nan=False)


texts = st.text(min_size=1, max_size=12)
caps = st.builds(
    Cap,
    kind=st.sampled_from(["genre", "provider"]),
    value=st.none() | texts,
    at_most=st.integers(0, 50),
    top=st.integers(1, 50),
)
rules = st.builds(
    Rule,
    action=st.sampled_from(["hide", "pin", "boost", "bury"]),
    field=st.sampled_from(["genre", "provider", "year", "item", "title"]),
    values=st.lists(texts, min_size=1, max_size=3).map(tuple),
    amount=st.floats(0, 2),
)
scenarios = st.fixed_dictionaries(
    {name: control_values(control) for name, control in CONTROLS.items()}
    | {"caps": st.lists(caps, max_size=2), "rules": st.lists(rules, max_size=2), "name": st.text()}
).map(lambda values: Scenario(**values))


@given(scenarios)
def test_a_scenario_survives_its_file(scenario: Scenario) -> None:
    assert Scenario.from_json(scenario.to_json()) == scenario


@given(scenarios)
def test_the_file_holds_every_control(scenario: Scenario) -> None:
    stored = json.loads(scenario.to_json())
    assert set(stored) == {field.name for field in fields(Scenario)} | {"version"}


def test_every_default_of_a_scenario_is_its_controls_default() -> None:
    defaults = {field.name: field.default for field in fields(Scenario)}
    assert {name: defaults[name] for name in CONTROLS} == {
        name: control.default for name, control in CONTROLS.items()
    }


@pytest.mark.parametrize("name", [n for n, c in CONTROLS.items() if isinstance(c, Number)])
def test_a_number_outside_its_range_is_refused_by_name(name: str) -> None:
    control = CONTROLS[name]
    for bad in (control.low - 1, control.high + 1, float("nan"), "much", True, None):
        with pytest.raises(ScenarioError, match=f"`{name}` of the scenario must be .* got "):
            Scenario.from_dict({name: bad})


@pytest.mark.parametrize("name", [n for n, c in CONTROLS.items() if isinstance(c, Choice)])
def test_an_unknown_word_is_refused_with_the_allowed_ones(name: str) -> None:
    with pytest.raises(ScenarioError, match=r"must be one of .* got 'nonsense'"):
        Scenario.from_dict({name: "nonsense"})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "not valid JSON"),
        ("[]", "must be a JSON object"),
        ('{"diversty": 0.3}', "`diversty` is not a field of the scenario; allowed are name, k"),
        ('{"version": 9}', "`version` of the scenario must be 1; got 9"),
        ('{"caps": 3}', "`caps` of the scenario must be a list"),
        ('{"caps": [3]}', "Each of `caps` must be an object"),
        ('{"caps": [{"most": 2}]}', "`most` is not a field of a cap; allowed are kind"),
        ('{"caps": [{"at_most": -1}]}', "`at_most` of a cap must be a whole number from 0 to 50"),
        ('{"caps": [{"kind": "actor"}]}', "`kind` of a cap must be one of genre, provider"),
        ('{"rules": [{"action": "hide"}]}', "a rule needs the fields action, field, values"),
        ('{"rules": [{"action": "hide", "field": "genre", "values": []}]}', "must be a list"),
        ('{"item_fairness_group": "women"}', "must be long_tail, genre:NAME or provider:NAME"),
        ('{"name": 3}', "`name` of the scenario must be text"),
    ],
)
def test_what_is_wrong_is_named(text: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_json(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_neutral_is_what_nothing_moves() -> None:
    assert NEUTRAL.is_neutral
    for name in WEIGHTS:
        moved = Scenario(**{name: 0.1})
        assert not moved.is_neutral
        assert moved.without(name).is_neutral
    assert not Scenario(caps=(Cap(),)).is_neutral
    assert Scenario(caps=(Cap(),)).without("caps").is_neutral
    assert not Scenario(rules=(Rule("hide", "genre", ("Drama",)),)).is_neutral


def test_settings_that_only_shape_a_term_leave_neutral_neutral() -> None:
    assert Scenario(half_life_days=30, diversity_method="dpp", k=20).is_neutral
