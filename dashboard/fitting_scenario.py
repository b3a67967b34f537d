"""A scenario made elsewhere, against the data at hand: what nothing here has is left out, aloud.

A name that the data does not have would otherwise stop every page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.artifacts import Artifacts
from engine.reranking.candidate_pool import CandidatePool, pool_of
from engine.reranking.rule_values import closest_values, known_part
from engine.scenario import Cap, Rule, Scenario

__all__ = ["fitting", "fitting_caps", "fitting_rules"]

Said = list[str]


def fitting(artifacts: Artifacts, given: Scenario) -> tuple[Scenario, Said]:
    """Return the part of a scenario that means something here, and a sentence for each other part.

    Names in the sentences come from data or from a file: they are text, not markup.
    """
    caps, of_caps = fitting_caps(artifacts, given.caps)
    rules, of_rules = fitting_rules(artifacts, given.rules)
    group, of_group = _group(artifacts, given.item_fairness_group)
    attribute, of_attribute = _attribute(artifacts, given.people_attribute)
    fits = replace(
        given, caps=caps, rules=rules, item_fairness_group=group, people_attribute=attribute
    )
    return fits, [*of_caps, *of_rules, *of_group, *of_attribute]


def fitting_caps(artifacts: Artifacts, caps: Sequence[Cap]) -> tuple[tuple[Cap, ...], Said]:
    """Return the caps on genres and providers that exist, and a sentence for each other one."""
    kept = tuple(c for c in caps if c.value is None or c.value in _names(artifacts, c.kind))
    audience = pool_of(artifacts)
    return kept, [
        f"No item of this data set has the {cap.kind} {cap.value!r}"
        f"{_meant(audience, cap.kind, str(cap.value))}; the cap on it is left out."
        for cap in caps
        if cap not in kept
    ]


def fitting_rules(artifacts: Artifacts, rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], Said]:
    """Return the rules without values that no item has, and a sentence for each such value."""
    audience = pool_of(artifacts)
    parts = [known_part(audience, rule) for rule in rules]
    said = [
        f"No item of this data set has the {rule.field} {value!r}"
        f"{_meant(audience, rule.field, value)}; the rule that says {rule.action} goes without it."
        for rule, (_, unknown) in zip(rules, parts, strict=True)
        for value in unknown
    ]
    return tuple(rule for rule, _ in parts if rule is not None), said


def _meant(audience: CandidatePool, field: str, value: str) -> str:
    close = closest_values(audience, field, value, 1)
    return f" (was {close[0]!r} meant?)" if close else ""


def _names(artifacts: Artifacts, kind: str) -> Sequence[str]:
    return artifacts.genre_names if kind == "genre" else artifacts.provider_names


def _group(artifacts: Artifacts, group: str) -> tuple[str, Said]:
    kind, _, name = group.partition(":")
    if not name or name in _names(artifacts, kind):
        return group, []
    default = Scenario().item_fairness_group
    return default, [f"No item of this data set has the {kind} {name!r}; the long tail is lifted."]


def _attribute(artifacts: Artifacts, name: str | None) -> tuple[str | None, Said]:
    if name is None or name in artifacts.attributes:
        return name, []
    first = next(iter(artifacts.attributes), None)
    return None, [f"People of this data set have no {name!r}; service is levelled by {first!r}."]
