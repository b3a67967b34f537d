"""Why the ranker puts an item where it is, in plain words that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.people.feature_words import in_families

__all__ = ["RankReasons", "rank_reasons"]


@dataclass(frozen=True, eq=False)
class RankReasons:
    """One candidate's score against the mean of the person's candidates, by family of reasons.

    Attributes
    ----------
    families : tuple of str
        Strongest first, whichever way.
    values : float64 array of shape (n_families,)
        They add up to ``score - mean_score``.
    score, mean_score : float
    """

    families: tuple[str, ...]
    values: NDArray[np.float64]
    score: float
    mean_score: float


def rank_reasons(
    feature_names: Sequence[str], contributions: NDArray[np.float64], place: int
) -> RankReasons:
    """Compare the candidate at ``place`` with the person's mean candidate.

    What is alike for all candidates of a person (how much they have seen, the ranker's mean score)
    cannot decide an order, and comparing takes it out.

    Parameters
    ----------
    feature_names : sequence of str, of length n_features
    contributions : float64 array of shape (n_candidates, n_features + 1)
        From :func:`engine.rank_explanation.explain_ranks`; rows of padding are NaN.
    place : int
        0 is the ranker's first.
    """
    known = contributions[np.isfinite(contributions).all(axis=1)]
    against_mean = contributions[place] - known.mean(axis=0)
    families, sums = in_families(feature_names, against_mean[None, :-1])
    order = np.argsort(-np.abs(sums[0]), kind="stable")
    return RankReasons(
        families=tuple(families[place] for place in order),
        values=sums[0][order],
        score=float(contributions[place].sum()),
        mean_score=float(known.sum(axis=1).mean()),
    )
