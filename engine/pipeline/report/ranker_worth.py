"""What the ranker is worth: its gain over retrieval, and whether higher scores are liked more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.held_out import is_in_rows, ndcg_at
from engine.pipeline.report.estimates import Estimate, mean_of, ratio_of

__all__ = ["N_BINS", "RankerGain", "ScoreBin", "ranker_gain", "score_bins"]

N_BINS = 10


@dataclass(frozen=True)
class RankerGain:
    """NDCG of the retrieved order, of the ranker's, and the paired difference over people."""

    retrieved: Estimate
    ranked: Estimate
    gain: Estimate


def ranker_gain(artifacts: Artifacts, k: int) -> RankerGain:
    """Compare the ranker's first ``k`` with those of the order in which retrieval gave them.

    Parameters
    ----------
    artifacts : Artifacts
    k : int
        At least 1.
    """
    n_held = artifacts.holdout.lengths()
    before, after = (
        ndcg_at(
            k, is_in_rows(np.asarray(lists)[:, :k], artifacts.holdout, artifacts.n_items), n_held
        )
        for lists in (artifacts.filtered, artifacts.candidates)
    )
    return RankerGain(mean_of(before), mean_of(after), mean_of(after - before, None))


@dataclass(frozen=True)
class ScoreBin:
    """Candidates with scores next to each other.

    Attributes
    ----------
    low, high : float
        Lowest and highest score.
    mean : float
        Mean score.
    n : int
        Candidates.
    liked : Estimate
        Share of them that are held-out likes; its ``n`` counts people.
    """

    low: float
    high: float
    mean: float
    n: int
    liked: Estimate


def score_bins(artifacts: Artifacts, n_bins: int = N_BINS) -> tuple[ScoreBin, ...]:
    """Cut everybody's candidates into equally many by score, and count the held-out likes.

    Only people with something held out count. Equal scores stay in one bin, so bins may be fewer
    and of different size. O(candidates · log candidates).

    Parameters
    ----------
    artifacts : Artifacts
    n_bins : int

    Returns
    -------
    tuple of ScoreBin
        Lowest scores first; empty where nobody has anything held out.
    """
    people = np.flatnonzero(artifacts.holdout.lengths() > 0)
    lists = np.asarray(artifacts.candidates)[people]
    is_hit = is_in_rows(lists, artifacts.holdout.take(people), artifacts.n_items)
    is_there = lists != PAD
    scores = np.asarray(artifacts.scores)[people][is_there].astype(np.float64)
    if not len(scores):
        return ()
    owner = np.nonzero(is_there)[0]
    edges = np.unique(np.quantile(scores, np.linspace(0, 1, n_bins + 1)[1:-1]))
    bins = np.searchsorted(edges, scores, side="left")
    return tuple(
        _bin(scores[bins == place], owner[bins == place], is_hit[is_there][bins == place])
        for place in np.unique(bins)
    )


def _bin(
    scores: NDArray[np.float64], owner: NDArray[np.int64], is_liked: NDArray[np.bool_]
) -> ScoreBin:
    n_people = int(owner.max()) + 1
    liked = np.bincount(owner, weights=is_liked, minlength=n_people)
    return ScoreBin(
        float(scores.min()),
        float(scores.max()),
        float(scores.mean()),
        len(scores),
        ratio_of(liked, np.bincount(owner, minlength=n_people)),
    )
