"""Bandit policies, each for many independent runs at once.

A policy scores every arm of every run; the runner shows the best (ties to the first) unless its
guard explores. All state is plain arrays of shape (n_runs, n_arms, ...), whatever the number of
steps: learning is bounded, and can be saved and resumed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

__all__ = ["BY_GROUP", "HANDED_DOWN", "POLICIES", "Bandit", "LinUcb", "LogisticThompson", "Sizes"]
__all__ += ["ThompsonBeta", "Visit"]

Floats = NDArray[np.float64]


class Visit(NamedTuple):
    """Who visits each run: ``features`` (n_runs, n_features); ``cell`` (n_runs,), the group."""

    features: Floats
    cell: NDArray[np.int64]


class Sizes(NamedTuple):
    """How large a policy's state is."""

    n_runs: int
    n_arms: int
    n_features: int
    n_cells: int = 1


class Bandit:
    """Counts pulls and rewards of each arm; shows the best mean so far."""

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.arrays: dict[str, Floats] = {
            "pulls": np.zeros((sizes.n_runs, sizes.n_arms)),
            "rewards": np.zeros((sizes.n_runs, sizes.n_arms)),
        }

    @property
    def means(self) -> Floats:
        """Mean reward of each arm; infinite where it was never shown, so that it will be."""
        pulls, rewards = self.arrays["pulls"], self.arrays["rewards"]
        return np.divide(rewards, pulls, out=np.full(pulls.shape, np.inf), where=pulls > 0)

    def scores(self, visit: Visit, rng: np.random.Generator) -> Floats:
        """Score every arm for the visitor of each run, shape (n_runs, n_arms).

        Parameters
        ----------
        visit : Visit
        rng : Generator
        """
        del visit, rng
        return self.means

    def learn(self, arm: NDArray[np.int64], reward: Floats, visit: Visit) -> None:
        """Note what each run showed, and what came of it; arrays of shape (n_runs,)."""
        del visit
        runs = np.arange(len(arm))
        self.arrays["pulls"][runs, arm] += 1
        self.arrays["rewards"][runs, arm] += reward


class EpsilonGreedy(Bandit):
    """The best mean so far, and one time in ten any arm. Source: Sutton & Barto."""

    EPSILON = 0.1

    def scores(self, visit: Visit, rng: np.random.Generator) -> Floats:
        """Score by means; a run that explores scores at random."""
        del visit
        means = self.means
        is_exploring = rng.random(len(means)) < self.EPSILON
        return np.where(is_exploring[:, None], rng.random(means.shape), means)


class Ucb1(Bandit):
    """Mean plus ``sqrt(2 ln t / n)``. Source: Auer, Cesa-Bianchi & Fischer 2002."""

    def scores(self, visit: Visit, rng: np.random.Generator) -> Floats:
        """Score by the upper bound."""
        del visit, rng
        pulls = self.arrays["pulls"]
        t = np.maximum(pulls.sum(axis=1, keepdims=True), 1)
        width = np.sqrt(2 * np.log(t) / np.maximum(pulls, 1))
        return np.where(pulls > 0, self.means + width, np.inf)


class ThompsonBeta(Bandit):
    """A draw from each arm's Beta posterior. Source: Thompson 1933; Chapelle & Li 2011."""

    FORGET = 1.0

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(sizes)
        self.arrays["prior_a"] = np.ones((sizes.n_cells, sizes.n_arms))
        self.arrays["prior_b"] = np.ones((sizes.n_cells, sizes.n_arms))

    def scores(self, visit: Visit, rng: np.random.Generator) -> Floats:
        """Score by a draw."""
        won, shown = self.arrays["rewards"], self.arrays["pulls"]
        a, b = self.arrays["prior_a"][visit.cell], self.arrays["prior_b"][visit.cell]
        return rng.beta(a + won, b + shown - won)

    def learn(self, arm: NDArray[np.int64], reward: Floats, visit: Visit) -> None:
        """Add one pull; what is older counts less where the policy forgets."""
        if self.FORGET < 1:
            self.arrays["pulls"] *= self.FORGET
            self.arrays["rewards"] *= self.FORGET
        super().learn(arm, reward, visit)


class ForgetfulThompson(ThompsonBeta):
    """The same with a memory of about a thousand visits, for interest that drifts."""

    FORGET = 0.999


class GroupThompson(ThompsonBeta):
    """A Beta posterior for each group of visitors apart; priors may be handed down to them."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(sizes)
        shape = (sizes.n_runs, sizes.n_cells, sizes.n_arms)
        self.arrays["cell_won"], self.arrays["cell_shown"] = np.zeros(shape), np.zeros(shape)

    def scores(self, visit: Visit, rng: np.random.Generator) -> Floats:
        """Score by a draw from the posterior of the visitor's group."""
        runs = np.arange(len(visit.cell))
        won = self.arrays["cell_won"][runs, visit.cell]
        shown = self.arrays["cell_shown"][runs, visit.cell]
        a, b = self.arrays["prior_a"][visit.cell], self.arrays["prior_b"][visit.cell]
        return rng.beta(a + won, b + shown - won)

    def learn(self, arm: NDArray[np.int64], reward: Floats, visit: Visit) -> None:
        """Add one pull of the visitor's group."""
        super().learn(arm, reward, visit)
        runs = np.arange(len(arm))
        self.arrays["cell_won"][runs, visit.cell, arm] += reward
        self.arrays["cell_shown"][runs, visit.cell, arm] += 1


class ThompsonGaussian(Bandit):
    """A draw from each arm's normal posterior, noise of variance 1/4, prior N(1/2, 1/4).

    The largest variance of a reward in [0, 1] is 1/4. Source: Agrawal & Goyal 2013.
    """

    def scores(self, visit: Visit, rng: np.random.Generator) -> Floats:
        """Score by a draw."""
        del visit
        shown = self.arrays["pulls"]
        middle = (0.5 + self.arrays["rewards"]) / (1 + shown)
        return middle + rng.standard_normal(shown.shape) * np.sqrt(0.25 / (1 + shown))


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


class Even(Bandit):
    """Any arm alike: what learning is held against."""

    def scores(self, visit: Visit, rng: np.random.Generator) -> Floats:
        """Score at random."""
        del visit
        return rng.random(self.arrays["pulls"].shape)


BY_GROUP, HANDED_DOWN = "Thompson by group", "Thompson by group, priors handed down"

POLICIES: Mapping[str, Callable[[Sizes], Bandit]] = {
    "Even": Even,
    "ε-greedy": EpsilonGreedy,
    "UCB1": Ucb1,
    "Thompson (Beta)": ThompsonBeta,
    "Thompson, forgetting": ForgetfulThompson,
    "Thompson (Gaussian)": ThompsonGaussian,
    "LinUCB": LinUcb,
    "Logistic Thompson": LogisticThompson,
    BY_GROUP: GroupThompson,
    HANDED_DOWN: GroupThompson,
}
"""Name → policy that has seen nothing; the last four read who visits."""
