"""What is liked next, by products of factors beside layers over a person and an item."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.pipeline.kernels.layer_scores import score_by_layers
from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.layers import linear
from engine.pipeline.neural.settings import NeuMfConfig
from engine.pipeline.neural.tensors import blocks_within
from engine.pipeline.neural.towers import tower_vectors
from engine.pipeline.neural.weights import Weights
from engine.pipeline.retrieval.by_network import ByNetwork
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.factor_search import grid_rows
from engine.pipeline.retrieval.histories import Histories, entry_rows
from engine.pipeline.retrieval.links import rows_of
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord, empty_proposals
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.threads import over_rows

__all__ = ["MODELS", "SOURCES", "NeuMf"]

LEAST = np.float32(1e-3)
"""Of every score, since 0 means that nothing is known."""


class NeuMf(ByNetwork[NeuMfConfig]):
    """Items are ``d`` factors, their part of the first layer and a bias; people alike, without.

    Every item is looked at for every person, O(n_people · n_items · h · k): a source for small and
    middling catalogues.
    """

    is_product: ClassVar[bool] = False

    @property
    def method(self) -> str:
        """What it is called, with its sizes, for people."""
        return f"NeuMF of {self.config.factors} and layers, last {self.config.length}"

    def read_by(self, histories: Histories, weights: Weights) -> NDArray[np.float32]:
        """Factors of people, an empty history too, float32 of shape (n_people, d + h)."""
        vectors = tower_vectors(histories, weights, self.config.length)[:, None]
        d = self.config.factors
        layer = linear(vectors[..., d:], weights, "of_person")
        return np.ascontiguousarray(np.concatenate([vectors[..., :d], layer], axis=2)[:, 0])

    def logits(self, people: NDArray[np.float32], items: Ragged) -> NDArray[np.float32]:
        """Return what the network says of the items of each person's row, 0 where padded."""
        scores = np.zeros(len(items.indices), np.float32)
        indptr, flat = rows_of(items)
        layers = (self.weights["layer"], self.weights["layer_bias"], self.weights["out"])
        over_rows(
            lambda start, stop: score_by_layers(
                people, self.item_factors, *layers, indptr, flat, start, stop, scores
            ),
            len(people),
        )
        return scores

    def pairs(self, people: NDArray[np.float32], items: Ragged) -> NDArray[np.float32]:
        """Score the items of each person's row, above 0, shape (nnz,)."""
        scores = self.logits(people, items)
        return np.where(items.indices == PAD, scores, np.maximum(scores, LEAST))

    def best(
        self, people: NDArray[np.float32], seen: Ragged, n: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Find the ``n`` unseen items with the largest scores; exactly, in blocks of people."""
        n_items = len(self.item_factors)
        found, scores = empty_proposals(len(people), min(n, n_items))
        for start, stop in blocks_within(len(people), 8 * n_items):
            everything = _everything(stop - start, n_items)
            table = self.pairs(people[start:stop], everything).reshape(-1, n_items)
            own = seen.take(np.arange(start, stop))
            table[entry_rows(own), own.indices] = 0.0
            best = np.argsort(-table, axis=1, kind="stable")[:, :n].astype(np.int32)
            values = np.take_along_axis(table, best, axis=1)
            found[start:stop] = np.where(values > 0, best, PAD)
            scores[start:stop] = values
        return found, scores


def _everything(n_people: int, n_items: int) -> Ragged:
    """Every item for each of some people."""
    return grid_rows(np.tile(np.arange(n_items, dtype=np.int32), (n_people, 1)))


def _fit(audience: Histories, catalogue: Catalogue, config: SourceConfig, seed: int) -> NeuMf:
    need_torch("NeuMF")
    from engine.pipeline.neural.learn_neumf import learn_neumf

    items, weights, trained = learn_neumf(audience, catalogue, config.neumf, seed)
    model = NeuMf(items, weights, config.neumf, trained.said)
    some = audience.sample()
    everything = _everything(some.n_people, len(items))
    lowest = model.logits(model.read(some), everything).min(initial=0.0)
    items[:, -1] += LEAST - lowest  # the order alone is used, and 0 means that nothing is known
    return model


def _load(folder: Path, config: SourceConfig) -> NeuMf:
    return NeuMf.load(folder, config.neumf)


MODELS = (ModelRecord("neumf", _fit, _load),)

SOURCES = (
    SourceRecord(
        "neumf",
        "liked next, by factors and layers (NeuMF)",
        200,
        "neumf",
        is_option=True,
        is_neural=True,
    ),
)
