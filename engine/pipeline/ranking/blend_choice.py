"""Which rankers to blend and by what weights, on scores of people whose labels none of them saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from engine.pipeline.ranking.blend import person_standard
from engine.pipeline.ranking.folds import folds_of, label_ndcg
from engine.pipeline.ranking.ranker import TrainingSet

__all__ = ["BLEND", "GRID", "Blending", "blendings", "grid_weights", "likely_weights"]

GRID = tuple(np.round(np.linspace(0.0, 1.0, 11), 2).tolist())
"""Weights of the first of two that a blend of two tries."""

BLEND, MEAN, WEIGHED = "blend", "mean of all", "all, weighed"
"""Blends, for people: of the best two, of all alike, of all by the weights that fit best."""

Weigh = Callable[[NDArray[np.float64], TrainingSet], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Blending:
    """One way to blend.

    Attributes
    ----------
    name : str
        For people.
    rankers : tuple of str
    stack : float64 array of shape (n_people, n, n_rankers)
        Their standardised scores, 0 where padded.
    sample : TrainingSet
        Of the same people.
    weigh : callable
        Learns the weights of such a stack.
    """

    name: str
    rankers: tuple[str, ...]
    stack: NDArray[np.float64]
    sample: TrainingSet
    weigh: Weigh

    @cached_property
    def members(self) -> tuple[tuple[str, float], ...]:
        """Rankers with their weights, at least 0 and summing to 1, learned on everybody."""
        weights = self.weigh(self.stack, self.sample)
        return tuple(zip(self.rankers, weights.tolist(), strict=True))

    @property
    def as_served(self) -> NDArray[np.float64]:
        """Scores with the weights of ``members``, float64 of shape (n_people, n)."""
        return self.stack @ np.array([weight for _, weight in self.members])

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """Scores with weights that were learned on the people of the other folds.

        Nobody's own labels have a part in what the blend is measured by.
        """
        fold, scores = folds_of(self.sample.n_people), np.zeros(self.sample.is_label.shape)
        for number in np.unique(fold):
            own = fold == number
            scores[own] = self.stack[own] @ self.weigh(self.stack[~own], self.sample.take(~own))
        return scores

    @property
    def compared(self) -> NDArray[np.float64]:
        """Scores that it is held against others by.

        Of two, those that would serve: the one number that is fitted makes them look better by far
        less than their interval, and a number from fewer people makes them look worse than they
        are. Of more, those with weights of other people.
        """
        return self.as_served if len(self.rankers) == 2 else self.scores


def blendings(
    scores: Mapping[str, NDArray[np.floating]], best_first: Sequence[str], sample: TrainingSet
) -> tuple[Blending, ...]:
    """Blend the best two; of more than two, all of them as well, alike and weighed.

    Parameters
    ----------
    scores : mapping of str to float array of shape (n_people, n)
        Of rankers that did not see the people's labels.
    best_first : sequence of str
        Their names.
    sample : TrainingSet
    """
    tables = {}
    for name in best_first:
        mean, deviation = person_standard(scores[name], sample.is_candidate)
        tables[name] = np.where(sample.is_candidate, (scores[name] - mean) / deviation, 0.0)
    if len(best_first) < 2:
        return ()

    def of(name: str, rankers: Sequence[str], weigh: Weigh) -> Blending:
        stack = np.stack([tables[one] for one in rankers], axis=-1)
        return Blending(name, tuple(rankers), stack, sample, weigh)

    pair = of(BLEND, best_first[:2], grid_weights)
    if len(best_first) == 2:
        return (pair,)
    return pair, of(MEAN, best_first, _alike), of(WEIGHED, best_first, likely_weights)


def _alike(stack: NDArray[np.float64], _sample: TrainingSet) -> NDArray[np.float64]:
    return np.full(stack.shape[-1], 1.0 / stack.shape[-1])


def grid_weights(stack: NDArray[np.float64], sample: TrainingSet) -> NDArray[np.float64]:
    """Weights of two on :data:`GRID` with the best NDCG@10, float64 of shape (2,).

    Parameters
    ----------
    stack : float64 array of shape (n_people, n, 2)
        Standardised scores.
    sample : TrainingSet
        Of the same people.
    """
    options = [np.array([one, 1.0 - one]) for one in GRID]
    reached = [label_ndcg(stack @ weights, sample).mean() for weights in options]
    return options[int(np.argmax(reached))]


def likely_weights(stack: NDArray[np.float64], sample: TrainingSet) -> NDArray[np.float64]:
    """Weights under which the labels are likeliest: the softmax over each person's candidates.

    It is convex in the weights, which are kept from falling below 0: a ranker is listened to, or
    not. Where no weight above 0 helps, all weigh alike.

    Parameters
    ----------
    stack : float64 array of shape (n_people, n, n_rankers)
        Standardised scores, 0 where padded.
    sample : TrainingSet
        Of the same people.

    Returns
    -------
    float64 array of shape (n_rankers,)
        Summing to 1.

    Source
    ------
    Breiman, "Stacked regressions", Machine Learning, 1996: weights that are not negative, learned
    out of fold; with the loss of Cao et al., "Learning to rank: from pairwise approach to listwise
    approach", ICML 2007.
    """
    known = sample.is_label.any(axis=1)
    is_there, is_label = sample.is_candidate[known], sample.is_label[known]
    n_labels, stack = is_label.sum(axis=1, keepdims=True), stack[known]
    wanted = np.einsum("pn,pnr->pr", is_label / np.maximum(n_labels, 1), stack)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = np.where(is_there, stack @ weights, -np.inf)
        top = logits.max(axis=1, keepdims=True)
        chance = np.exp(logits - top)
        total = chance.sum(axis=1, keepdims=True)
        slope = np.einsum("pn,pnr->pr", chance / total, stack) - wanted
        value = (top + np.log(total))[:, 0] - wanted @ weights
        return float(value.mean()), slope.mean(axis=0)

    n = stack.shape[-1]
    alike = np.full(n, 1.0 / n)
    if not len(stack):
        return alike
    found = minimize(loss, alike, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * n).x
    return np.asarray(found / found.sum() if found.sum() > 0 else alike, np.float64)
