"""Scenarios to start from, and how a scenario is put into words."""

from __future__ import annotations

from dataclasses import replace

from engine.controls import CONTROLS
from engine.data.wording import counted
from engine.scenario import WEIGHTS, Scenario

__all__ = ["PRESETS", "in_words"]

PRESETS: dict[str, Scenario] = {
    "Neutral": Scenario(name="Neutral"),
    "Discovery": Scenario(name="Discovery", diversity=0.3, calibration=0.1, popularity_penalty=0.1),
    "Fresh": Scenario(name="Fresh", freshness=0.3, diversity=0.1),
    "Lift the long tail": Scenario(
        name="Lift the long tail", item_fairness=0.3, popularity_penalty=0.1
    ),
}
"""Name → scenario; the list length is left as it is."""


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
