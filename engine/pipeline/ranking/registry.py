"""The rankers by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking import listwise, pointwise
from engine.pipeline.ranking.ranker import Ranker, RankerConfig, RankerRecord, TrainingSet

__all__ = ["RANKERS", "RETRIEVED_ORDER", "FusedOrder", "fit_ranker"]


@dataclass(frozen=True)
class FusedOrder:
    """Keeps the retrieved order: for data with too little to learn from."""

    column: int
    n_features: int

    def score(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Minus the place in the fused order, float32 of the shape of ``is_candidate``."""
        del is_candidate
        return -features[:, :, self.column]

    def contributions(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """All on the place in the fused order."""
        parts = np.zeros((len(is_candidate), self.n_features + 1))
        parts[:, self.column] = -features[:, self.column]
        return parts

    def importance(self) -> NDArray[np.float64]:
        """All on the place in the fused order."""
        share = np.zeros(self.n_features)
        share[self.column] = 1.0
        return share

    def save(self, folder: Path) -> None:
        """Write the column and the number of features."""
        np.save(folder / "place.npy", np.array([self.column, self.n_features]))

    @classmethod
    def load(cls, folder: Path) -> FusedOrder:
        """Read what :meth:`save` wrote."""
        column, n_features = np.load(folder / "place.npy", allow_pickle=False)
        return cls(int(column), int(n_features))


def _fused_order(training: TrainingSet, _config: RankerConfig, _seed: int) -> FusedOrder:
    names = training.feature_names
    return FusedOrder(names.index("fused place"), len(names))


RETRIEVED_ORDER = RankerRecord(
    "retrieved order", "the retrieved order", _fused_order, FusedOrder.load
)

RANKERS: Mapping[str, RankerRecord] = {
    record.name: record for record in (listwise.RECORD, pointwise.RECORD, RETRIEVED_ORDER)
}
"""Every ranker by name."""


def fit_ranker(
    name: str, training: TrainingSet, config: RankerConfig, *, seed: int
) -> tuple[str, Ranker]:
    """Fit the ranker ``name``, or keep the fused order where there is nobody to learn from.

    Fewer than two leaves' worth of candidates, or no label among them, teach nothing.

    Returns
    -------
    name : str
        Of what was fitted.
    ranker : Ranker
    """
    if not training.is_label.any() or training.is_candidate.sum() < 2 * config.min_leaf:
        name = RETRIEVED_ORDER.name
    return name, RANKERS[name].fit(training, config, seed)
