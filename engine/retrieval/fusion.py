"""The union of several sources' proposals, in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.retrieval.histories import Histories, entry_rows
from engine.retrieval.top_n import top_n

__all__ = ["Fused", "Proposals", "fuse"]

RRF_CONSTANT = 60.0
"""Cormack, Clarke and Büttcher, "Reciprocal rank fusion", SIGIR 2009: their constant."""

FILL_SCALE = 1e-7
"""Fused score of the most popular item that no source proposed: far below any proposed one's, and
too small to part two of them unless their fused scores are equal."""


@dataclass(frozen=True, eq=False)
class Proposals:
    """One source's scores for a block of people, how many items it proposes, and its weight."""

    scores: NDArray[np.float32]
    depth: int
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class Fused:
    """The union for a block of people.

    Attributes
    ----------
    retrieved : int32 array of shape (n_people, n)
        Fused order, items already seen still in.
    filtered : int32 array of shape (n_people, n)
        The same order without them: the candidates.
    source_masks : uint16 array of shape (n_people, n)
        For ``filtered``: bit ``b`` is set where source ``b`` proposed the item; 0 where none did
        and the item fills up a short row by its popularity.
    """

    retrieved: NDArray[np.int32]
    filtered: NDArray[np.int32]
    source_masks: NDArray[np.uint16]


def fuse(
    proposals: Sequence[Proposals], histories: Histories, popularity: NDArray, n: int
) -> Fused:
    """Unite the best unseen items of every source by reciprocal rank.

    Each source proposes its ``depth`` best unseen items with a positive score; an item's fused
    score is the sum of ``weight / (60 + rank)`` over the sources that propose it. An item already
    seen takes, in each source, the rank that it would have if it alone were not seen, so taking the
    seen ones out changes nobody else's place. Rows that stay short are filled by popularity.
    O(n_sources · n_people · n_items).

    Parameters
    ----------
    proposals : sequence of Proposals
        One per source, at most 16.
    histories : Histories
        Of the same people.
    popularity : array of shape (n_items,)
        Order of the fillers.
    n : int
        Width of the result.
    """
    rows, items = entry_rows(histories.seen), histories.seen.indices
    fill = FILL_SCALE * (1.0 + popularity) / (1.0 + popularity.max(initial=0.0))
    fused = np.tile(fill.astype(np.float32), (histories.n_people, 1))
    masks = np.zeros(fused.shape, np.uint16)
    seen_score = fused[rows, items]
    for bit, source in enumerate(proposals):
        best, above = _best_unseen(source, rows, items)
        row, column = np.nonzero(best != PAD)
        gain = source.weight / (RRF_CONSTANT + 1.0 + column)
        fused[row, best[row, column]] += gain.astype(np.float32)
        masks[row, best[row, column]] |= np.uint16(1 << bit)
        gain = source.weight / (RRF_CONSTANT + 1.0 + above)
        seen_score += np.where(above < source.depth, gain, 0.0).astype(np.float32)
    fused[rows, items] = seen_score
    retrieved = top_n(fused, n)
    fused[rows, items] = -np.inf
    filtered = top_n(fused, n)
    found = np.take_along_axis(masks, np.maximum(filtered, 0), axis=1)
    return Fused(retrieved, filtered, np.where(filtered == PAD, 0, found).astype(np.uint16))


def _best_unseen(
    source: Proposals, rows: NDArray[np.int64], items: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the proposed items, and per seen entry how many proposed items lie above it."""
    unseen = np.where(source.scores > 0, source.scores, -np.inf)
    unseen[rows, items] = -np.inf
    best = top_n(unseen, source.depth)
    score = np.take_along_axis(unseen, np.maximum(best, 0), axis=1)
    score[best == PAD] = -np.inf
    own = source.scores[rows, items]
    above = np.full(len(own), source.depth)
    if score.shape[1]:
        near = np.flatnonzero((own > 0) & (own > score[rows, -1]))
        above[near] = (score[rows[near]] >= own[near, None]).sum(axis=1)
    return best, above
