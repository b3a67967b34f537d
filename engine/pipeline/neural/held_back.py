"""The last likes of some people, held back from learning to say when it is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.held_out import is_in_rows, ndcg_at
from engine.pipeline.retrieval.histories import Histories, entry_rows, steps_back

__all__ = ["HeldBack", "held_back"]

ONE_IN, MOST_PEOPLE, N_LIKES = 8, 500, 3
"""Of every so many people one, at most so many, with so many likes each."""


@dataclass(frozen=True, eq=False)
class HeldBack:
    """An audience without the last likes of some, and these.

    Attributes
    ----------
    known : Histories
        Of everybody: those who are asked end before the first like that is held back.
    asked : Histories
        Of those who are asked alone, as in ``known``.
    likes : Ragged
        What they liked next.
    """

    known: Histories
    asked: Histories
    likes: Ragged

    @property
    def n_people(self) -> int:
        """How many are asked."""
        return self.asked.n_people

    def ndcg(self, scores: NDArray[Any]) -> float:
        """Mean NDCG@10 of scores of shape (n_people, n_items); what was met before is left out."""
        scores = np.array(scores, np.float32)
        scores[entry_rows(self.asked.seen), self.asked.seen.indices] = -np.inf
        best = np.argsort(-scores, axis=1, kind="stable")[:, :10].astype(np.int32)
        is_hit = is_in_rows(best, self.likes, self.asked.n_items)
        return float(np.mean(ndcg_at(10, is_hit, self.likes.lengths())))


def held_back(audience: Histories) -> HeldBack:
    """Hold back the last likes, and all from the first of them on, of evenly spaced people.

    Only people with more than twice as many likes are asked.
    """
    n_likes = audience.liked.lengths()
    able = np.flatnonzero(n_likes > 2 * N_LIKES)
    n = min(len(able) // ONE_IN, MOST_PEOPLE)
    people = able[np.linspace(0, len(able) - 1, n).astype(np.int64)] if n else able[:0]
    is_asked = np.zeros(audience.n_people, bool)
    is_asked[people] = True
    owner = entry_rows(audience.seen)
    later = np.zeros(len(owner), np.int64)  # likes from each entry on
    later[audience.is_liked] = steps_back(audience.liked) + 1
    is_cut = is_asked[owner] & audience.is_liked & (later <= N_LIKES)
    first = np.full(audience.n_people, len(owner))
    np.minimum.at(first, owner[is_cut], np.flatnonzero(is_cut))
    stays = np.arange(len(owner)) < first[owner]
    running = np.concatenate(([0], np.cumsum(stays)))
    known = audience.of_entries(np.flatnonzero(stays), running[audience.seen.indptr])
    ends = audience.liked.indptr[1:][people]
    likes = audience.liked.indices[ends[:, None] - N_LIKES + np.arange(N_LIKES)]
    indptr = np.arange(len(people) + 1, dtype=np.int64) * N_LIKES
    return HeldBack(known, known.take(people), Ragged(indptr, likes.reshape(-1)))
