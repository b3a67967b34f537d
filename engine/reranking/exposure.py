"""How much attention items get in everyone's lists, for the methods that steer it.

Place ``j`` (from 0) gets attention 1 / log2(j + 2). Sums run over whole numbers of places, so that
they do not depend on the order of people.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.reranking.candidate_pool import CandidatePool
from engine.reranking.lists import Lists

__all__ = ["exposure_shares", "group_share", "mean_relevance"]


def exposure_shares(lists: Lists, n_items: int) -> NDArray[np.float64]:
    """Return each item's share of all attention, shape (n_items,); zeros if nothing is shown."""
    total = np.zeros(n_items)
    for place in range(lists.k):
        column = lists.items[:, place]
        shown = np.bincount(column[column != PAD], minlength=n_items)
        total += shown / np.log2(place + 2)
    everything = total.sum()
    return total / everything if everything > 0 else total


def group_share(lists: Lists, is_in: NDArray[np.bool_]) -> float:
    """Return the group's share of all attention, in [0, 1]; 0 if nothing is shown."""
    return float(exposure_shares(lists, len(is_in))[is_in].sum())


def mean_relevance(
    pool: CandidatePool, lists: Lists, users: NDArray[np.integer] | None = None
) -> float:
    """Return the attention-weighted mean relevance of the lists of ``users``, in [0, 1].

    ``None`` is everyone. Relevance is counted in whole millionths, so that the sum does not depend
    on the order of people.
    """
    whose = pool.everyone if users is None else np.asarray(users, dtype=np.int64)
    last = np.maximum(pool.n_valid[whose] - 1, 0)
    low = pool.scores[whose, last].astype(np.float64)
    span = pool.scores[whose, 0] - low
    total, attention = 0.0, 0.0
    for place in range(lists.k):
        rows = np.flatnonzero(lists.positions[:, place] >= 0)
        scores = pool.scores[whose[rows], lists.positions[rows, place]]
        gain = np.divide(scores - low[rows], span[rows], where=span[rows] > 0, out=0.0 * low[rows])
        total += float(np.rint(gain * 1e6).astype(np.int64).sum()) / 1e6 / np.log2(place + 2)
        attention += len(rows) / np.log2(place + 2)
    return total / attention if attention > 0 else 0.0
