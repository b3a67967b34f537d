"""What staying near the last ranker costs in accuracy, and how much less lists then change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from engine.held_out import mean_with_half_width, ndcg_at
from engine.pipeline.ranking.ranker import Ranker, TrainingSet

__all__ = ["STAYS", "StabilityPoint", "rank_correlations", "stability_curve"]

STAYS = (0.0, 0.25, 0.5, 0.75, 0.9)
N_FOLDS, MOST_PEOPLE, LIST_LENGTH = 3, 1000, 10


@dataclass(frozen=True)
class StabilityPoint:
    """A weight of the last ranker's word, measured on people that the new one was not taught by.

    Attributes
    ----------
    stay : float
    ndcg_at_10, half_width : float
        Mean over people, and half of its 95 % interval, as below.
    correlation, correlation_half_width : float
        Spearman's rank correlation with the last order, over a person's candidates.
    changed, changed_half_width : float
        Share of lists of ten that hold another item than before.
    n : int
        People.
    """

    stay: float
    ndcg_at_10: float
    half_width: float
    correlation: float
    correlation_half_width: float
    changed: float
    changed_half_width: float
    n: int


def stability_curve(
    fit: Callable[[TrainingSet], Ranker], training: TrainingSet, stays: Sequence[float] = STAYS
) -> tuple[StabilityPoint, ...]:
    """Fit with every weight on some people and compare the others' lists with the last ones.

    The last ranker may have learned from these very labels: where the data have not changed since,
    its word looks better than it is, and accuracy falls less than it would on new data.

    Parameters
    ----------
    fit : callable
    training : TrainingSet
        With the scores of the last ranker.
    stays : sequence of float
    """
    assert training.last is not None
    step = max(1, -(-training.n_people // MOST_PEOPLE))
    sample = training.take(np.arange(0, training.n_people, step))
    assert sample.last is not None
    fold = np.arange(sample.n_people) % N_FOLDS
    before = _first(sample.last, sample)
    points = []
    for stay in stays:
        scores = np.empty(sample.is_label.shape)
        for number in range(N_FOLDS):
            taught = replace(sample.take(fold != number), stay=stay)
            asked = sample.take(fold == number)
            scores[fold == number] = fit(taught).score(asked.features, asked.is_candidate)
        now = _first(scores, sample)
        is_hit = np.take_along_axis(sample.is_label, now, axis=1)
        ndcg = ndcg_at(LIST_LENGTH, is_hit, sample.is_label.sum(axis=1))
        changed = (np.sort(now, axis=1) != np.sort(before, axis=1)).any(axis=1).astype(np.float64)
        correlation = rank_correlations(scores, sample.last, sample.is_candidate)
        reached, near, moved = map(mean_with_half_width, (ndcg, correlation, changed))
        points.append(StabilityPoint(stay, *reached, *near, *moved, len(fold)))
    return tuple(points)


def _first(scores: NDArray[np.floating], sample: TrainingSet) -> NDArray[np.int64]:
    order = np.argsort(np.where(sample.is_candidate, -scores, np.inf), axis=1, kind="stable")
    return order[:, :LIST_LENGTH]


def rank_correlations(
    one: NDArray[np.floating], other: NDArray[np.floating], is_there: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Spearman's rank correlation of two scores, row by row; NaN where either is all alike.

    Parameters
    ----------
    one, other : float arrays of shape (n_people, n)
    is_there : bool array of shape (n_people, n)
        What counts.

    Source
    ------
    Spearman, "The proof and measurement of association between two things", 1904; with equal
    scores at their mean rank.
    """
    centred = []
    for scores in (one, other):
        ranks = rankdata(np.where(is_there, scores, np.nan), axis=1, nan_policy="omit")
        mean = np.nansum(np.where(is_there, ranks, 0), axis=1) / np.maximum(is_there.sum(axis=1), 1)
        centred.append(np.where(is_there, ranks - mean[:, None], 0.0))
    sizes = np.sqrt((centred[0] ** 2).sum(axis=1) * (centred[1] ** 2).sum(axis=1))
    product = (centred[0] * centred[1]).sum(axis=1)
    return np.where(sizes > 0, product / np.where(sizes > 0, sizes, 1.0), np.nan)
