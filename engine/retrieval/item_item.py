"""Sources that score an item by its likeness to the items in a person's history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.retrieval.histories import Histories
from engine.retrieval.profiles import Profile

__all__ = ["ByContent", "ItemItem", "Links"]

Links: TypeAlias = "NDArray[np.float32] | NDArray[np.float16] | sp.csr_matrix"
"""Item-item matrix: float32, sparse or dense; or dense float16, memory-mapped."""


@dataclass(frozen=True, eq=False)
class ItemItem:
    """Scores are ``profile @ links``: O(nnz of the profile · n_items).

    Attributes
    ----------
    profile : Profile
        Which of a person's items count, and how much.
    links : Links of shape (n_items, n_items)
        ``links[i, j]``: how strongly ``i`` in a history speaks for ``j``.
    """

    profile: Profile
    links: Links

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """Score of every item for every person, float32 of shape (n_people, n_items)."""
        weights = self.profile.weights(histories)
        if isinstance(self.links, np.ndarray) and self.links.dtype == np.float32:
            return np.ascontiguousarray(weights @ self.links)
        if isinstance(self.links, np.ndarray):
            # only the rows in use are read: one person's what-if does not load the whole matrix
            used, columns = np.unique(weights.indices, return_inverse=True)
            shape = (weights.shape[0], len(used))
            narrow = sp.csr_matrix((weights.data, columns, weights.indptr), shape=shape)
            return np.ascontiguousarray(narrow @ self.links[used].astype(np.float32))
        return _dense(weights @ self.links)


@dataclass(frozen=True, eq=False)
class ByContent:
    """Scores are cosines of content, summed over the profile; no item-item matrix is made.

    Attributes
    ----------
    profile : Profile
    vectors : float32 sparse matrix of shape (n_items, n_terms)
        Unit rows.
    """

    profile: Profile
    vectors: sp.csr_matrix

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """Score of every item for every person, float32 of shape (n_people, n_items)."""
        return _dense((self.profile.weights(histories) @ self.vectors) @ self.vectors.T)


def _dense(product: sp.csr_matrix) -> NDArray[np.float32]:
    return np.ascontiguousarray(product.toarray(), dtype=np.float32)
