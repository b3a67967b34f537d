"""The rankers by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.ranking.listwise import fit_listwise
from engine.ranking.pointwise import fit_pointwise
from engine.ranking.ranker import Ranker, RankerConfig, TrainingSet

__all__ = ["RANKERS", "FusedOrder", "fit_ranker"]

RANKERS: dict[str, Callable[..., Ranker]] = {
    "listwise": fit_listwise,
    "pointwise": fit_pointwise,
}
"""Name → fit; listwise measured better and can explain its scores, so it is the default."""


@dataclass(frozen=True)
class FusedOrder:
    """Keeps the retrieved order: for data with too little to learn from."""

    column: int
    n_features: int

    def predict(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Minus the place in the fused order, float32 of shape (n_rows,)."""
        return -features[:, self.column]

    def importance(self) -> NDArray[np.float64]:
        """All on the place in the fused order."""
        share = np.zeros(self.n_features)
        share[self.column] = 1.0
        return share

    def save(self, folder: Path) -> None:
        """Save nothing: there is nothing learned."""


def fit_ranker(name: str, training: TrainingSet, config: RankerConfig, *, seed: int) -> Ranker:
    """Fit the ranker ``name``, or keep the fused order where there is nobody to learn from.

    Fewer than two leaves' worth of candidates, or no label among them, teach nothing.
    """
    if training.is_label.sum() == 0 or len(training.is_label) < 2 * config.min_leaf:
        place = training.feature_names.index("fused place")
        return FusedOrder(place, len(training.feature_names))
    return RANKERS[name](training, config, seed=seed)
