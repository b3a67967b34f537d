"""Rankers measured on people whose labels they did not see: in turns, each part by the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.held_out import LIST_LENGTH, ndcg_at
from engine.pipeline.ranking.listed import about
from engine.pipeline.ranking.ranker import Ranker, TrainingSet
from engine.threads import side_by_side

__all__ = [
    "N_FOLDS",
    "all_out_of_fold",
    "evenly",
    "first_places",
    "folds_of",
    "label_ndcg",
    "out_of_fold",
    "scored_by_others",
]

N_FOLDS = 3


def folds_of(n_people: int) -> NDArray[np.int64]:
    """Deal people to the folds in turn, int64 of shape (n_people,)."""
    return np.arange(n_people) % N_FOLDS


def evenly(training: TrainingSet, most: int) -> TrainingSet:
    """Take at most so many of the people, evenly spaced."""
    step = max(1, -(-training.n_people // most))
    return training.take(np.arange(0, training.n_people, step))


def scored_by_others(
    fit: Callable[[TrainingSet], Ranker], training: TrainingSet, is_asked: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Score some people's candidates by a ranker that learned from all others alone.

    Parameters
    ----------
    fit : callable
        Fits a ranker on some of the people.
    training : TrainingSet
    is_asked : bool array of shape (n_people,)

    Returns
    -------
    float32 array of shape (n_asked, n)
    """
    asked = training.take(is_asked)
    ranker = about(fit(training.take(~is_asked)), asked.listed)
    return ranker.score(asked.features, asked.is_candidate)


def out_of_fold(
    fit: Callable[[TrainingSet], Ranker], training: TrainingSet, *, most_at_once: int = 1
) -> NDArray[np.float32]:
    """Score each person's candidates by a ranker that learned from the others alone.

    Parameters
    ----------
    fit : callable
        Fits a ranker on some of the people.
    training : TrainingSet
    most_at_once : int
        Fits that run side by side at most.

    Returns
    -------
    float32 array of shape (n_people, n)
    """
    return all_out_of_fold({"": fit}, training, most_at_once=most_at_once)[""]


def all_out_of_fold(
    fits: Mapping[str, Callable[[TrainingSet], Ranker]],
    training: TrainingSet,
    *,
    most_at_once: int = 1,
) -> dict[str, NDArray[np.float32]]:
    """Do the same for several rankers by name: every fold of each is a piece of work beside others.

    Returns
    -------
    dict of str to float32 array of shape (n_people, n)
    """
    fold = folds_of(training.n_people)
    scores = {name: np.zeros(training.is_label.shape, np.float32) for name in fits}
    # rankers take turns: two regressions would wait for each other
    places = [(name, number) for number in range(N_FOLDS) for name in fits]
    found = side_by_side(
        [
            partial(scored_by_others, fits[name], training, fold == number)
            for name, number in places
        ],
        most_at_once,
    )
    for (name, number), part in zip(places, found, strict=True):
        scores[name][fold == number] = part
    return scores


def first_places(scores: NDArray[np.floating], sample: TrainingSet) -> NDArray[np.int64]:
    """Columns of each person's ten best candidates, int64 of shape (n_people, ≤ 10).

    Equal scores keep their order; where fewer are candidates, padding follows.
    """
    order = np.argsort(np.where(sample.is_candidate, -scores, np.inf), axis=1, kind="stable")
    return order[:, :LIST_LENGTH]


def label_ndcg(scores: NDArray[np.floating], sample: TrainingSet) -> NDArray[np.float64]:
    """NDCG@10 of each person's labels by scores, float64 of shape (n_people,)."""
    is_hit = np.take_along_axis(sample.is_label, first_places(scores, sample), axis=1)
    return ndcg_at(LIST_LENGTH, is_hit, sample.is_label.sum(axis=1))
