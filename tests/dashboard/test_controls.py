"""The sidebar offers every control of the engine, once, and presets that mean something."""

from __future__ import annotations

from dataclasses import fields

import pytest

from dashboard.presets import PRESETS, in_words
from dashboard.session import KEYS
from engine.controls import CONTROLS, FIELDS
from engine.scenario import Scenario
from engine.terms import TERMS

NOT_WIDGETS = {"name", "caps", "rules"}


def test_every_field_of_a_scenario_has_a_key_of_its_own():
    assert set(KEYS) == {field.name for field in fields(Scenario)} - NOT_WIDGETS
    assert len(set(KEYS.values())) == len(KEYS)


def test_every_control_is_drawn_once():
    drawn = ["k", *(control.name for term in TERMS.values() for control in term.controls)]
    assert len(drawn) == len(set(drawn))
    assert set(CONTROLS) <= set(drawn) == set(FIELDS)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_goes_by_its_name(name):
    assert in_words(PRESETS[name]) == name
    assert PRESETS[name].is_neutral == (name == "Neutral")


def test_the_method_says_what_its_weight_is_in_the_paper_and_what_cover_does():
    """MMR's weight 1 is λ = .5, and Cover, filed under Diversity, lowers the list's distance."""
    method = CONTROLS["diversity_method"]
    assert "λ = 1 / (1 + w)" in method.help
    assert "lowers the distance within" in method.help
    assert method.options["cover"] == "Cover: represents the candidates"
