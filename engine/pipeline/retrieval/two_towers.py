"""What is liked next, by a network for people and one for items that meet in a product."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.settings import TowerConfig
from engine.pipeline.neural.towers import tower_vectors
from engine.pipeline.neural.weights import Weights, load_weights, save_weights
from engine.pipeline.retrieval.by_factors import ByFactors, raised_biases
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "TwoTowers"]


@dataclass(frozen=True, eq=False)
class TwoTowers(ByFactors):
    """Vectors of all items, those that nobody met too, and the tower that reads a history.

    Attributes
    ----------
    item_factors : float32 array of shape (n_items, d + 1)
        The last column is the item's bias.
    weights : mapping of str to float32 array
        Of :func:`engine.pipeline.neural.towers.tower_vectors`.
    config : TowerConfig
    learned : str
        How learning went, for people.
    """

    item_factors: NDArray[np.float32]
    weights: Weights
    config: TowerConfig
    learned: str = ""

    def factors_of(self, histories: Histories) -> NDArray[np.float32]:
        """Read histories, once for all who ask about the same ones; an empty one has a vector."""
        return histories.remember(self, lambda: self._read(histories))

    def _read(self, histories: Histories) -> NDArray[np.float32]:
        vectors = tower_vectors(histories, self.weights, self.config.length)
        return np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])

    def save(self, folder: Path) -> None:
        """Write the weights and the items."""
        save_weights(folder, {**self.weights, "item_factors": self.item_factors})

    def report(self) -> dict[str, Any]:
        """Say the method, and how learning went."""
        method = f"two towers of {self.config.factors}, last {self.config.length}"
        return {"method": method, **({"learned": self.learned} if self.learned else {})}


def _fit(audience: Histories, catalogue: Catalogue, config: SourceConfig, seed: int) -> TwoTowers:
    need_torch("The two towers")
    from engine.pipeline.neural.learn_towers import learn_towers

    weights, trained = learn_towers(audience, catalogue, config.towers, seed)
    items, bias = weights.pop("items"), weights.pop("bias")
    step = max(1, audience.n_people // 500)
    sample = audience.take(np.arange(0, audience.n_people, step))
    people = tower_vectors(sample, weights, config.towers.length)
    factors = np.hstack([items, raised_biases(people, items, bias)[:, None]]).astype(np.float32)
    said = f"best after {trained.epochs} of {len(trained.losses)} epochs"
    return TwoTowers(factors, weights, config.towers, said)


def _load(folder: Path, config: SourceConfig) -> TwoTowers:
    weights = load_weights(folder)
    return TwoTowers(weights.pop("item_factors"), weights, config.towers)


MODELS = (ModelRecord("two_towers", _fit, _load),)

SOURCES = (
    SourceRecord(
        "two_towers", "liked next, by two towers", 200, "two_towers", is_option=True, is_neural=True
    ),
)
