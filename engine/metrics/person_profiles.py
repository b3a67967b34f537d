"""What a person's history says about them: taste, genres, popularity, as one row each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from engine.arrays import Ragged, read_only
from engine.artifacts import Artifacts
from engine.bits import WORD
from engine.genre_profiles import sums_over

__all__ = ["Profiles", "genre_words", "profile_people", "sorted_rows"]


class Profiles(NamedTuple):
    """Rows of people; see :class:`engine.metrics.audience.Audience` for each part."""

    taste: NDArray[np.float32]
    genre_taste: NDArray[np.float32]
    bins: NDArray[np.float32]
    popularity: NDArray[np.float64]


def sorted_rows(rows: Ragged) -> Ragged:
    """Sort each row by item and drop duplicates; O(nnz log longest row), read-only."""
    items = np.array(rows.indices, dtype=np.int32)  # its own: sorted where they lie
    width = int(items.max(initial=-1)) + 1
    ones = np.ones(len(items), dtype=np.bool_)
    table = sparse.csr_array((ones, items, np.array(rows.indptr)), shape=(rows.n_rows, width))
    table.sum_duplicates()
    return Ragged(
        read_only(table.indptr.astype(np.int64)), read_only(table.indices.astype(np.int32))
    )


def genre_words(genre_matrix: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Pack genres into 64-bit words: bool (n_items, n_genres) → uint64 (n_items, n_words ≥ 1)."""
    n_items, n_genres = genre_matrix.shape
    n_words = max(1, -(-n_genres // WORD))
    wide = np.zeros((n_items, n_words * WORD), dtype=bool)
    wide[:, :n_genres] = genre_matrix
    return np.packbits(wide, axis=1, bitorder="little").view(np.uint64)


def profile_people(
    artifacts: Artifacts, factors: NDArray[np.float32], bins: NDArray[np.int8]
) -> Profiles:
    """Average item properties over each person's history; O(history · d).

    Parameters
    ----------
    artifacts : Artifacts
    factors : float32 array of shape (n_items, d)
    bins : int8 array of shape (n_items,)
        Popularity bin, 0 to 2.

    Returns
    -------
    Profiles
    """
    share = (artifacts.popularity / max(artifacts.n_users, 1))[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        popularity = _sums(artifacts.history, share)[:, 0] / artifacts.history.lengths()
    return Profiles(
        taste=_mean(artifacts.history, factors),
        genre_taste=artifacts.genre_profiles,
        bins=_mean(artifacts.history, np.eye(3)[bins]),
        popularity=read_only(popularity),
    )


def _sums(rows: Ragged, per_item: NDArray[np.floating]) -> NDArray[np.float64]:
    out = np.empty((rows.n_rows, per_item.shape[1]))
    for part, totals in sums_over(rows, per_item):
        out[part] = totals
    return out


def _mean(rows: Ragged, per_item: NDArray[np.floating]) -> NDArray[np.float32]:
    lengths = np.maximum(rows.lengths(), 1)[:, None]
    out = np.empty((rows.n_rows, per_item.shape[1]), dtype=np.float32)
    for part, totals in sums_over(rows, per_item):
        out[part] = totals / lengths[part]
    return read_only(out)
