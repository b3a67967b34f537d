"""What a policy of whole lists would have earned: slate estimators.

Rewards are added over the places of a list. With ratios of chances at each place::

    standard     mean(Π over all places · Σ r)       no assumption, weights multiply
    independent  mean(Σ_l ratio_l · r_l)             a place's reward depends on its title alone
    interaction  mean(Σ_l Π_{j ≤ l} ratio_j · r_l)   … and on what stands above it (cascade)

``independent`` takes chances at a place whatever stands above; the others take those given what
stands above. Source: Li et al. 2018 (independent); McInerney et al. 2020 (reward interaction).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.online.estimators import Estimate, mean_of

__all__ = ["SLATE_ESTIMATORS", "Slates"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Slates:
    """Logged lists beside a policy; arrays of shape (n, k).

    Attributes
    ----------
    reward : float64
    given_above : float64
        Chance of the title at its place given those above, policy over logging policy.
    at_place : float64
        The same whatever stands above.
    """

    reward: Floats
    given_above: Floats
    at_place: Floats


def standard(log: Slates) -> Estimate:
    """Weigh whole lists."""
    return mean_of(log.given_above.prod(axis=1) * log.reward.sum(axis=1))


def independent(log: Slates) -> Estimate:
    """Weigh each place by itself."""
    return mean_of((log.at_place * log.reward).sum(axis=1))


def interaction(log: Slates) -> Estimate:
    """Weigh each place by all down to it."""
    return mean_of((np.cumprod(log.given_above, axis=1) * log.reward).sum(axis=1))


SLATE_ESTIMATORS: dict[str, Callable[[Slates], Estimate]] = {
    "Standard IPS": standard,
    "Independent IPS": independent,
    "Reward interaction IPS": interaction,
}
"""Name → estimator."""
