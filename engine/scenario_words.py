"""Caps and rules as sentences, and what differs between two scenarios."""

from __future__ import annotations

from collections.abc import Mapping

from engine.controls import CONTROLS, Choice
from engine.scenario import Cap, Rule, Scenario

__all__ = ["cap_in_words", "differences", "rule_in_words"]

ACTION_WORDS = {"hide": "Hide", "pin": "Pin to the top", "boost": "Boost", "bury": "Bury"}


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


def differences(old: Scenario, new: Scenario) -> tuple[str, ...]:
    """Say what is different in ``new``, names aside; empty where nothing is.

    >>> differences(Scenario(diversity=0.3), Scenario(diversity=0.4, caps=(Cap(),)))
    ('Diversity 0.3 → 0.4', 'now: At most 2 per genre in the top 5')
    """
    told = [
        f"{_label(name)} {_shown(name, getattr(old, name))} → {_shown(name, getattr(new, name))}"
        for name in (*CONTROLS, "item_fairness_group", "people_attribute")
        if getattr(old, name) != getattr(new, name)
    ]
    before = [*map(cap_in_words, old.caps), *map(rule_in_words, old.rules)]
    after = [*map(cap_in_words, new.caps), *map(rule_in_words, new.rules)]
    told += [f"no more: {one}" for one in before if one not in after]
    told += [f"now: {one}" for one in after if one not in before]
    if not told and (old.caps, old.rules) != (new.caps, new.rules):
        told.append("caps or rules in another order")
    return tuple(told)


def _label(name: str) -> str:
    own = {"item_fairness_group": "Items to lift", "people_attribute": "Groups by"}
    return own.get(name) or CONTROLS[name].label


def _shown(name: str, value: object) -> str:
    control = CONTROLS.get(name)
    if isinstance(control, Choice):
        return control.options[str(value)].partition(":")[0]
    return f"{value:g}" if isinstance(value, (int, float)) else str(value or "none")
