"""Scenarios to start from, and how a scenario is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.controls import CONTROLS
from engine.data.wording import counted
from engine.scenario import WEIGHTS, Cap, Rule, Scenario

__all__ = ["PRESETS", "cap_in_words", "in_words", "rule_in_words"]

PRESETS: dict[str, Scenario] = {
    "Neutral": Scenario(name="Neutral"),
    "Discovery": Scenario(name="Discovery", diversity=0.3, calibration=0.1, popularity_penalty=0.1),
    "Fresh": Scenario(name="Fresh", freshness=0.3, diversity=0.1),
    "Lift the long tail": Scenario(
        name="Lift the long tail", item_fairness=0.3, popularity_penalty=0.1
    ),
}
"""Name → scenario; the list length is left as it is."""

ACTION_WORDS = {"hide": "Hide", "pin": "Pin to the top", "boost": "Boost", "bury": "Bury"}


def in_words(scenario: Scenario) -> str:
    """Name a scenario by what is turned on: ``Diversity 0.30 · 1 cap``.

    >>> in_words(Scenario(diversity=0.3, caps=(Cap(),)))
    'Diversity 0.30 · 1 cap'
    >>> in_words(Scenario())
    'Neutral'
    """
    for name, preset in PRESETS.items():
        if replace(scenario, name=name, k=preset.k) == preset:
            return name
    parts = [
        f"{CONTROLS[name].label} {getattr(scenario, name):.2f}"
        for name in WEIGHTS
        if getattr(scenario, name) > 0
    ]
    for parts_of, noun in ((scenario.caps, "cap"), (scenario.rules, "rule")):
        if parts_of:
            parts.append(counted(len(parts_of), noun))
    return " · ".join(parts) or "Neutral"


def cap_in_words(cap: Cap) -> str:
    """Say a cap as a sentence.

    >>> cap_in_words(Cap("genre", None, 2, 5))
    'At most 2 per genre in the top 5'
    """
    what = f"per {cap.kind}" if cap.value is None else cap.value
    return f"At most {cap.at_most} {what} in the top {cap.top}"


def rule_in_words(rule: Rule, names: Mapping[str, str] | None = None) -> str:
    """Say a rule as a sentence; ``names`` says what its values are called, where it is not them.

    >>> rule_in_words(Rule("boost", "genre", ("Drama",), 0.3))
    'Boost genre Drama by 0.30'
    """
    amount = f" by {rule.amount:.2f}" if rule.action in ("boost", "bury") else ""
    values = [(names or {}).get(value, value) for value in rule.values]
    field = "" if names else f"{rule.field} "
    return f"{ACTION_WORDS[rule.action]} {field}{', '.join(values)}{amount}"
