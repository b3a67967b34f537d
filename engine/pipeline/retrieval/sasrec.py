"""What is liked next, by self-attention over what was met last."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.sequences import vectors_of
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

__all__ = ["MODELS", "SOURCES", "SasRec"]


class SasRec(ByNetwork[SequenceConfig]):
    """Weights are of :class:`engine.pipeline.neural.sequence_net.SequenceNet`."""

    @property
    def method(self) -> str:
        """What it is called, with its sizes, for people."""
        config = self.config
        return f"SASRec, {config.blocks} blocks of {config.factors}, last {config.length}"

    def read_by(self, histories: Histories, weights: Weights) -> NDArray[np.float32]:
        """Factors of people, zero where nothing is known, float32 of shape (n_people, d + 1)."""
        vectors = vectors_of(histories, weights, self.config.heads)
        return with_bias(vectors, histories)


def _fit(audience: Histories, _catalogue: Catalogue, config: SourceConfig, seed: int) -> SasRec:
    need_torch("SASRec")
    from engine.pipeline.neural.learn_sequences import learn_sequences

    read = partial(vectors_of, n_heads=config.sasrec.heads)

    def learn(seed: int) -> tuple[NDArray[np.float32], Weights, str]:
        trained = learn_sequences(audience, config.sasrec, seed)
        return *held_against(audience, trained.weights, read), trained.said

    factors, weights, said = learned_together(learn, config.sasrec.members, seed)
    return SasRec(factors, weights, config.sasrec, said)


def _load(folder: Path, config: SourceConfig) -> SasRec:
    return SasRec.load(folder, config.sasrec)


MODELS = (ModelRecord("sasrec", _fit, _load),)

SOURCES = (
    SourceRecord(
        "sasrec",
        "liked next, by self-attention (SASRec)",
        200,
        "sasrec",
        needs=ORDER,
        is_option=True,
        is_neural=True,
    ),
)
