"""Lists as a second stage will meet them: in the order of a ranker that did not see the labels.

On the people it was taught by, a ranker puts the labels higher than it ever will again. A second
stage that learns from such lists learns to trust it, and is wrong about everybody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.held_out import ndcg_at
from engine.pipeline.ranking.blend_choice import GRID
from engine.pipeline.ranking.folds import N_FOLDS, folds_of, out_of_fold
from engine.pipeline.ranking.ranker import Ranker, TrainingSet
from engine.pipeline.second.stage import ListSet, SecondConfig, SecondRecord, mixed
from engine.pipeline.second.staged import first_lists
from engine.progress import part

__all__ = ["TaughtLists", "scored_out_of_fold", "taught_lists", "weighed"]


@dataclass(frozen=True, eq=False)
class TaughtLists:
    """What second stages learn from.

    Attributes
    ----------
    lists : ListSet
        In the order of scores out of fold.
    is_label : bool array of shape (n_people, n)
    n_labels : int64 array of shape (n_people,)
        Among all candidates of each person, also those that are not in the list.
    feature_names : tuple of str
    """

    lists: ListSet
    is_label: NDArray[np.bool_]
    n_labels: NDArray[np.int64]
    feature_names: tuple[str, ...]

    def ndcg(self, scores: NDArray[np.floating] | None = None) -> NDArray[np.float64]:
        """NDCG@10 of each person by the scores given, or of the lists as they are."""
        is_hit = self.is_label
        if scores is not None:
            known = np.where(self.lists.is_candidate, scores, -np.inf)
            order = np.argsort(-known, axis=1, kind="stable")
            is_hit = np.take_along_axis(self.is_label, order, axis=1)
        return ndcg_at(10, is_hit, self.n_labels)


def taught_lists(
    training: TrainingSet, fit: Callable[[TrainingSet], Ranker], first: int
) -> TaughtLists:
    """Order everybody's candidates by a ranker that did not see their labels; keep the first."""
    scores = out_of_fold(fit, training)
    lists, places = first_lists(scores, training.features, training.is_candidate, first)
    is_label = np.take_along_axis(training.is_label, places, axis=1)
    return TaughtLists(lists, is_label, training.is_label.sum(axis=1), training.feature_names)


def scored_out_of_fold(
    record: SecondRecord, taught: TaughtLists, config: SecondConfig, seed: int
) -> NDArray[np.float32]:
    """Score each person's list by a second stage that learned from the others' alone."""
    fold = folds_of(taught.lists.n_people)
    scores = np.zeros(taught.is_label.shape, np.float32)
    for number in range(N_FOLDS):
        others = fold != number
        with part(number / N_FOLDS, (number + 1) / N_FOLDS):
            stage = record.fit(
                taught.lists.take(others),
                taught.is_label[others],
                taught.feature_names,
                config,
                seed,
            )
        scores[~others] = stage.score(taught.lists.take(~others))
    return scores


def weighed(taught: TaughtLists, scores: NDArray[np.float32]) -> tuple[float, NDArray[np.float64]]:
    """Choose how much the second stage counts beside the first, by scores out of fold.

    Returns
    -------
    weight : float
        With the best mean over everybody, one of :data:`engine.pipeline.ranking.choice.GRID`.
    reached : float64 array of shape (n_people,)
        NDCG@10 of each person with the weight that is best on the people of the other folds, so
        that nobody's own labels had a part in what they are measured with.
    """
    by_weight = np.stack([taught.ndcg(mixed(taught.lists, scores, weight)) for weight in GRID])
    fold, reached = folds_of(taught.lists.n_people), np.empty(by_weight.shape[1])
    for number in range(N_FOLDS):
        own = fold == number
        reached[own] = by_weight[int(np.argmax(by_weight[:, ~own].mean(axis=1)))][own]
    return GRID[int(np.argmax(by_weight.mean(axis=1)))], reached
