"""Business rules on items, as arrays: what is hidden, pinned, boosted, buried.

Hide beats pin. Boosts and buries of several rules add up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.reranking.candidate_pool import CandidatePool
from engine.scenario import Rule

__all__ = ["RuleTables", "items_of", "matching", "meant_by", "rule_tables"]


@dataclass(frozen=True, eq=False)
class RuleTables:
    """Rules per item.

    Attributes
    ----------
    boost : float64 array of shape (n_items,)
        What is added to the score; -inf where hidden.
    has_pins : bool
    pins : int32 array of shape (n_items,)
        Place in the order of pins (rule by rule, value by value), -1 where not pinned; equal
        places keep the ranker's order.
    """

    boost: NDArray[np.float64]
    has_pins: bool
    pins: NDArray[np.int32]


def items_of(pool: CandidatePool, field: str, value: str) -> NDArray[np.bool_]:
    """Return which items a rule's value means.

    Raises
    ------
    ScenarioError
        No item of this data set is meant.
    """
    chosen = matching(pool, field, value)
    if not chosen.any():
        raise ScenarioError(
            f"A rule of the scenario names the {field} {value!r}, which no item of this data set "
            f"has; take it out of the rule's values or correct it."
        )
    return chosen


def matching(pool: CandidatePool, field: str, value: str) -> NDArray[np.bool_]:
    """Return which items have a value in a field, shape (n_items,); none where it is unknown."""
    return _FIELDS[field](pool, value)


def meant_by(pool: CandidatePool, rule: Rule) -> NDArray[np.bool_]:
    """Return which items a rule means, shape (n_items,); unknown values mean none."""
    return np.any([matching(pool, rule.field, value) for value in rule.values], axis=0)


def _by_genre(pool: CandidatePool, value: str) -> NDArray[np.bool_]:
    if value not in pool.genre_names:
        return np.zeros(pool.n_items, dtype=bool)
    return pool.genre_matrix[:, pool.genre_names.index(value)]


def _by_provider(pool: CandidatePool, value: str) -> NDArray[np.bool_]:
    if value not in pool.provider_names:
        return np.zeros(pool.n_items, dtype=bool)
    return pool.items["provider"] == pool.provider_names.index(value)


def _by_year(pool: CandidatePool, value: str) -> NDArray[np.bool_]:
    return (pool.release_year == value) & (value != "")


def _by_item(pool: CandidatePool, value: str) -> NDArray[np.bool_]:
    chosen = np.zeros(pool.n_items, dtype=bool)
    chosen[pool.item_ids == value] = True
    return chosen


def _by_title(pool: CandidatePool, value: str) -> NDArray[np.bool_]:
    chosen = np.zeros(pool.n_items, dtype=bool)
    chosen[pool.titles == value] = True
    return chosen


_FIELDS = {
    "genre": _by_genre,
    "provider": _by_provider,
    "year": _by_year,
    "item": _by_item,
    "title": _by_title,
}


def rule_tables(pool: CandidatePool, rules: tuple[Rule, ...]) -> RuleTables:
    """Lay the rules out per item.

    Raises
    ------
    ScenarioError
        A value that no item of this data set has.
    """
    boost = np.zeros(pool.n_items)
    pins = np.full(pool.n_items, -1, dtype=np.int32)
    hidden = np.zeros(pool.n_items, dtype=bool)
    next_pin = 0
    for rule in rules:
        for value in rule.values:
            chosen = items_of(pool, rule.field, value)
            if rule.action == "hide":
                hidden |= chosen
            elif rule.action == "pin":
                pins[chosen & (pins < 0)] = next_pin
                next_pin += 1
            else:
                boost[chosen] += rule.amount if rule.action == "boost" else -rule.amount
    boost[hidden] = -np.inf
    return RuleTables(boost, next_pin > 0, pins)
