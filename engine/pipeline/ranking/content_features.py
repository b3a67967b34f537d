"""Features of what an item is, its year and its genres, against what a person liked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.pipeline.retrieval.factor_search import grid_rows, pair_scores
from engine.pipeline.retrieval.profiles import Profile

if TYPE_CHECKING:
    from engine.pipeline.ranking.candidate_features import Context

__all__ = ["genre_features", "release_features"]

RECENT = Profile(last=10)
DAYS_PER_YEAR = 365.25


def release_features(context: Context) -> dict[str, NDArray[Any]]:
    """Give the release year, and its distance from what the person liked."""
    year = 1970 + context.catalogue.released_day / DAYS_PER_YEAR
    if np.isnan(year).all():
        return {}
    known = np.where(np.isnan(year), np.nanmean(year), year)
    own = year[context.columns]
    whole = _weighted_mean(context.histories.likes, known)
    features = {"release year": own, "year against liked": own - whole[:, None]}
    if context.statistics.has_order:
        recent = _weighted_mean(RECENT.weights(context.histories), known)
        features["year against recently liked"] = own - recent[:, None]
    return features


def _weighted_mean(weights: sp.csr_matrix, values: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.asarray(weights.sum(axis=1)).ravel()
    return np.where(total > 0, (weights @ values) / np.where(total > 0, total, 1), np.nan)


def genre_features(context: Context) -> dict[str, NDArray[Any]]:
    """Say how much of a person's history shares the item's genres."""
    counts = context.catalogue.genre_matrix.sum(axis=1, keepdims=True)
    share = (context.catalogue.genre_matrix / np.maximum(counts, 1)).astype(np.float32)
    if not share.shape[1]:
        return {}
    histories = context.histories
    profiles = {
        "genres against liked": histories.likes,
        "genres against recently liked": RECENT.weights(histories),
        "genres against seen": histories.views,
    }
    if not context.statistics.has_order:
        del profiles["genres against recently liked"]
    features = {}
    for name, weights in profiles.items():
        total = np.maximum(np.asarray(weights.sum(axis=1)), 1e-9)
        people = (weights @ share / total).astype(np.float32)
        shares = pair_scores(people, share, grid_rows(context.candidates))
        features[name] = shares.reshape(context.candidates.shape)
    return features
