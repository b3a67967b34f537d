"""What is liked next, by self-attention over what was met last."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.extra import need_torch
from engine.pipeline.neural.sequences import vectors_of
from engine.pipeline.neural.settings import SequenceConfig
from engine.pipeline.neural.weights import Weights, load_weights, save_weights
from engine.pipeline.retrieval.by_factors import ByFactors, held_against
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.source import ORDER, ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "SasRec"]


@dataclass(frozen=True, eq=False)
class SasRec(ByFactors):
    """A network that reads a history, and items to hold what it says against.

    Attributes
    ----------
    item_factors : float32 array of shape (n_items, d + 1)
        The last column is the item's bias; rows of items that nobody met are zero.
    weights : mapping of str to float32 array
        Of :class:`engine.pipeline.neural.sequence_net.SequenceNet`.
    config : SequenceConfig
    learned : str
        How learning went, for people.
    """

    item_factors: NDArray[np.float32]
    weights: Weights
    config: SequenceConfig
    learned: str = ""

    def factors_of(self, histories: Histories) -> NDArray[np.float32]:
        """Read histories, once for all who ask about the same ones."""
        return histories.remember(self, lambda: self._read(histories))

    def _read(self, histories: Histories) -> NDArray[np.float32]:
        vectors = self._vectors(histories)
        has_any = (histories.seen.lengths() > 0)[:, None]
        return np.hstack([vectors, has_any]).astype(np.float32)

    def _vectors(self, histories: Histories) -> NDArray[np.float32]:
        return vectors_of(histories, self.weights, self.config.heads)

    def save(self, folder: Path) -> None:
        """Write the weights and the items."""
        save_weights(folder, {**self.weights, "item_factors": self.item_factors})

    def report(self) -> dict[str, Any]:
        """Say the method, and how learning went."""
        config = self.config
        method = f"SASRec, {config.blocks} blocks of {config.factors}, last {config.length}"
        return {"method": method, **({"learned": self.learned} if self.learned else {})}


def _fit(audience: Histories, _catalogue: Catalogue, config: SourceConfig, seed: int) -> SasRec:
    need_torch("SASRec")
    from engine.pipeline.neural.learn_sequences import learn_sequences

    trained = learn_sequences(audience, config.sasrec, seed)
    said = f"best after {trained.epochs} of {len(trained.losses)} epochs"
    n_heads = config.sasrec.heads
    factors, weights = held_against(audience, trained.weights, partial(vectors_of, n_heads=n_heads))
    return SasRec(factors, weights, config.sasrec, said)


def _load(folder: Path, config: SourceConfig) -> SasRec:
    weights = load_weights(folder)
    return SasRec(weights.pop("item_factors"), weights, config.sasrec)


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
