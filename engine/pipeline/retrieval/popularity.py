"""What is popular lately: the same order for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged, read_only
from engine.pipeline.kernels.link_scores import propose_in_order
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.links import rows_of
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import (
    ModelRecord,
    Proposed,
    SourceRecord,
    empty_proposals,
)
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.threads import over_rows

__all__ = ["MODELS", "SOURCES", "Popularity", "recent_popularity"]


def recent_popularity(histories: Histories, days: float) -> NDArray[np.float32]:
    """Count likes of each item in the last ``days``, float32 of shape (n_items,)."""
    is_recent = histories.is_liked & (histories.day >= histories.last_day - days)
    counts = np.bincount(histories.seen.indices[is_recent], minlength=histories.n_items)
    return counts.astype(np.float32)


@dataclass(frozen=True, eq=False)
class Popularity:
    """The same score for everybody: its own model and its own source.

    Attributes
    ----------
    item_scores : float32 array of shape (n_items,)
    """

    item_scores: NDArray[np.float32]

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """Items, best first; the lower number first among equals."""
        return read_only(np.argsort(-self.item_scores, kind="stable"))

    def source(self, profile: Profile) -> Popularity:
        """Nobody's history counts."""
        del profile
        return self

    def propose(self, histories: Histories, n: int) -> Proposed:
        """Propose the first ``n`` unseen items."""
        items, scores = empty_proposals(histories.n_people, min(n, len(self.item_scores)))
        seen, values, order = rows_of(histories.seen), read_only(self.item_scores), self.order
        over_rows(
            lambda start, stop: propose_in_order(order, values, seen, start, stop, items, scores),
            histories.n_people,
        )
        return Proposed(items, scores, self.item_scores[histories.seen.indices])

    def score(self, histories: Histories, items: Ragged) -> NDArray[np.float32]:
        """Score any items, one row per person."""
        del histories
        scores = self.item_scores[np.maximum(items.indices, 0)]
        return np.where(items.indices == PAD, np.float32(0), scores)

    def save(self, folder: Path) -> None:
        """Write the scores."""
        np.save(folder / "item_scores.npy", self.item_scores)

    def report(self) -> dict[str, Any]:
        """Say the method and how many items anybody liked."""
        return {"method": "recent likes", "liked items": int((self.item_scores > 0).sum())}


def _fit(
    audience: Histories, _catalogue: Catalogue, config: SourceConfig, _seed: int
) -> Popularity:
    recent = recent_popularity(audience, config.recent_days)
    # the whole history only orders items that were equally popular lately
    whole = audience.popularity / (1.0 + audience.popularity.max(initial=0))
    return Popularity((recent + whole).astype(np.float32))


def _load(folder: Path, _config: SourceConfig) -> Popularity:
    return Popularity(np.load(folder / "item_scores.npy", allow_pickle=False))


MODELS = (ModelRecord("popular", _fit, _load),)

SOURCES = (SourceRecord("popular", "popular lately", 200, "popular", timeless_label="popular"),)
