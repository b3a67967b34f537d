"""What staying near the last ranker costs in accuracy, and how much less lists then change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from engine.held_out import mean_with_half_width
from engine.pipeline.ranking.folds import evenly, first_places, label_ndcg, out_of_fold
from engine.pipeline.ranking.ranker import Ranker, TrainingSet

__all__ = ["STAYS", "StabilityPoint", "rank_correlations", "stability_curve"]

STAYS = (0.0, 0.25, 0.5, 0.75, 0.9)
MOST_PEOPLE = 1000


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
    sample = evenly(training, MOST_PEOPLE)
    assert sample.last is not None
    before = first_places(sample.last, sample)
    points = []
    for stay in stays:
        scores = out_of_fold(fit, replace(sample, stay=stay))
        now, ndcg = first_places(scores, sample), label_ndcg(scores, sample)
        changed = (np.sort(now, axis=1) != np.sort(before, axis=1)).any(axis=1).astype(np.float64)
        correlation = rank_correlations(scores, sample.last, sample.is_candidate)
        reached, near, moved = map(mean_with_half_width, (ndcg, correlation, changed))
        points.append(StabilityPoint(stay, *reached, *near, *moved, sample.n_people))
    return tuple(points)


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
