"""The result of re-ranking: one list per person, and what had to give way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.reranking.candidate_pool import CandidatePool, pool_of
from engine.reranking.kernel.inputs import frozen
from engine.reranking.kernel.relevance import share_of_relevance

__all__ = ["Lists", "empty_lists", "kept_of", "neutral_lists", "relevance_kept"]


@dataclass(frozen=True, eq=False)
class Lists:
    """One list per person, in the order in which people were asked for.

    Attributes
    ----------
    items : int32 array of shape (n_users, k)
        Item indices, best first, :data:`PAD` at the end of lists that the candidates could not
        fill.
    positions : int32 array of shape (n_users, k)
        Where each item stood in the person's row of candidates: 0 was the ranker's first.
    broken : int16 array of shape (n_users, n_caps + 1)
        At how many places each cap, and last the floor, had to give way; see ``relaxed`` and
        ``floor_missed``.
    """

    items: NDArray[np.int32]
    positions: NDArray[np.int32]
    broken: NDArray[np.int16]

    @property
    def k(self) -> int:
        """Length asked for."""
        return self.items.shape[1]

    def of(self, users: NDArray[np.integer]) -> Lists:
        """Return the lists of some people, by their rows here."""
        return Lists(self.items[users], self.positions[users], self.broken[users])

    @property
    def relaxed(self) -> NDArray[np.int16]:
        """At how many places each cap was broken, shape (n_users, n_caps).

        Because nothing else was left, or because a pin stood there.
        """
        return self.broken[:, :-1]

    @property
    def floor_missed(self) -> NDArray[np.int16]:
        """At how many places FA*IR owed the group an item and could not give it, (n_users,)."""
        return self.broken[:, -1]

    @property
    def n_missing(self) -> NDArray[np.int64]:
        """Places left empty in each list, shape (n_users,)."""
        return (self.items == PAD).sum(axis=1)


def empty_lists(n_users: int, k: int, n_caps: int) -> Lists:
    """Return lists of nothing, for a kernel to fill."""
    return Lists(
        items=np.full((n_users, k), PAD, dtype=np.int32),
        positions=np.full((n_users, k), PAD, dtype=np.int32),
        broken=np.zeros((n_users, n_caps + 1), dtype=np.int16),
    )


def neutral_lists(artifacts: Artifacts, k: int) -> Lists:
    """Return the first ``k`` of the ranker's order for everyone, untouched."""
    pool = pool_of(artifacts)
    width = min(k, pool.candidates.shape[1])
    lists = empty_lists(pool.n_users, k, 0)
    lists.items[:, :width] = pool.candidates.view(np.int32)[:, :width]
    lists.positions[:, :width] = np.arange(width, dtype=np.int32)
    lists.positions[lists.items == PAD] = PAD
    return lists


def relevance_kept(
    artifacts: Artifacts, lists: Lists, *, users: NDArray[np.integer] | None = None
) -> NDArray[np.float32]:
    """Return the share of the ranker's own top-k relevance that each list keeps.

    Relevance is the ranker's score, scaled per person so that their candidates span 0 to 1.

    Parameters
    ----------
    lists : Lists
    users : integer array, optional
        Whose lists they are; by default everyone's.

    Returns
    -------
    float32 array of shape (n_users,)
        In [0, 1]; NaN where the candidates' scores are all equal, so that there is nothing to
        lose.
    """
    return kept_of(pool_of(artifacts), lists, users)


def kept_of(
    pool: CandidatePool, lists: Lists, users: NDArray[np.integer] | None
) -> NDArray[np.float32]:
    """Return :func:`relevance_kept` for an audience."""
    rows = pool.everyone if users is None else frozen(users, np.int64)
    out = np.empty(len(rows), dtype=np.float32)
    positions = frozen(lists.positions, np.int32)
    share_of_relevance(pool.scores, pool.n_valid, rows, positions, out)
    return out
