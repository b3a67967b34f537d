"""Bandits that read who visits: a regression of rewards on features for each arm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from engine.online.bandits.bandit import Bandit, Sizes, Visit

__all__ = ["LinUcb", "LogisticThompson"]

Floats = NDArray[np.float64]


class LinUcb(Bandit):
    """A ridge regression of rewards on features for each arm, plus its width.

    ``x θ + α sqrt(xᵀ A⁻¹ x)`` with ``A = I + Σ x xᵀ``. Source: Li et al. 2010 (disjoint).
    """

    ALPHA = 0.5

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(sizes)
        n_runs, n_arms, n_features, _ = sizes
        unit = np.broadcast_to(np.eye(n_features), (n_runs, n_arms, n_features, n_features))
        self.arrays["inverse"] = unit.copy()
        self.arrays["moment"] = np.zeros((n_runs, n_arms, n_features))

    def scores(self, visit: Visit, rng: np.random.Generator) -> Floats:
        """Score by the upper bound."""
        del rng
        features = visit.features
        along = np.einsum("rkij,rj->rki", self.arrays["inverse"], features)
        mean = np.einsum("rki,rki->rk", along, self.arrays["moment"])
        width = np.einsum("rki,ri->rk", along, features)
        return mean + self.ALPHA * np.sqrt(np.maximum(width, 0))

    def learn(self, arm: NDArray[np.int64], reward: Floats, visit: Visit) -> None:
        """Add one row to each run's regression (Sherman & Morrison)."""
        super().learn(arm, reward, visit)
        runs, features = np.arange(len(arm)), visit.features
        inverse = self.arrays["inverse"][runs, arm]
        along = np.einsum("rij,rj->ri", inverse, features)
        below = 1 + np.einsum("ri,ri->r", along, features)
        inverse -= along[:, :, None] * along[:, None, :] / below[:, None, None]
        self.arrays["inverse"][runs, arm] = inverse
        self.arrays["moment"][runs, arm] += reward[:, None] * features


class LogisticThompson(Bandit):
    """A logistic regression for each arm, drawn from a normal with independent weights.

    Mean and precision are updated online by one Newton step a visit. Source: Chapelle & Li 2011,
    algorithm 3, in its online form (Graepel et al. 2010 for independent weights).
    """

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(sizes)
        n_runs, n_arms, n_features, _ = sizes
        self.arrays["mean"] = np.zeros((n_runs, n_arms, n_features))
        self.arrays["precision"] = np.ones((n_runs, n_arms, n_features))

    def scores(self, visit: Visit, rng: np.random.Generator) -> Floats:
        """Score by a draw."""
        mean, precision = self.arrays["mean"], self.arrays["precision"]
        weights = mean + rng.standard_normal(mean.shape) / np.sqrt(precision)
        return np.einsum("rkj,rj->rk", weights, visit.features)

    def learn(self, arm: NDArray[np.int64], reward: Floats, visit: Visit) -> None:
        """Take one step of each run's regression."""
        super().learn(arm, reward, visit)
        runs, features = np.arange(len(arm)), visit.features
        mean = self.arrays["mean"][runs, arm]
        chance = expit(np.einsum("ri,ri->r", mean, features))
        precision = self.arrays["precision"][runs, arm]
        precision += features**2 * (chance * (1 - chance))[:, None]
        self.arrays["precision"][runs, arm] = precision
        self.arrays["mean"][runs, arm] = mean + features * (reward - chance)[:, None] / precision
