"""Asking item factors with the factors of people: what factor models have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.pipeline.retrieval.factor_search import exact_best, pair_scores
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import Proposed

__all__ = ["ByFactors"]


class ByFactors(ABC):
    """A score is the inner product of a person's and an item's factors.

    Attributes
    ----------
    item_factors : float32 array of shape (n_items, d)
    """

    item_factors: NDArray[np.float32]

    @abstractmethod
    def factors_of(self, histories: Histories) -> NDArray[np.float32]:
        """Factors of people, float32 of shape (n_people, d); zero where nothing is known."""

    def best(
        self, people: NDArray[np.float32], seen: Ragged, n: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Find the ``n`` unseen items with the largest scores; exactly."""
        return exact_best(people, self.item_factors, seen, n)

    def source(self, profile: Profile) -> Self:
        """Ask with the whole history, whatever ``profile`` says."""
        del profile
        return self

    def propose(self, histories: Histories, n: int) -> Proposed:
        """Propose the ``n`` best unseen items."""
        people, seen = self.factors_of(histories), histories.seen
        items, scores = self.best(people, seen, n)
        return Proposed(items, scores, self.pairs(people, seen))

    def score(self, histories: Histories, items: Ragged) -> NDArray[np.float32]:
        """Score any items, one row per person."""
        return self.pairs(self.factors_of(histories), items)

    def pairs(self, people: NDArray[np.float32], items: Ragged) -> NDArray[np.float32]:
        """Score the items of each person's row by the person's factors, shape (nnz,)."""
        return pair_scores(people, self.item_factors, items)
