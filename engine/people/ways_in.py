"""What would bring an item into the list, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.controls import CONTROLS
from engine.formats import Style, number
from engine.reranking.counterfactual import Change
from engine.scenario import Scenario
from engine.scenario_words import cap_in_words, rule_in_words

__all__ = ["WayIn", "control_words", "no_way_in_words", "ways_in"]

IN_STEPS = "values were tried in steps"
DIGITS = 3


@dataclass(frozen=True)
class WayIn:
    """One change that brings the item in: what to say, and the scenario with it."""

    words: str
    scenario: Scenario


def control_words(control: str, scenario: Scenario) -> str:
    """Name what a change is of; caps and rules by what they say.

    >>> control_words("freshness", Scenario()), control_words("boost", Scenario())
    ('Freshness', 'a boost of this item')
    """
    if control == "boost":
        return "a boost of this item"
    part, _, rest = control.partition("[")
    if not rest:
        return CONTROLS[control].label
    index = int(rest.rstrip("]"))
    if part == "caps":
        return f"The cap “{cap_in_words(scenario.caps[index])}”"
    return f"The rule “{rule_in_words(scenario.rules[index])}”"


def ways_in(changes: Sequence[Change], scenario: Scenario) -> list[WayIn]:
    """Say each change that brings the item in: ``Freshness 0.200 → 0.166: place 5``."""
    return [
        WayIn(_said(change, scenario), change.scenario)
        for change in changes
        if change.scenario is not None
    ]


def _said(change: Change, scenario: Scenario) -> str:
    name = control_words(change.control, scenario)
    if change.control.startswith("rules"):
        step = "taken off"
    elif change.control.startswith("caps"):
        step = f"at most {change.needed} instead"
    else:
        needed = _far_enough(float(change.needed), float(change.current))
        step = f"{_value(change.control, float(change.current))} → {_value(change.control, needed)}"
    return f"{name[0].upper()}{name[1:]} {step}: place {change.place}"


def _far_enough(needed: float, current: float) -> float:
    """Round away from the present value, so that what is shown suffices as well."""
    scale = 10**DIGITS
    rounded = math.ceil(needed * scale) if needed > current else math.floor(needed * scale)
    return rounded / scale


def _value(control: str, value: float) -> str:
    is_whole = control == "k" or control.endswith("_days")
    return number(value, Style(0 if is_whole else DIGITS))


def no_way_in_words(changes: Sequence[Change], scenario: Scenario) -> str:
    """Say which controls cannot bring the item in by themselves; empty where all can."""
    names = [control_words(c.control, scenario) for c in changes if c.scenario is None]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    steps = [
        control_words(c.control, scenario)
        for c in changes
        if c.scenario is None and c.search.startswith(IN_STEPS)
    ]
    caveat = f" ({', '.join(steps)}: tried in steps.)" if steps else ""
    return f"No setting of {listed} alone does.{caveat}"
