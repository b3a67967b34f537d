"""What a bandit policy is: it scores every arm of every run, and learns from what was shown.

The runner shows the best score (ties to the first) unless its guard explores. All state is plain
arrays whose size does not grow with the number of visits: learning is bounded, and can be saved and
resumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bandit", "Sizes", "Visit"]

Floats = NDArray[np.float64]


class Visit(NamedTuple):
    """Who visits each run: ``features`` (n_runs, n_features); ``cell`` (n_runs,), their group."""

    features: Floats
    cell: NDArray[np.int64]


class Sizes(NamedTuple):
    """How large a policy's state is."""

    n_runs: int
    n_arms: int
    n_features: int
    n_cells: int = 1


class Bandit:
    """Counts pulls and rewards of each arm; shows the best mean so far.

    ``OF_PERSONS``: the cell of its visits is the person, not the group.
    """

    OF_PERSONS = False

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
