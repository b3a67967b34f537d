"""Boosted trees that judge each candidate alone, by how likely it is liked next."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from engine.ranking.ranker import RankerConfig, TrainingSet

__all__ = ["Pointwise", "fit_pointwise"]


@dataclass(frozen=True, eq=False)
class Pointwise:
    """Fitted trees.

    scikit-learn has no model format that is safe to open when it comes from somebody else (a
    pickle can run code), so the trees are not saved; the scores they gave are in the artifacts.
    """

    model: HistGradientBoostingClassifier

    def predict(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Log-odds of a like, float32 of shape (n_rows,)."""
        return self.model.decision_function(features).astype(np.float32)

    def importance(self) -> NDArray[np.float64]:
        """NaN for every feature: these trees do not record their gains."""
        return np.full(self.model.n_features_in_, np.nan)

    def save(self, folder: Path) -> None:
        """Save nothing; see the class."""


def fit_pointwise(training: TrainingSet, config: RankerConfig, *, seed: int) -> Pointwise:
    """Grow the trees; the same seed gives the same bits."""
    model = HistGradientBoostingClassifier(
        learning_rate=config.learning_rate,
        max_iter=config.n_trees,
        max_leaf_nodes=config.n_leaves or 15,
        min_samples_leaf=config.min_leaf,
        early_stopping=False,
        random_state=seed,
    )
    return Pointwise(model.fit(training.features, training.is_label))
