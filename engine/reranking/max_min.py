"""Max-min over providers: lift whoever is worst off, as far as it is worth the relevance.

Maximises, over everyone's lists,

    mean relevance + w · min over providers p of (exposure share of p) / γ_p

both weighted by the attention of places; γ_p is the provider's share of the catalogue. Since
min_p x_p is the minimum of Σ q_p x_p over weights q that sum to 1, the lists that are best for
given q are the greedy ones with w · q_p / γ_p added to each item of p, and q follows by mirror
descent: providers with little exposure gain weight. A step that does not raise the objective is
halved and tried again from the best weights, and no lift at all is tried first, so the result is
never worse than none.

Source: P-MMF (Xu, Chen, Xu, Dou, Wen, Pang & Zhang, WWW 2023), whose dual is updated person by
person as they come; this is its batch form, which does not depend on the order of people.

Where a data set names no providers, its genres take their place; an item counts in equal parts
for each of its genres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import ScenarioError
from engine.reranking.audience import Audience
from engine.reranking.exposure import exposure_shares, mean_relevance
from engine.reranking.group_lift import GroupLift, ListsAt
from engine.scenario import Scenario

__all__ = ["N_TRIALS", "lift_worst_off", "provider_shares"]

N_TRIALS = 16
FIRST_STEP = 1.0


def provider_shares(audience: Audience) -> NDArray[np.float64]:
    """Return how much of each item belongs to each provider, shape (n_items, n_providers).

    Rows sum to 1, or to 0 for an item of unknown provider. By genre where there are no providers.
    """
    if audience.n_providers:
        return (audience.items["provider"][:, None] == np.arange(audience.n_providers)) * 1.0
    sizes = np.maximum(audience.genre_matrix.sum(axis=1, keepdims=True), 1)
    return audience.genre_matrix / sizes


def lift_worst_off(audience: Audience, scenario: Scenario, lists_at: ListsAt) -> GroupLift:
    """Lift providers so that the least exposed, for its size, gets more.

    Raises
    ------
    ScenarioError
        The data set names neither providers nor genres.
    """
    belongs = _reachable(audience, provider_shares(audience))
    if belongs.shape[1] == 0:
        raise ScenarioError(
            "`item_fairness_method` of the scenario is max_min, but the candidates of this data "
            "set have neither providers nor genres; choose another method."
        )
    size = belongs.sum(axis=0) / belongs.sum()

    def trial(share: NDArray[np.float64], weight: float) -> _Trial:
        lift = weight * (belongs @ (share / size))
        lists = lists_at(lift)
        ratio = (exposure_shares(lists, audience.n_items) @ belongs) / size
        value = mean_relevance(audience, lists) + scenario.item_fairness * ratio.min()
        return _Trial(share, lift, ratio, value)

    best = first = trial(size, 0.0)
    step = FIRST_STEP
    for _ in range(N_TRIALS - 1):
        share = best.share * np.exp(-step * (best.ratio - best.ratio.min()))
        new = trial(share / share.sum(), scenario.item_fairness)
        if new.value > best.value:
            best = new
        else:
            step /= 2
    return GroupLift(
        is_in=np.zeros(audience.n_items, dtype=bool),
        lift=best.lift,
        floors=np.zeros(scenario.k + 1, dtype=np.int64),
        solved={
            "smallest exposure for its size": float(best.ratio.min()),
            "the same without lift": float(first.ratio.min()),
            "trials": float(N_TRIALS),
        },
    )


@dataclass(frozen=True, eq=False)
class _Trial:
    """One set of provider weights, the lift it makes, and what it did to everyone's lists."""

    share: NDArray[np.float64]
    lift: NDArray[np.float64]
    ratio: NDArray[np.float64]
    value: float


def _reachable(audience: Audience, belongs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leave out providers of whom nobody has a candidate: nothing can lift them."""
    return belongs[:, belongs[audience.is_candidate].sum(axis=0) > 0]
