"""For interest that drifts: members of different memory, weighed by what they foresaw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.online.bandits.bandit import Bandit, Sizes, Visit

__all__ = ["DriftEnsemble"]

Floats = NDArray[np.float64]

MEMORIES = (np.inf, 2000.0, 200.0)
"""Visits that each member's memory spans; the first forgets nothing."""

FORESIGHT = 200.0
"""Visits over which members are judged."""


class DriftEnsemble(Bandit):
    """Beta posteriors that forget at different speeds; one of them is drawn for each visit.

    A member is drawn in proportion to how likely it found the rewards of the last
    :data:`FORESIGHT` visits or so. While interest stays, the one that remembers all foresees best;
    after it has turned, one that forgets. Source: model averaging with forgetting (Raftery, Kárný
    & Ettler 2010), over discounted Thompson sampling (Raj & Kalyani 2017).
    """

    def __init__(self, sizes: Sizes) -> None:
        super().__init__(sizes)
        shape = (sizes.n_runs, len(MEMORIES), sizes.n_arms)
        self.arrays["won"], self.arrays["seen"] = np.zeros(shape), np.zeros(shape)
        self.arrays["foreseen"] = np.zeros((sizes.n_runs, len(MEMORIES)))

    def scores(self, visit: Visit, rng: np.random.Generator) -> Floats:
        """Score by a draw of the member drawn."""
        del visit
        foreseen = self.arrays["foreseen"]
        member = (foreseen + rng.gumbel(size=foreseen.shape)).argmax(axis=1)
        runs = np.arange(len(member))
        won, seen = self.arrays["won"][runs, member], self.arrays["seen"][runs, member]
        return rng.beta(1 + won, 1 + np.maximum(seen - won, 0))

    def learn(self, arm: NDArray[np.int64], reward: Floats, visit: Visit) -> None:
        """Judge every member by what it foresaw, then let all learn and forget."""
        super().learn(arm, reward, visit)
        runs = np.arange(len(arm))
        won, seen = self.arrays["won"], self.arrays["seen"]
        mean = (1 + won[runs, :, arm]) / (2 + seen[runs, :, arm])
        likely = reward[:, None] * np.log(mean) + (1 - reward[:, None]) * np.log(1 - mean)
        self.arrays["foreseen"] *= 1 - 1 / FORESIGHT
        self.arrays["foreseen"] += likely - likely.max(axis=1, keepdims=True)
        keep = (1 - 1 / np.array(MEMORIES))[None, :, None]
        won *= keep
        seen *= keep
        won[runs, :, arm] += reward[:, None]
        seen[runs, :, arm] += 1
