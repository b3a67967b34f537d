"""Lists as a second stage will meet them: in the order of a ranker that did not see the labels.

On the people it was taught by, a ranker puts the labels higher than it ever will again. A second
stage that learns from such lists learns to trust it, and is wrong about everybody else.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.ranker import Ranker, TrainingSet

__all__ = ["N_FOLDS", "folds_of", "out_of_fold"]

N_FOLDS = 3


def folds_of(n_people: int) -> NDArray[np.int64]:
    """Deal people to the folds in turn, int64 of shape (n_people,)."""
    return np.arange(n_people) % N_FOLDS


def out_of_fold(fit: Callable[[TrainingSet], Ranker], training: TrainingSet) -> NDArray[np.float32]:
    """Score each person's candidates by a ranker that learned from the others alone.

    Parameters
    ----------
    fit : callable
        Fits a ranker on some of the people.
    training : TrainingSet

    Returns
    -------
    float32 array of shape (n_people, n)
    """
    fold = folds_of(training.n_people)
    scores = np.zeros(training.is_label.shape, np.float32)
    for number in range(N_FOLDS):
        asked = training.take(fold == number)
        ranker = fit(training.take(fold != number))
        scores[fold == number] = ranker.score(asked.features, asked.is_candidate)
    return scores
