"""Fairness for items: how the chosen group of items is lifted, one function per method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.reranking.audience import Audience
from engine.reranking.fair_star import adjusted_alpha, minimum_targets
from engine.reranking.lists import Lists
from engine.reranking.static_terms import in_group
from engine.scenario import Scenario

__all__ = ["ITEM_FAIRNESS", "GroupLift", "ItemFairness", "ListsAt"]

ListsAt = Callable[[NDArray[np.float64]], Lists]
"""Everyone's lists with a given lift per item added to the rest of the scenario."""


@dataclass(frozen=True, eq=False)
class GroupLift:
    """What item fairness adds.

    Attributes
    ----------
    is_in : bool array of shape (n_items,)
        The lifted group.
    lift : float64 array of shape (n_items,)
        Added to each item's score.
    floors : int64 array of shape (k + 1,)
        How many of the group the first ``t`` places must hold.
    solved : dict
        What was solved for, by name, for people to read; empty where nothing was.
    """

    is_in: NDArray[np.bool_]
    lift: NDArray[np.float64]
    floors: NDArray[np.int64]
    solved: dict[str, float] = field(default_factory=dict)

    @classmethod
    def none(cls, audience: Audience, k: int) -> GroupLift:
        """No group, no lift, no floor."""
        n_items = audience.n_items
        return cls(np.zeros(n_items, bool), np.zeros(n_items), np.zeros(k + 1, np.int64))


@dataclass(frozen=True)
class ItemFairness:
    """A way to lift a group: its source, and the function that works it out."""

    solve: Callable[[Audience, Scenario, ListsAt], GroupLift]
    source: str


def _by_weight(audience: Audience, scenario: Scenario, lists_at: ListsAt) -> GroupLift:
    """Add the weight to the score of every item in the group."""
    del lists_at
    group = in_group(audience, scenario.item_fairness_group)
    return GroupLift(
        is_in=group,
        lift=scenario.item_fairness * group.astype(np.float64),
        floors=np.zeros(scenario.k + 1, dtype=np.int64),
    )


def _by_floor(audience: Audience, scenario: Scenario, lists_at: ListsAt) -> GroupLift:
    """Ask every prefix for its FA*IR count, times the weight and rounded down.

    At weight 1 this is FA*IR as published; a smaller weight asks for that part of each count.
    """
    del lists_at
    share, alpha = scenario.item_fairness_target, scenario.fair_star_alpha
    adjusted = adjusted_alpha(scenario.k, share, alpha)
    targets = minimum_targets(scenario.k, share, adjusted)
    return GroupLift(
        is_in=in_group(audience, scenario.item_fairness_group),
        lift=np.zeros(audience.n_items),
        floors=np.floor(scenario.item_fairness * targets + 1e-9).astype(np.int64),
        solved={"adjusted significance": adjusted},
    )


ITEM_FAIRNESS: dict[str, ItemFairness] = {
    "weight": ItemFairness(_by_weight, "A static bonus for the group"),
    "fair_star": ItemFairness(_by_floor, "Zehlike et al., CIKM 2017"),
}
"""Name in a scenario → how the group is lifted."""
