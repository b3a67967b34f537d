"""Sources that score an item by its likeness to the items in a person's history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.retrieval.histories import Histories
from engine.retrieval.profiles import Profile

__all__ = ["ItemItem"]


@dataclass(frozen=True, eq=False)
class ItemItem:
    """Scores are ``profile @ links``: O(nnz of the profile · n_items).

    Attributes
    ----------
    profile : Profile
        Which of a person's items count, and how much.
    links : float32 array or sparse matrix of shape (n_items, n_items)
        ``links[i, j]``: how strongly ``i`` in a history speaks for ``j``.
    """

    profile: Profile
    links: NDArray[np.float32] | sp.csr_matrix

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """Score of every item for every person, float32 of shape (n_people, n_items)."""
        product = self.profile.weights(histories) @ self.links
        dense = product.toarray() if sp.issparse(product) else product
        return np.ascontiguousarray(dense, dtype=np.float32)
