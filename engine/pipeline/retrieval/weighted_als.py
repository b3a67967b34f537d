"""Matrix factorisation in which later likes count more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.pipeline.retrieval.als import Als, fit_als
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import ORDER, ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "WeightedAls", "confidences"]

FADING = Profile(decay=0.97)
LEAST = 0.2
"""Of the confidence of a person's last like: nothing that was liked is worth less."""


def confidences(histories: Histories) -> sp.csr_matrix:
    """Weight of each like, 1 for the last and falling to .2: shape (n_people, n_items)."""
    weights = FADING.weights(histories)
    weights.data = (LEAST + (1 - LEAST) * np.minimum(weights.data, 1.0)).astype(np.float32)
    return weights


@dataclass(frozen=True, eq=False)
class WeightedAls(Als):
    """The factorisation of weighed likes; people are folded in with their own weights."""

    def factors_of(self, histories: Histories) -> NDArray[np.float32]:
        """Fold people in, once for all who ask about the same histories."""
        return histories.remember(self, lambda: self.fold_in(confidences(histories)))

    def report(self) -> dict[str, Any]:
        """Say the method."""
        method = f"ALS with fading confidence, {self.config.factors} factors"
        return {"method": method, **self.index_words()}


def _fit(
    audience: Histories, _catalogue: Catalogue, config: SourceConfig, seed: int
) -> WeightedAls:
    weights = confidences(audience)
    # items without a like keep the zero factor: the plain factorisation proposes them
    is_liked = np.bincount(weights.indices, minlength=audience.n_items)[:, None] > 0
    factors = fit_als(weights, config.als, seed=seed).item_factors
    return WeightedAls(np.where(is_liked, factors, 0).astype(np.float32), config.als)


def _load(folder: Path, config: SourceConfig) -> WeightedAls:
    factors = np.load(folder / "item_factors.npy", allow_pickle=False)
    return WeightedAls(factors, config.als).with_saved_index(folder)


MODELS = (ModelRecord("weighted_als", _fit, _load),)

SOURCES = (
    SourceRecord(
        "weighted_als",
        "taste of late (matrix factorisation)",
        200,
        "weighted_als",
        needs=ORDER,
    ),
)
