"""Directed transitions: what people liked soon after what."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from engine.arrays import Ragged
from engine.retrieval.histories import steps_back

__all__ = ["transition_counts", "transition_links"]


def transition_counts(sequences: Ragged, n_items: int, window: int) -> sp.csr_matrix:
    """Sum of ``1 / distance`` over all pairs at most ``window`` steps apart, O(window · nnz).

    Parameters
    ----------
    sequences : Ragged
        One row of item indices per person, oldest first.
    n_items : int
    window : int >= 1
        Largest distance, in steps, from an item to one that came after it.

    Returns
    -------
    float32 sparse matrix of shape (n_items, n_items)
        Entry ``(i, j)``: how often, and how closely, ``j`` followed ``i``.

    Examples
    --------
    >>> transition_counts(Ragged.from_rows([[0, 1, 2]]), 3, window=2).toarray()
    array([[0. , 1. , 0.5],
           [0. , 0. , 1. ],
           [0. , 0. , 0. ]], dtype=float32)
    """
    after = steps_back(sequences)
    total = sp.csr_matrix((n_items, n_items), dtype=np.float32)
    for distance in range(1, window + 1):
        start = np.flatnonzero(after >= distance)
        if not len(start):
            break
        pairs = (sequences.indices[start], sequences.indices[start + distance])
        weight = np.full(len(start), 1.0 / distance, np.float32)
        total += sp.csr_matrix((weight, pairs), shape=(n_items, n_items))
    return total


def transition_links(
    sequences: Ragged, n_items: int, window: int, *, shrinkage: float = 0.0, power: float = 1.0
) -> sp.csr_matrix:
    """Transition counts over ``(popularity of i + shrinkage) ** power``.

    Dividing by how often ``i`` was liked makes a row a rate: how much ``i`` in a history says about
    what comes next, whoever ``i`` is.
    """
    counts = transition_counts(sequences, n_items, window)
    popularity = np.bincount(sequences.indices, minlength=n_items)
    scale = 1.0 / np.maximum(popularity + shrinkage, 1.0) ** power
    return sp.csr_matrix(sp.diags(scale.astype(np.float32)) @ counts)
