"""Fairness for items: the ways to lift items that get little exposure, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.reranking.candidate_pool import CandidatePool
from engine.reranking.exposure_target import lift_to_target
from engine.reranking.fair_star import adjusted_alpha, minimum_targets
from engine.reranking.group_lift import GroupLift, Trials
from engine.reranking.max_min import lift_worst_off
from engine.scenario import Scenario
from engine.terms.item_fairness import in_group

__all__ = ["ITEM_FAIRNESS", "ItemFairness"]


ON_OR_OFF = (0.0,)
"""The levels of a method that is off at weight 0 and the same at every other weight."""


@dataclass(frozen=True)
class ItemFairness:
    """One way to lift items.

    Attributes
    ----------
    solve : callable
        Audience, scenario and what may be tried → what to add.
    is_solved : bool
        Whether everyone is re-ranked several times to find the lift.
    meaning : str
        What the weight does, for people.
    source : str
    """

    solve: Callable[[CandidatePool, Scenario, Trials], GroupLift]
    is_solved: bool
    meaning: str
    source: str


def _by_weight(pool: CandidatePool, scenario: Scenario, trials: Trials) -> GroupLift:
    """Add the weight to the score of every item in the group."""
    del trials
    group = in_group(pool, scenario.item_fairness_group)
    return GroupLift(
        is_in=group,
        lift=scenario.item_fairness * group.astype(np.float64),
        floors=np.zeros(scenario.k + 1, dtype=np.int64),
    )


def _by_floor(pool: CandidatePool, scenario: Scenario, trials: Trials) -> GroupLift:
    """Ask every prefix for its FA*IR count: a test is passed or not, so any weight is the whole."""
    del trials
    share, alpha = scenario.item_fairness_target, scenario.fair_star_alpha
    adjusted = adjusted_alpha(scenario.k, share, alpha)
    targets = minimum_targets(scenario.k, share, adjusted)
    return GroupLift(
        is_in=in_group(pool, scenario.item_fairness_group),
        lift=np.zeros(pool.n_items),
        floors=targets,
        solved={"adjusted significance": adjusted, "asked of a whole list": float(targets[-1])},
        levels=ON_OR_OFF,
    )


ITEM_FAIRNESS: dict[str, ItemFairness] = {
    "weight": ItemFairness(
        _by_weight, False, "added to the score of every item of the group", "a static bonus"
    ),
    "target": ItemFairness(
        lift_to_target,
        True,
        "how far to go from the group's own share of exposure to the target",
        "Singh & Joachims, KDD 2018; Biega, Gummadi & Weikum, SIGIR 2018",
    ),
    "fair_star": ItemFairness(
        _by_floor,
        False,
        "off at 0, on above: every top part of a list must pass the test",
        "Zehlike, Bonchi, Castillo, Hajian, Megahed & Baeza-Yates, CIKM 2017",
    ),
    "max_min": ItemFairness(
        lift_worst_off,
        True,
        "relevance given up per unit of the least exposed provider's exposure",
        "P-MMF: Xu, Chen, Xu, Dou, Wen, Pang & Zhang, WWW 2023",
    ),
}
"""Name in a scenario → how items are lifted."""
