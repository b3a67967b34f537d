"""The small recommender of the loop: factors and popularity, refitted as the loop goes on.

The fitted ranker cannot be trained again at every round, so the loop has one of two parts, whose
weights are those with which it comes nearest to the ranker on the ranker's own candidates::

    score(u, i) = a · (x_u · y_i) + b · log(1 + n_i)

Everything to the right of it, the scenario's re-ranking included, is the studio's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls
from threadpoolctl import threadpool_limits

from engine.arrays import Ragged
from engine.artifacts import Artifacts
from engine.pipeline.retrieval.als import Als
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.factor_search import exact_best
from engine.pipeline.retrieval.new_items import with_new_items
from engine.pipeline.retrieval.source_config import source_config_of
from engine.simulate.matrices import indicator

__all__ = ["Recommender", "first_recommender"]

MOST_PEOPLE = 2000
"""People whose candidates the two weights are learned on."""


@dataclass(frozen=True, eq=False)
class Recommender:
    """What ranks titles in the loop.

    Attributes
    ----------
    als : Als
    people : float32 array of shape (n_people, factors)
    popularity : int32 array of shape (n_items,)
        People who have met each item.
    taste_weight, popularity_weight : float
        a and b; at least 0.
    agreement : float
        Share of the variance of the ranker's scores, within a person's candidates, that the two
        parts explain; NaN where the ranker's scores do not vary.
    catalogue : Catalogue
        For the factors of items that nobody has liked.
    """

    als: Als
    people: NDArray[np.float32]
    popularity: NDArray[np.int32]
    taste_weight: float
    popularity_weight: float
    agreement: float
    catalogue: Catalogue

    def refitted(self, liked: Ragged, met: Ragged) -> Recommender:
        """Learn from a longer history: what each person liked, and what they met.

        One sweep of alternating least squares from where it stands: items, then people.
        """
        n_items = len(self.popularity)
        likes = indicator(liked, n_items)
        als = self.als.swept(self.people, likes)
        n_likes = np.bincount(liked.indices, minlength=n_items).astype(np.int64)
        with threadpool_limits(1, "blas"):  # small products: threads only wait for each other
            items = with_new_items(als.item_factors, n_likes, self.catalogue)
        als = replace(als, item_factors=items)
        return replace(
            self,
            als=als,
            people=als.fold_in(likes),
            popularity=np.bincount(met.indices, minlength=n_items).astype(np.int32),
        )

    def best(self, met: Ragged, n: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the ``n`` best unmet items of everybody, best first, with their scores.

        Scores lie above 0 by a constant, which no control of re-ranking sees.
        """
        popular = np.log1p(self.popularity.astype(np.float64))
        left = np.column_stack(
            [self.taste_weight * self.people, np.ones((len(self.people), 2), np.float32)]
        ).astype(np.float32)
        lift = _enough(left[:, :-2], self.als.item_factors)
        right = np.column_stack(
            [
                self.als.item_factors,
                self.popularity_weight * popular,
                np.full(len(popular), lift),
            ]
        ).astype(np.float32)
        return exact_best(left, right, met, n)


def _enough(people: NDArray[np.float32], items: NDArray[np.float32]) -> float:
    """Return what lifts every product above 0 (Cauchy and Schwarz)."""
    longest = np.linalg.norm(people, axis=1).max(initial=0.0)
    return float(longest * np.linalg.norm(items, axis=1).max(initial=0.0)) + 1.0


def first_recommender(artifacts: Artifacts, people: NDArray[np.int64]) -> Recommender:
    """Return the recommender as the fit leaves it, for some of the people."""
    config = source_config_of(artifacts.manifest["config"]["sources"]).als
    als = Als(np.array(artifacts.mf_item_factors), config)
    taste, popularity, agreement = _weights(artifacts)
    return Recommender(
        als,
        np.array(artifacts.mf_user_factors)[people],
        np.array(artifacts.popularity, np.int32),
        taste,
        popularity,
        agreement,
        Catalogue.from_items(artifacts.items),
    )


def _weights(artifacts: Artifacts) -> tuple[float, float, float]:
    """Fit both weights, at least 0, to the ranker's scores within each person's candidates."""
    step = max(1, artifacts.n_users // MOST_PEOPLE)
    rows = slice(None, None, step)
    items = np.asarray(artifacts.candidates)[rows]
    scores = np.asarray(artifacts.scores, np.float64)[rows]
    is_there = items >= 0
    taste = np.einsum(
        "ud,und->un",
        np.asarray(artifacts.mf_user_factors)[rows],
        np.asarray(artifacts.mf_item_factors)[np.maximum(items, 0)],
    )
    popular = np.log1p(np.asarray(artifacts.popularity, np.float64))[np.maximum(items, 0)]
    parts = [_within(one, is_there)[is_there] for one in (taste, popular, scores)]
    inputs, aim = np.column_stack(parts[:2]), parts[2]
    weights, _ = nnls(inputs, aim)
    if not weights.any():  # a ranker that tells nothing apart, or ranks against both
        return 1.0, 0.0, float("nan")
    total = float(aim @ aim)
    left = aim - inputs @ weights
    return float(weights[0]), float(weights[1]), 1 - float(left @ left) / total


def _within(values: NDArray[np.floating], is_there: NDArray[np.bool_]) -> NDArray[np.float64]:
    kept = np.where(is_there, values, 0.0)
    mean = kept.sum(axis=1) / np.maximum(is_there.sum(axis=1), 1)
    return np.where(is_there, values - mean[:, None], 0.0)
