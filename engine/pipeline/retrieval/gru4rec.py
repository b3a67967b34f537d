"""What is liked next, by a gated recurrent unit over what was met last."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.recurrent import recurrent_vectors
from engine.pipeline.neural.weights import load_weights
from engine.pipeline.retrieval.by_factors import held_against
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.sasrec import SasRec
from engine.pipeline.retrieval.source import ORDER, ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "Gru4Rec"]


class Gru4Rec(SasRec):
    """As :class:`SasRec`, with another network that reads."""

    def _vectors(self, histories: Histories) -> NDArray[np.float32]:
        return recurrent_vectors(histories, self.weights, self.config.length)

    def report(self) -> dict[str, Any]:
        """Say the method, and how learning went."""
        method = f"GRU4Rec of {self.config.factors}, last {self.config.length}"
        return {**super().report(), "method": method}


def _fit(audience: Histories, _catalogue: Catalogue, config: SourceConfig, seed: int) -> Gru4Rec:
    need_torch("GRU4Rec")
    from engine.pipeline.neural.learn_sequences import learn_sequences, recurrent_net

    trained = learn_sequences(audience, config.gru, seed, recurrent_net)
    said = f"best after {trained.epochs} of {len(trained.losses)} epochs"
    length = config.gru.length
    factors, weights = held_against(
        audience, trained.weights, partial(recurrent_vectors, length=length)
    )
    return Gru4Rec(factors, weights, config.gru, said)


def _load(folder: Path, config: SourceConfig) -> Gru4Rec:
    weights = load_weights(folder)
    return Gru4Rec(weights.pop("item_factors"), weights, config.gru)


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
