"""Every bandit policy by its name; those that do not read features are here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from engine.online.bandits.bandit import Bandit, Sizes, Visit
from engine.online.bandits.contextual import LinUcb, LogisticThompson
from engine.online.bandits.ensemble import DriftEnsemble

__all__ = ["BY_GROUP", "BY_PERSON", "ENSEMBLE", "HANDED_DOWN", "POLICIES"]

Floats = NDArray[np.float64]


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


class PersonThompson(GroupThompson):
    """A Beta posterior for each person apart: ``cell`` is the person, not the group.

    Nobody is met often enough to learn from alone, so it is of use with priors handed down to them.
    """

    OF_PERSONS = True


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


class Even(Bandit):
    """Any arm alike: what learning is held against."""

    def scores(self, visit: Visit, rng: np.random.Generator) -> Floats:
        """Score at random."""
        del visit
        return rng.random(self.arrays["pulls"].shape)


ENSEMBLE = "Ensemble for drift"
BY_GROUP, HANDED_DOWN = "Thompson by group", "Thompson by group, priors handed down"
BY_PERSON = "Thompson by person, priors handed down"

POLICIES: Mapping[str, Callable[[Sizes], Bandit]] = {
    "Even": Even,
    "ε-greedy": EpsilonGreedy,
    "UCB1": Ucb1,
    "Thompson (Beta)": ThompsonBeta,
    "Thompson, forgetting": ForgetfulThompson,
    ENSEMBLE: DriftEnsemble,
    "Thompson (Gaussian)": ThompsonGaussian,
    "LinUCB": LinUcb,
    "Logistic Thompson": LogisticThompson,
    BY_GROUP: GroupThompson,
    HANDED_DOWN: GroupThompson,
    BY_PERSON: PersonThompson,
}
"""Name → policy that has seen nothing; the last five read who visits."""
