"""Hits weighed by how much attention their place gets: one relevance figure per attention model.

NDCG assumes that attention falls with the logarithm of the place. Whether a group is served worse
should not hang on that choice; this is the same figure under any other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.metrics.rank_weights import attention_weights

__all__ = ["attended_gain", "hits"]


def hits(items: NDArray[np.integer], holdout: Ragged) -> NDArray[np.bool_]:
    """Mark which shown items are held-out likes. O((n_users · k + nnz) · log nnz).

    Parameters
    ----------
    items : integer array of shape (n_users, k)
        Lists, :data:`PAD` where shorter.
    holdout : Ragged
        Held-out likes of the same people.

    Returns
    -------
    bool array of shape (n_users, k)
    """
    users = np.repeat(np.arange(holdout.n_rows, dtype=np.int64), holdout.lengths())
    n_items = 1 + max(int(items.max(initial=0)), int(holdout.indices.max(initial=0)))
    liked = np.unique(users * n_items + holdout.indices)
    shown = np.arange(len(items), dtype=np.int64)[:, None] * n_items + items
    if len(liked) == 0:
        return np.zeros(items.shape, dtype=bool)
    place = np.minimum(np.searchsorted(liked, shown), len(liked) - 1)
    return (liked[place] == shown) & (items != PAD)


def attended_gain(
    items: NDArray[np.integer], holdout: Ragged, attention: str
) -> NDArray[np.float64]:
    """Attention on the hits, as a share of what the best order would get.

    ``Σ_j v(j) · y_j ÷ Σ_{j ≤ min(|R|, k)} v(j)``; with logarithmic attention this is NDCG.

    Parameters
    ----------
    items : integer array of shape (n_users, k)
        Lists, :data:`PAD` where shorter.
    holdout : Ragged
        Held-out likes, each once.
    attention : str
        Name of an attention model.

    Returns
    -------
    float64 array of shape (n_users,)
        In [0, 1]; NaN where nothing is held out.

    Raises
    ------
    ScenarioError
        Unknown attention model.

    Source
    ------
    Järvelin & Kekäläinen 2002, with the discount left open as in Moffat & Zobel 2008.

    Examples
    --------
    >>> lists = np.array([[7, 3], [5, 6]])
    >>> attended_gain(lists, Ragged.from_rows([[3], []]), "reciprocal").tolist()
    [0.5, nan]
    """
    weights = attention_weights(attention, items.shape[1])
    gained = hits(items, holdout) @ weights
    best = np.concatenate([[0.0], np.cumsum(weights)])
    ideal = best[np.minimum(holdout.lengths(), items.shape[1])]
    return np.divide(gained, ideal, out=np.full(len(items), np.nan), where=ideal > 0)
