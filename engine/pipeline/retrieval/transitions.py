"""Directed transitions: what people liked soon after what."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.pipeline.kernels.neighbours import item_occurrences, links_after
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories, entry_rows
from engine.pipeline.retrieval.links import LinkModel, Links, rows_of
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source import ORDER, ModelRecord, SourceRecord
from engine.pipeline.retrieval.source_config import SourceConfig

__all__ = ["MODELS", "SOURCES", "transition_links"]


def transition_links(
    sequences: Ragged, n_items: int, window: int, *, n: int, power: float = 0.0
) -> Links:
    """``Σ 1 / distance`` over how often ``j`` followed ``i``, over ``(number of i) ** power``.

    Pairs at most ``window`` steps apart count; the ``n`` strongest of each item are kept.
    Dividing by how often ``i`` was met makes a row a rate: how much ``i`` in a history says about
    what comes next, whoever ``i`` is. O(window · nnz).

    Parameters
    ----------
    sequences : Ragged
        One row of item indices per person, oldest first.
    n_items : int
    window : int >= 1
        Largest distance, in steps, from an item to one that came after it.
    n : int
    power : float

    Examples
    --------
    >>> links = transition_links(Ragged.from_rows([[0, 1, 2]]), 3, window=2, n=3)
    >>> links.indptr.tolist(), links.items.tolist(), links.values.tolist()
    ([0, 2, 3, 3], [1, 2, 2], [1.0, 0.5, 1.0])
    """
    count = np.bincount(sequences.indices, minlength=n_items)
    scale = (1.0 / np.maximum(count, 1.0) ** power).astype(np.float32)
    indptr, flat = rows_of(sequences)
    occurrences = item_occurrences(flat, n_items)
    of_entries = (indptr[1:][entry_rows(sequences)], flat)

    def write(
        first: int, start: int, stop: int, *, items: NDArray[np.int32], values: NDArray[np.float32]
    ) -> None:
        links_after(occurrences, of_entries, window, scale, first, start, stop, items, values)

    return Links.in_blocks(n_items, n, write)


def _record(name: str, window: int, *, of_seen: bool) -> ModelRecord:
    def fit(
        audience: Histories, _catalogue: Catalogue, config: SourceConfig, _seed: int
    ) -> LinkModel:
        rows = audience.seen if of_seen else audience.liked
        kept, power = config.links_per_item, config.transition_power
        links = transition_links(rows, audience.n_items, window, n=kept, power=power)
        return LinkModel(links, f"transitions within {window} steps, {kept} an item")

    return ModelRecord(name, fit, _load)


def _load(folder: Path, _config: SourceConfig) -> LinkModel:
    return LinkModel.load(folder)


MODELS = (
    _record("liked_within_3", 3, of_seen=False),
    _record("liked_within_20", 20, of_seen=False),
    _record("seen_within_20", 20, of_seen=True),
)

# What followed likes proposes nothing: the union finds as much without (python -m
# tests.benchmarks.sources), and the ranker still reads its scores.
SOURCES = (
    SourceRecord(
        "next_liked_3", "liked right after", 0, "liked_within_3", Profile(decay=0.8), ORDER
    ),
    SourceRecord(
        "next_liked_last",
        "liked right after the last one",
        0,
        "liked_within_3",
        Profile(last=1),
        ORDER,
    ),
    SourceRecord(
        "next_liked_20", "liked soon after", 0, "liked_within_20", Profile(decay=0.9), ORDER
    ),
    SourceRecord(
        "next_seen_20",
        "seen soon after",
        200,
        "seen_within_20",
        Profile(decay=0.9, of_seen=True),
        ("not liked", *ORDER),
    ),
)
