"""Asking item factors with the factors of people: what factor models have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.pipeline.retrieval.factor_search import exact_best, pair_scores
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import Proposed

__all__ = ["ByFactors", "held_against", "raised_biases"]


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
        return Proposed(items, scores, pair_scores(people, self.item_factors, seen))

    def score(self, histories: Histories, items: Ragged) -> NDArray[np.float32]:
        """Score any items, one row per person."""
        return pair_scores(self.factors_of(histories), self.item_factors, items)


def raised_biases(
    people: NDArray[np.float32], items: NDArray[np.float32], bias: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Shift biases alike so that no score of these people is below 0, for 0 means nothing is known.

    A softmax is the same whatever is added to all of its scores, so none of it is lost.

    Parameters
    ----------
    people : float32 array of shape (n_people, d)
    items : float32 array of shape (n_items, d)
    bias : float32 array of shape (n_items,)
    """
    if not len(people) or not len(items):
        return bias
    return bias - np.float32(min((people @ items.T + bias).min(), 0.0)) + np.float32(1e-3)


def held_against(
    audience: Histories,
    learned: Mapping[str, NDArray[np.float32]],
    read: Callable[[Histories, Mapping[str, Any]], NDArray[np.float32]],
) -> tuple[NDArray[np.float32], dict[str, NDArray[np.float32]]]:
    """Part what a network of sequences learned into what people are held against and the rest.

    Parameters
    ----------
    audience : Histories
        That was learned from; items that nobody of them met become zero.
    learned : mapping of str to float32 array
        With ``items`` of shape (n_items, d) and ``bias`` of shape (n_items,).
    read : callable
        ``(histories, weights) -> vectors``, float32 of shape (n_people, d).

    Returns
    -------
    item_factors : float32 array of shape (n_items, d + 1)
        The last column is the bias, see :func:`raised_biases`.
    weights : dict of str to float32 array
        Without ``bias``.
    """
    weights = dict(learned)
    known = audience.popularity > 0
    weights["items"] = np.where(known[:, None], weights["items"], 0).astype(np.float32)
    step = max(1, audience.n_people // 500)
    people = read(audience.take(np.arange(0, audience.n_people, step)), weights)
    bias = np.where(known, weights.pop("bias"), 0).astype(np.float32)
    bias[known] = raised_biases(people, weights["items"][known], bias[known])
    return np.hstack([weights["items"], bias[:, None]]).astype(np.float32), weights
