"""What a decision says of itself to those it is about: parameters, profiles, groups, limits."""

from __future__ import annotations

from typing import Any

from engine.controls import CONTROLS
from engine.decision.comparison import Comparison
from engine.fit_words import reading_sentences, split_caveat
from engine.scenario import WEIGHTS, Scenario
from engine.scenario_words import cap_in_words, rule_in_words

__all__ = ["known_limits", "transparency"]


def transparency(found: Comparison) -> dict[str, Any]:
    """Return the sheet of AI transparency.

    ``main_parameters`` of the lists in order of their weight, ``profiles`` (what of people is
    used), ``without_profiling`` (the alternatives), ``groups_examined``, ``not_examined``.
    """
    manifest = found.artifacts.manifest
    examined = _examined(found)
    return {
        "main_parameters": _parameters(found.rivals[0].scenario),
        "profiles": [
            "Lists are made from what each person liked before (their history).",
            *reading_sentences(manifest),
        ],
        "without_profiling": [
            "A fit that reads no attribute of people: `--without people-attributes`.",
            "Lists that use nothing of the person at all are the most popular items; its quality "
            "is `metrics.quality` in the fit's manifest.",
        ],
        "groups_examined": [
            {"attribute": name, "groups": list(manifest["attributes"][name])} for name in examined
        ],
        "not_examined": [
            *(
                f"Groups by {name}."
                for name in manifest["attributes"]
                if name not in examined
            ),
            "Groups that the data has no attribute for, and people who are not in the data.",
            "What people would do in the face of these lists: no experiment with people was made.",
        ],
    }  # fmt: skip


def _examined(found: Comparison) -> list[str]:
    asked = [found.settings.attribute, *(one.attribute for one in found.settings.limits)]
    return [name for name in dict.fromkeys(asked) if name]


def _parameters(scenario: Scenario) -> list[str]:
    weights = {name: getattr(scenario, name) for name in WEIGHTS}
    order = sorted(weights, key=lambda name: -weights[name])
    said = ["Relevance: the ranker's score, on one scale for each person, weight 1."]
    said += [
        f"{CONTROLS[name].label}: weight {weights[name]:g}. {CONTROLS[name].help}"
        for name in order
        if weights[name]
    ]
    said += [f"{cap_in_words(cap)}." for cap in scenario.caps]
    return [*said, *(f"{rule_in_words(rule)}." for rule in scenario.rules)]


def known_limits(found: Comparison) -> list[str]:
    """Say what the figures do not show."""
    manifest = found.artifacts.manifest
    simulated = (
        ["The data are simulated: nothing here is about real people."]
        if manifest["provenance"] == "simulated"
        else []
    )
    return [
        *simulated,
        split_caveat(manifest),
        "Figures of relevance count what people are known to have liked; most shown items were "
        "never judged.",
        "No clear change is no proof of equality: that is what the margins say, where they say "
        "shown.",
        "Intervals are over people, for the figures of one fit; another seed of the fit moves them "
        "as well.",
        "A disparity in these figures is not the whole of fairness.",
        "The seal finds an edit or a damage, not a forgery: whoever edits on purpose can make a "
        "new one.",
        *found.notes,
    ]
