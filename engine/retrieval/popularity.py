"""What everybody watches, lately."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.retrieval.histories import Histories

__all__ = ["Popularity", "recent_popularity"]


def recent_popularity(histories: Histories, days: float) -> NDArray[np.float32]:
    """Count likes of each item in the last ``days``, float32 of shape (n_items,)."""
    is_recent = histories.is_liked & (histories.day >= histories.last_day - days)
    counts = np.bincount(histories.seen.indices[is_recent], minlength=histories.n_items)
    return counts.astype(np.float32)


@dataclass(frozen=True, eq=False)
class Popularity:
    """The same score for everybody.

    Attributes
    ----------
    item_scores : float32 array of shape (n_items,)
    """

    item_scores: NDArray[np.float32]

    def scores(self, histories: Histories) -> NDArray[np.float32]:
        """Score of every item for every person, float32 of shape (n_people, n_items)."""
        return np.tile(self.item_scores, (histories.n_people, 1))
