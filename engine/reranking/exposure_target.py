"""Meet a share of exposure: the smallest lift of the group that does, for the whole audience.

The share rises with the lift, so the lift is found by bracketing: false position, kept away from
the ends of the bracket. Each trial re-ranks everyone. The weight says how far to go from the
share without a lift to the target; at 1 the target itself is met. A group that already has its
target is left alone: nothing is ever pushed down.

Source: the constraint of Singh & Joachims, KDD 2018 (exposure of a group), met on average over the
audience by one Lagrange multiplier, as in amortised ranking (Biega et al., SIGIR 2018).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.reranking.candidate_pool import CandidatePool
from engine.reranking.exposure import group_share
from engine.reranking.group_lift import GroupLift, Trials
from engine.scenario import Scenario
from engine.terms.item_fairness import in_group

__all__ = ["CLOSE_ENOUGH", "HIGHEST_LIFT", "lift_to_target", "smallest_lift"]

HIGHEST_LIFT = 8.0
"""More than all other terms together: the group then comes first wherever it can."""

CLOSE_ENOUGH = 5e-4
"""A share that exceeds the target by no more than this just meets it."""

FINEST = 1 / 1024
"""Lifts closer than this are not told apart."""


def smallest_lift(share_at: Callable[[float], float], aim: float) -> tuple[float, float]:
    """Return the smallest lift whose share is at least ``aim``, and that share.

    Parameters
    ----------
    share_at : callable
        Lift → share, rising.
    aim : float

    Returns
    -------
    lift, share : float
        ``share >= aim`` unless even :data:`HIGHEST_LIFT` falls short; then that and its share.
    """
    low, low_share = 0.0, share_at(0.0)
    if low_share >= aim:
        return low, low_share
    high = 0.125
    high_share = share_at(high)
    while high_share < aim and high < HIGHEST_LIFT:
        low, low_share = high, high_share
        high *= 2
        high_share = share_at(high)
    if high_share < aim:
        return high, high_share
    while high - low > FINEST and high_share - aim > CLOSE_ENOUGH:
        part = (aim - low_share) / (high_share - low_share)
        middle = low + (high - low) * min(max(part, 0.1), 0.9)
        share = share_at(middle)
        if share >= aim:
            high, high_share = middle, share
        else:
            low, low_share = middle, share
    return high, high_share


def lift_to_target(pool: CandidatePool, scenario: Scenario, trials: Trials) -> GroupLift:
    """Lift the scenario's group just so far that its share of exposure meets the target."""
    group = in_group(pool, scenario.item_fairness_group)
    mark = group.astype(np.float64)
    tried: dict[float, float] = {}

    def share_at(lift: float) -> float:
        if lift not in tried:
            tried[lift] = group_share(trials.here(lift * mark), group)
        return tried[lift]

    start = share_at(0.0)
    aim = start + scenario.item_fairness * (scenario.item_fairness_target - start)
    lift, share = smallest_lift(share_at, aim)
    return GroupLift(
        is_in=group,
        lift=lift * mark,
        floors=_no_floor(scenario.k),
        solved={
            "lift": lift,
            "share without lift": start,
            "share aimed at": max(aim, start),
            "share reached": share,
            "trials": float(len(tried)),
        },
    )


def _no_floor(k: int) -> NDArray[np.int64]:
    return np.zeros(k + 1, dtype=np.int64)
