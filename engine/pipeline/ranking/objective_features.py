"""What an objective's ranker reads beside the main one's features: who did it, and with what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.arrays import quotient
from engine.pipeline.retrieval.histories import Histories

__all__ = ["OWN_FEATURES", "Doers", "doers_of", "own_features"]

OWN_FEATURES = (
    "share of its people who did",
    "people who did",
    "person's genres done",
    "likeness to what they did",
    "likeness to what they left",
)
"""Names of the columns of :func:`own_features`."""

PRIOR_PEOPLE, PRIOR_ITEMS = 10.0, 3.0
"""So many imagined ones draw an item's share towards the mean, and a person's by genre."""


@dataclass(frozen=True, eq=False)
class Doers:
    """Counts of one objective as of a moment.

    Attributes
    ----------
    people, share : float32 arrays of shape (n_items,)
        Who did it with each item; of those who met it, drawn towards the mean.
    """

    people: NDArray[np.float32]
    share: NDArray[np.float32]


def doers_of(audience: Histories, bit: int) -> Doers:
    """Count over ``audience``, O(nnz); ``bit`` is the objective's in ``audience.did``."""
    done = np.bincount(audience.seen.indices[_is_done(audience, bit)], minlength=audience.n_items)
    met = audience.popularity.astype(np.float64)
    mean = done.sum() / max(met.sum(), 1.0)
    share = (done + PRIOR_PEOPLE * mean) / (met + PRIOR_PEOPLE)
    return Doers(done.astype(np.float32), share.astype(np.float32))


def own_features(
    doers: Doers,
    bit: int,
    histories: Histories,
    candidates: NDArray[np.int32],
    genre_matrix: NDArray[np.bool_],
    unit_factors: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Describe candidates of a block of people.

    Parameters
    ----------
    doers : Doers
    bit : int
        The objective's in ``histories.did``.
    histories : Histories
    candidates : int32 array of shape (n_people, n)
    genre_matrix : bool array of shape (n_items, n_genres)
    unit_factors : float32 array of shape (n_items, d)
        Rows of length 1, or 0.

    Returns
    -------
    float32 array of shape (n_people, n, len(OWN_FEATURES))
        Shares lie in [0, 1], likenesses are means of cosines: 0 where nothing was done or left.
    """
    columns = np.maximum(candidates, 0)
    done, left = (_indicator(histories, bit, was_done=was_done) for was_done in (True, False))
    shares = _shares(genre_matrix)
    of_done, of_left = done @ shares, left @ shares
    mean = float(doers.share.mean()) if len(doers.share) else 0.0
    rate = (of_done + PRIOR_ITEMS * mean) / (of_done + of_left + PRIOR_ITEMS)
    out = np.empty((*candidates.shape, len(OWN_FEATURES)), np.float32)
    out[:, :, 0] = doers.share[columns]
    out[:, :, 1] = doers.people[columns]
    out[:, :, 2] = np.einsum("pg,png->pn", rate.astype(np.float32), shares[columns])
    vectors = unit_factors[columns]
    for place, rows in ((3, done), (4, left)):
        mean_vector = np.nan_to_num(quotient(rows @ unit_factors, rows.sum(axis=1)))
        out[:, :, place] = np.einsum("pd,pnd->pn", mean_vector.astype(np.float32), vectors)
    return out


def _is_done(histories: Histories, bit: int) -> NDArray[np.bool_]:
    if histories.did is None:
        return np.zeros(len(histories.seen.indices), bool)
    return (histories.did >> bit & 1).astype(bool)


def _indicator(histories: Histories, bit: int, *, was_done: bool) -> sp.csr_matrix:
    """Mark what each person did it with, or met and did not: float32 (n_people, n_items)."""
    shape = (histories.n_people, histories.n_items)
    marks = (_is_done(histories, bit) == was_done).astype(np.float32)
    return sp.csr_matrix((marks, histories.seen.indices, histories.seen.indptr), shape=shape)


def _shares(genre_matrix: NDArray[np.bool_]) -> NDArray[np.float32]:
    sizes = np.maximum(genre_matrix.sum(axis=1, keepdims=True), 1)
    return (genre_matrix / sizes).astype(np.float32)
