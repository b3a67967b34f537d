"""Whether a score says how likely a like is, and what more people to learn from would bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from engine.held_out import mean_with_half_width
from engine.pipeline.ranking.folds import folds_of, label_ndcg
from engine.pipeline.ranking.listed import about
from engine.pipeline.ranking.ranker import Ranker, TrainingSet
from engine.threads import side_by_side

__all__ = ["SHARES", "LearningPoint", "ReliabilityBin", "learning_curve", "reliability"]

N_BINS = 10
SHARES = (0.125, 0.25, 0.5, 1.0)
"""Parts of the people that a ranker learns from."""


@dataclass(frozen=True)
class ReliabilityBin:
    """Candidates whose chances of a like were said to be alike.

    Attributes
    ----------
    said, came : float
        Mean chance that the scores say, and share that was liked.
    half_width : float
        Half of the 95 % interval of ``came``; people are the sample.
    n_rows, n : int
        Candidates, and people with one of them.
    """

    said: float
    came: float
    half_width: float
    n_rows: int
    n: int


@dataclass(frozen=True)
class LearningPoint:
    """What one ranker reaches that learned from a part of the people.

    Attributes
    ----------
    name : str
    share : float
        Of the people that it could learn from.
    n_taught : int
        So many.
    ndcg_at_10, half_width : float
        Mean over people that it was not taught by, and half of its 95 % interval.
    loss, loss_half_width : float
        The same of what it falls short of the ranker that learned from all, person by person.
    n : int
        People.
    """

    name: str
    share: float
    n_taught: int
    ndcg_at_10: float
    half_width: float
    loss: float
    loss_half_width: float
    n: int


def reliability(scores: NDArray[np.floating], sample: TrainingSet) -> tuple[ReliabilityBin, ...]:
    """Hold the chances that scores say against what was liked, in bins of equally many candidates.

    A line turns a score into log-odds; it is fitted on the other folds, so that no chance is said
    of a like that it has seen.

    Parameters
    ----------
    scores : float array of shape (n_people, n)
        Of people by rankers that did not see their labels.
    sample : TrainingSet
        Of the same people.

    Source
    ------
    Platt, "Probabilistic outputs for support vector machines", 1999; Niculescu-Mizil and Caruana,
    "Predicting good probabilities with supervised learning", ICML 2005.
    """
    is_there, fold = sample.is_candidate, folds_of(sample.n_people)
    chance = np.full(scores.shape, np.nan)
    for number in np.unique(fold):
        known, asked = fold != number, fold == number
        if len(np.unique(sample.is_label[known][is_there[known]])) < 2:
            return ()
        line = LogisticRegression(C=np.inf)
        line.fit(scores[known][is_there[known]][:, None], sample.is_label[known][is_there[known]])
        chance[asked] = expit(line.coef_[0, 0] * scores[asked] + line.intercept_[0])
    said, came = chance[is_there], sample.is_label[is_there]
    owner = np.nonzero(is_there)[0]
    edges = np.unique(np.quantile(said, np.linspace(0, 1, N_BINS + 1)[1:-1]))
    bins = np.searchsorted(edges, said, side="left")
    places = (bins == place for place in np.unique(bins))
    return tuple(_bin(said[is_in], came[is_in], owner[is_in]) for is_in in places)


def _bin(
    said: NDArray[np.float64], came: NDArray[np.bool_], owner: NDArray[np.int64]
) -> ReliabilityBin:
    people, rows = np.unique(owner, return_inverse=True)
    sizes = np.bincount(rows)
    share = float(came.mean())
    residual = np.bincount(rows, weights=came - share)
    # of a ratio of sums over people (Cochran, "Sampling Techniques", 1977, equation 6.13)
    _, half = mean_with_half_width(residual / sizes.mean())
    return ReliabilityBin(float(said.mean()), share, half, len(said), len(people))


def learning_curve(
    names: Sequence[str],
    sample: TrainingSet,
    whole: Mapping[str, NDArray[Any]],
    fit: Callable[[str, TrainingSet], Ranker],
    *,
    most_at_once: int = 1,
) -> tuple[LearningPoint, ...]:
    """Teach each ranker parts of the people, each within the next, and ask those of one fold.

    Parameters
    ----------
    names : sequence of str
    sample : TrainingSet
        People of fold 0 are asked, the others taught.
    whole : mapping of str to array of shape (n_people, n)
        Scores by rankers that learned from all others.
    fit : callable
        ``(name, training) -> Ranker``.
    most_at_once : int
        Fits that run side by side at most.
    """
    fold = folds_of(sample.n_people)
    asked, others = sample.take(fold == 0), np.flatnonzero(fold != 0)
    # evenly spaced in an order without pattern, so that every part is like the whole
    others = np.random.default_rng(0).permutation(others)
    best = {name: label_ndcg(whole[name][fold == 0], asked) for name in names}

    def reached_by(name: str, share: float, taught: NDArray[np.int64]) -> LearningPoint | None:
        found = best[name]
        if share < 1:
            part = sample.take(np.sort(taught))
            if not part.is_label.any():
                return None
            told = about(fit(name, part), asked.listed)
            found = label_ndcg(told.score(asked.features, asked.is_candidate), asked)
        reached, lost = mean_with_half_width(found), mean_with_half_width(best[name] - found)
        return LearningPoint(name, share, len(taught), *reached, *lost, len(found))

    # rankers take turns: two regressions would wait for each other
    places = [(name, share) for share in SHARES for name in names]
    pieces = [
        partial(reached_by, name, share, others[: max(int(share * len(others)), 1)])
        for name, share in places
    ]
    found = dict(zip(places, side_by_side(pieces, most_at_once), strict=True))
    in_order = [found[name, share] for name in names for share in SHARES]
    return tuple(point for point in in_order if point)
