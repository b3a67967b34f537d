"""What is liked next, by a gated recurrent unit over what was met last."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.recurrent import recurrent_vectors
from engine.pipeline.neural.settings import SequenceConfig
from engine.pipeline.neural.weights import Weights
from engine.pipeline.retrieval.by_network import (
    ByNetwork,
    held_against,
    learned_together,
    with_bias,
)
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.source import ORDER, ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "Gru4Rec"]


class Gru4Rec(ByNetwork[SequenceConfig]):
    """Weights are of :class:`engine.pipeline.neural.gru_net.GruNet`."""

    @property
    def method(self) -> str:
        """What it is called, with its sizes, for people."""
        return f"GRU4Rec of {self.config.factors}, last {self.config.length}"

    def read_by(self, histories: Histories, weights: Weights) -> NDArray[np.float32]:
        """Factors of people, zero where nothing is known, float32 of shape (n_people, d + 1)."""
        vectors = recurrent_vectors(histories, weights, self.config.length)
        return with_bias(vectors, histories)


def _fit(audience: Histories, _catalogue: Catalogue, config: SourceConfig, seed: int) -> Gru4Rec:
    need_torch("GRU4Rec")
    from engine.pipeline.neural.learn_sequences import learn_sequences, recurrent_net

    read = partial(recurrent_vectors, length=config.gru.length)

    def learn(seed: int) -> tuple[NDArray[np.float32], Weights, str]:
        trained = learn_sequences(audience, config.gru, seed, recurrent_net)
        return *held_against(audience, trained.weights, read), trained.said

    factors, weights, said = learned_together(learn, config.gru.members, seed)
    return Gru4Rec(factors, weights, config.gru, said)


def _load(folder: Path, config: SourceConfig) -> Gru4Rec:
    return Gru4Rec.load(folder, config.gru)


MODELS = (ModelRecord("gru4rec", _fit, _load),)

SOURCES = (
    SourceRecord(
        "gru4rec",
        "liked next, by a recurrent network (GRU4Rec)",
        200,
        "gru4rec",
        needs=ORDER,
        is_option=True,
        is_neural=True,
    ),
)
