"""Caps and rules as sentences."""

from __future__ import annotations

from collections.abc import Mapping

from engine.scenario import Cap, Rule

__all__ = ["cap_in_words", "rule_in_words"]

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
