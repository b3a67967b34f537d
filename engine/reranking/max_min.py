"""Max-min over providers: lift whoever is worst off, as far as it is worth the relevance.

Maximises, over everyone's lists,

    mean relevance + w · min over providers p of (exposure share of p) / γ_p

both weighted by the attention of places; γ_p is the provider's share of the catalogue. Since
min_p x_p is the minimum of Σ q_p x_p over weights q that sum to 1, the lists that are best for
given q are the greedy ones with w · q_p / γ_p added to each item of p. All weights are solved for
at once, see :mod:`engine.reranking.max_min_path`; the result says how far its objective is from an
upper bound. The smallest ratio cannot exceed 1, so from some weight on nothing moves any more.

Source: P-MMF (Xu, Chen, Xu, Dou, Wen, Pang & Zhang, WWW 2023), whose dual is updated person by
person as they come; this is its batch form, which does not depend on the order of people.

Where a data set names no providers, its genres take their place; an item counts in equal parts
for each of its genres.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.reranking.candidate_pool import CandidatePool
from engine.reranking.exposure import exposure_shares, mean_relevance
from engine.reranking.group_lift import GroupLift, ListsAt, Trials
from engine.reranking.max_min_path import MaxMinPath, Outcome, Point, walk
from engine.scenario import Scenario

__all__ = ["MOST_PEOPLE", "lift_worst_off", "provider_shares"]

MOST_PEOPLE = 8192
"""Larger audiences are solved on so many people, evenly spaced."""


def provider_shares(pool: CandidatePool) -> NDArray[np.float64]:
    """Return how much of each item belongs to each provider, shape (n_items, n_providers).

    Rows sum to 1, or to 0 for an item of unknown provider. By genre where there are no providers.
    """
    if pool.n_providers:
        return (pool.items["provider"][:, None] == np.arange(pool.n_providers)) * 1.0
    sizes = np.maximum(pool.genre_matrix.sum(axis=1, keepdims=True), 1)
    return pool.genre_matrix / sizes


def lift_worst_off(pool: CandidatePool, scenario: Scenario, trials: Trials) -> GroupLift:
    """Lift providers so that the least exposed, for its size, gets more.

    Raises
    ------
    ScenarioError
        The data set names neither providers nor genres.
    """
    belongs = _reachable(pool, provider_shares(pool))
    if belongs.shape[1] == 0:
        raise ScenarioError(
            "`item_fairness_method` of the scenario is max_min, but the candidates of this data "
            "set have neither providers nor genres; choose another method."
        )
    size = belongs.sum(axis=0) / belongs.sum()
    users = _solved_on(pool)

    def outcomes(lists_with: ListsAt, users: NDArray[np.int64]) -> Callable[..., Outcome]:
        def outcome_at(lift: NDArray[np.float64]) -> Outcome:
            lists = lists_with(belongs @ lift, users)
            ratio = (exposure_shares(lists, pool.n_items) @ belongs) / size
            return mean_relevance(pool, lists, users), ratio

        return outcome_at

    def plain_path() -> MaxMinPath:
        return walk(outcomes(trials.plain(), users), size, is_exact=True)

    alone = Scenario(k=scenario.k, item_fairness=1.0, item_fairness_method="max_min")
    asked = replace(
        scenario,
        name="",
        item_fairness=1.0,
        item_fairness_group=alone.item_fairness_group,
        item_fairness_target=alone.item_fairness_target,
        fair_star_alpha=alone.fair_star_alpha,
    )
    bounds = path = pool.lifts.get(alone, plain_path)
    if asked != alone:
        here = outcomes(trials.here, users)
        path = pool.lifts.get(asked, lambda: walk(here, size, is_exact=False, starts=bounds))
    best, first = path.best(scenario.item_fairness), path.unlifted
    if len(users) < pool.n_users:
        best = _measured(best, outcomes(trials.here, pool.everyone))
    return GroupLift(
        is_in=np.zeros(pool.n_items, dtype=bool),
        lift=belongs @ best.lift,
        floors=np.zeros(scenario.k + 1, dtype=np.int64),
        solved=_said(scenario.item_fairness, best, first, path, bounds)
        | {"people": float(len(users))},
        levels=path.levels,
    )


def _said(
    weight: float, best: Point, first: Point, path: MaxMinPath, bounds: MaxMinPath
) -> dict[str, float]:
    value, bound = best.value(weight), bounds.bound(weight)
    return {
        "smallest exposure for its size": best.smallest,
        "the same without lift": first.smallest,
        "objective": value,
        "upper bound": max(bound, value),
        "gap": max(0.0, bound - value) / bound if bound > 0 else 0.0,
        "trials": float(path.n_trials),
    }


def _measured(point: Point, outcome_at: Callable[..., Outcome]) -> Point:
    relevance, ratio = outcome_at(point.lift)
    return Point(point.lift, relevance, float(ratio.min()))


def _solved_on(pool: CandidatePool) -> NDArray[np.int64]:
    if pool.n_users <= MOST_PEOPLE:
        return pool.everyone
    return np.arange(MOST_PEOPLE) * pool.n_users // MOST_PEOPLE


def _reachable(pool: CandidatePool, belongs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leave out providers of whom nobody has a candidate: nothing can lift them."""
    return belongs[:, belongs[pool.is_candidate].sum(axis=0) > 0]
