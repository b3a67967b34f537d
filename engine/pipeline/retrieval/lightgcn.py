"""What is alike by the graph of people and items: light graph convolution, closed in the people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.settings import GraphConfig
from engine.pipeline.neural.weights import Weights
from engine.pipeline.retrieval.by_network import ByNetwork, raised_biases, with_bias
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.guessed_items import with_guessed
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.source import ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "LightGcn", "pooled"]


def pooled(likes: sp.csr_matrix, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Read people by their likes: the sum of what these say over the root of their number.

    Parameters
    ----------
    likes : sparse matrix of shape (n_people, n_items)
    inputs : float32 array of shape (n_items, d)

    Returns
    -------
    float32 array of shape (n_people, d)
        Zero for those who liked nothing.
    """
    n = np.maximum(np.diff(likes.indptr), 1)[:, None]
    return np.asarray((likes @ inputs) / np.sqrt(n), np.float32)


class LightGcn(ByNetwork[GraphConfig]):
    """``inputs`` of the weights says what each item tells of a person, (n_items, d)."""

    @property
    def method(self) -> str:
        """What it is called, with its sizes, for people."""
        return f"LightGCN of {self.config.factors}, {self.config.layers} layers"

    def read_by(self, histories: Histories, weights: Weights) -> NDArray[np.float32]:
        """Factors of people, zero for those without a like, float32 of shape (n_people, d + 1)."""
        vectors = pooled(histories.likes, weights["inputs"])
        found = with_bias(vectors, histories)
        found[histories.liked.lengths() == 0] = 0.0
        return found


def _fit(audience: Histories, catalogue: Catalogue, config: SourceConfig, seed: int) -> LightGcn:
    need_torch("LightGCN")
    from engine.pipeline.neural.learn_graph import learn_graph

    items, bias, inputs, trained = learn_graph(audience, config.graph, seed)
    known = np.bincount(audience.liked.indices, minlength=audience.n_items) > 0
    bias = np.where(known, bias, 0).astype(np.float32)
    people = pooled(audience.sample().likes, inputs)
    bias[known] = raised_biases(people, items[known], bias[known])
    factors = np.hstack([items, bias[:, None]]).astype(np.float32)
    factors = with_guessed(factors, audience, catalogue, config)
    return LightGcn(factors, {"inputs": inputs}, config.graph, trained.said)


def _load(folder: Path, config: SourceConfig) -> LightGcn:
    return LightGcn.load(folder, config.graph)


MODELS = (ModelRecord("lightgcn", _fit, _load),)

SOURCES = (
    SourceRecord(
        "lightgcn",
        "taste (graph of people and items, LightGCN)",
        200,
        "lightgcn",
        is_option=True,
        is_neural=True,
    ),
)
