"""What is liked next, by a network for people and one for items that meet in a product."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.settings import TowerConfig
from engine.pipeline.neural.towers import tower_vectors
from engine.pipeline.neural.weights import Weights
from engine.pipeline.retrieval.by_network import ByNetwork, learned_together, raised_biases
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "TwoTowers"]


class TwoTowers(ByNetwork[TowerConfig]):
    """Items that nobody met have vectors too; weights are of ``tower_vectors``."""

    @property
    def method(self) -> str:
        """What it is called, with its sizes, for people."""
        return f"two towers of {self.config.factors}, last {self.config.length}"

    def read_by(self, histories: Histories, weights: Weights) -> NDArray[np.float32]:
        """Factors of people, an empty history too, float32 of shape (n_people, d + 1)."""
        vectors = tower_vectors(histories, weights, self.config.length)
        return np.hstack([vectors, np.ones((len(vectors), 1), np.float32)])


def _fit(audience: Histories, catalogue: Catalogue, config: SourceConfig, seed: int) -> TwoTowers:
    need_torch("The two towers")
    from engine.pipeline.neural.learn_towers import learn_towers

    def learn(seed: int) -> tuple[NDArray[np.float32], Weights, str]:
        weights, trained = learn_towers(audience, catalogue, config.towers, seed)
        items, bias = weights.pop("items"), weights.pop("bias")
        people = tower_vectors(audience.sample(), weights, config.towers.length)
        factors = np.hstack([items, raised_biases(people, items, bias)[:, None]])
        return factors.astype(np.float32), weights, trained.said

    factors, weights, said = learned_together(learn, config.towers.members, seed)
    return TwoTowers(factors, weights, config.towers, said)


def _load(folder: Path, config: SourceConfig) -> TwoTowers:
    return TwoTowers.load(folder, config.towers)


MODELS = (ModelRecord("two_towers", _fit, _load),)

SOURCES = (
    SourceRecord(
        "two_towers", "liked next, by two towers", 200, "two_towers", is_option=True, is_neural=True
    ),
)
