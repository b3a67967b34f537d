"""What a person's history says about them: taste, genres, popularity, as one row each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from engine.arrays import Ragged, read_only
from engine.artifacts import Artifacts

__all__ = ["Profiles", "genre_words", "profile_people", "sorted_rows"]

WORD = 64
ROWS_AT_ONCE = 65_536
"""People averaged at once, in float64."""


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
    artifacts: Artifacts,
    factors: NDArray[np.float32],
    genre_shares: NDArray[np.float32],
    bins: NDArray[np.int8],
) -> Profiles:
    """Average item properties over each person's history; O(history · d).

    Parameters
    ----------
    artifacts : Artifacts
    factors : float32 array of shape (n_items, d)
    genre_shares : float32 array of shape (n_items, n_genres)
        Rows add up to 1, or to 0 where an item has no genre.
    bins : int8 array of shape (n_items,)
        Popularity bin, 0 to 2.

    Returns
    -------
    Profiles
    """
    history = artifacts.history
    items = np.asarray(history.indices)
    everything = _matrix(history, np.ones(len(items)), artifacts.n_items)
    has_genre = (genre_shares.sum(axis=1) > 0).astype(np.float64)
    share = artifacts.popularity / max(artifacts.n_users, 1)
    lengths = np.asarray(everything.sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        popularity = (everything @ share) / lengths
    return Profiles(
        taste=_mean(everything, factors, lengths),
        genre_taste=_mean(everything, genre_shares, everything @ has_genre),
        bins=_mean(everything, np.eye(3)[bins], lengths),
        popularity=read_only(popularity),
    )


def _matrix(rows: Ragged, values: NDArray[np.float64], n_items: int) -> sparse.csr_array:
    indptr, indices = np.asarray(rows.indptr), np.asarray(rows.indices)
    return sparse.csr_array((values, indices, indptr), shape=(rows.n_rows, n_items))


def _mean(
    matrix: sparse.csr_array, per_item: NDArray[np.floating], divisor: NDArray[np.float64]
) -> NDArray[np.float32]:
    values = per_item.astype(np.float64)
    out = np.empty((matrix.shape[0], values.shape[1]), dtype=np.float32)
    for start in range(0, len(out), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        out[rows] = _block(matrix, rows) @ values / np.maximum(divisor[rows], 1)[:, None]
    return read_only(out)


def _block(matrix: sparse.csr_array, rows: slice) -> sparse.csr_array:
    """Return ``matrix[rows]`` without copying what is in it."""
    ends = matrix.indptr[rows.start : rows.stop + 1]
    held = slice(int(ends[0]), int(ends[-1]))
    parts = (matrix.data[held], matrix.indices[held], ends - ends[0])
    return sparse.csr_array(parts, shape=(len(ends) - 1, matrix.shape[1]))
