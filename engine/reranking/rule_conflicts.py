"""Rules that contradict each other, or that another rule leaves nothing to do, found item by item.

Nothing here is refused: hide beats pin, a pin makes a boost idle, boosts and buries add up. But who
sets such rules should hear which one wins, and for which items.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.formats import Style, signed
from engine.reranking.candidate_pool import pool_of
from engine.reranking.rules import meant_by
from engine.scenario import Rule

__all__ = ["RuleConflict", "rule_conflicts"]


@dataclass(frozen=True)
class RuleConflict:
    """Two rules that meet on the same items.

    Attributes
    ----------
    first, second : int
        Their places among the rules, from 0.
    items : tuple of int
        The items that both mean.
    text : str
        What follows, in words; titles in it come from the data: they are text, not markup.
    is_contradiction : bool
        False where the two agree and one is merely idle.
    """

    first: int
    second: int
    items: tuple[int, ...]
    text: str
    is_contradiction: bool


_OUTCOMES = {
    ("hide", "pin"): "hidden by one rule and pinned by another: hide wins",
    ("boost", "hide"): "hidden by one rule and boosted by another: hide wins",
    ("bury", "pin"): "pinned by one rule and buried by another: the pin wins",
    ("boost", "bury"): "boosted by one rule and buried by another: {sum}",
}
_IDLE = {
    ("bury", "hide"): "hidden by one rule and buried by another: hidden is enough",
    ("boost", "pin"): "pinned by one rule and boosted by another: the pin is enough",
    ("pin", "pin"): "pinned by both: the first rule sets the place",
    ("hide", "hide"): "hidden by both: one is enough",
}
"""Actions of two rules, in alphabetical order → what follows for items that both mean."""


def rule_conflicts(artifacts: Artifacts, rules: tuple[Rule, ...]) -> tuple[RuleConflict, ...]:
    """Return every pair of rules that meet on an item, in the order of the rules.

    Two boosts, or two buries, of an item add up as they say and are no conflict. Values that no
    item has are left out. Costs one look at the catalogue per pair.
    """
    pool = pool_of(artifacts)
    meant = [meant_by(pool, rule) for rule in rules]

    def found() -> Iterator[RuleConflict]:
        for first, second in combinations(range(len(rules)), 2):
            items = np.flatnonzero(meant[first] & meant[second])
            outcome = _outcome(rules[first], rules[second])
            if len(items) and outcome is not None:
                what, is_contradiction = outcome
                who = _named([str(pool.titles[item]) for item in items])
                text = f"{who} {what}."
                yield RuleConflict(first, second, tuple(map(int, items)), text, is_contradiction)

    return tuple(found())


def _outcome(first: Rule, second: Rule) -> tuple[str, bool] | None:
    low, high = sorted((first, second), key=lambda rule: rule.action)
    key = (low.action, high.action)
    if key in _IDLE:
        return _IDLE[key], False
    if key not in _OUTCOMES:
        return None
    total = low.amount - high.amount
    adds = f"together {signed(total, Style(2))}" if round(total, 9) else "they cancel out"
    return _OUTCOMES[key].format(sum=adds), True


def _named(titles: list[str]) -> str:
    if len(titles) == 1:
        return f"“{titles[0]}” is"
    return f"{counted(len(titles), 'item')}, “{titles[0]}” among them, are"
