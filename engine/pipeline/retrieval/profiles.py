"""A person's history as one sparse row of item weights: the left factor of item-item sources."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from engine.pipeline.retrieval.histories import Histories, steps_back

__all__ = ["Profile"]


@dataclass(frozen=True)
class Profile:
    """Weight ``decay ** steps_back`` on each of the last ``last`` liked items.

    Parameters
    ----------
    last : int
        How many of the most recent liked items count; 0 takes them all.
    decay : float in (0, 1]
        Weight of an item relative to the one liked right after it; 1 weighs all alike.
    of_seen : bool
        Count every seen item, not only the liked ones.
    """

    last: int = 0
    decay: float = 1.0
    of_seen: bool = False

    def __post_init__(self) -> None:
        if self.last < 0 or not 0 < self.decay <= 1:
            raise ValueError(f"Profile needs last >= 0 and decay in (0, 1]; got {self}.")

    def weights(self, histories: Histories) -> sp.csr_matrix:
        """Float32 matrix of shape (n_people, n_items)."""
        rows = histories.seen if self.of_seen else histories.liked
        back = steps_back(rows)
        kept = back < self.last if self.last else np.ones(len(back), bool)
        running = np.concatenate(([0], np.cumsum(kept)))
        data = (self.decay ** back[kept]).astype(np.float32)
        shape = (histories.n_people, histories.n_items)
        matrix = sp.csr_matrix((data, rows.indices[kept], running[rows.indptr]), shape=shape)
        matrix.sum_duplicates()
        return matrix
