"""The ceiling: the best NDCG that any order of the candidates could reach."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from engine.arrays import PAD, Ragged
from engine.metrics.audience import Audience
from engine.metrics.figures import Figure
from engine.metrics.groups import by_group
from engine.metrics.rank_weights import attention_weights

__all__ = ["best_ndcg", "ceiling"]


def best_ndcg(audience: Audience, k: int) -> NDArray[np.float32]:
    """Return each person's NDCG at ``k`` if all held-out likes among the candidates came first.

    Returns
    -------
    float32 array of shape (n_users,)
        NaN where nothing is held out. O(candidates).
    """
    n_held = audience.holdout.lengths()
    n_found = _shared(audience.ranking, audience.holdout, audience.n_items)
    gain = np.concatenate([[0.0], np.cumsum(attention_weights("log", k))])
    best = np.full(audience.n_users, np.nan, dtype=np.float32)
    has = n_held > 0
    best[has] = gain[np.minimum(n_found[has], k)] / gain[np.minimum(n_held[has], k)]
    return best


def ceiling(audience: Audience, k: int) -> Figure:
    """Return the mean of :func:`best_ndcg` with its interval."""
    table = by_group(
        best_ndcg(audience, k)[:, None], np.zeros(audience.n_users, np.int64), 1, names=("ndcg",)
    )
    value, low, high = (float(part[0, 0]) for part in (table.mean, table.low, table.high))
    n_undefined = int(table.n_undefined[0, 0])
    return Figure("ndcg", value, low, high, int(table.n_defined[0, 0]), n_undefined)


def _shared(lists: NDArray[np.int32], rows: Ragged, n_items: int) -> NDArray[np.int64]:
    """Count the items that each list and each row have in common."""
    owner, place = np.nonzero(lists != PAD)
    shape = (len(lists), n_items)
    listed = sparse.csr_array((np.ones(len(owner)), (owner, lists[owner, place])), shape=shape)
    held = sparse.csr_array((np.ones(len(rows.indices)), rows.indices, rows.indptr), shape=shape)
    return np.asarray((listed.multiply(held)).sum(axis=1)).ravel().astype(np.int64)
