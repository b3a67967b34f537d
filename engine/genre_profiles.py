"""Which genres a person's history is made of, as one row each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from engine.arrays import Ragged, read_only

__all__ = ["genre_profiles", "genre_shares", "sums_over"]

ROWS_AT_ONCE = 65_536
"""People added up at once, in float64."""


def genre_shares(genre_matrix: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Split each item evenly over its genres: float32 of the same shape, 0 where it has none."""
    member = np.asarray(genre_matrix, dtype=np.float32)
    return member / np.maximum(member.sum(axis=1, keepdims=True), 1)


def genre_profiles(history: Ragged, genre_matrix: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return p(g|u), the share of each genre in each history, shape (n_users, n_genres).

    Each item of the history counts once and splits evenly over its genres. A row is zero where the
    history is empty or knows no genre. Source: Steck, RecSys 2018, eq. 2.
    """
    shares = genre_shares(genre_matrix)
    out = np.zeros((history.n_rows, shares.shape[1]), dtype=np.float32)
    for rows, totals in sums_over(history, shares):
        known = totals.sum(axis=1, keepdims=True)
        out[rows] = np.divide(totals, known, out=np.zeros_like(totals), where=known > 0)
    return read_only(out)


def sums_over(
    rows: Ragged, per_item: NDArray[np.floating]
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Add up what is known of items over each row of items, some rows at a time.

    Yields
    ------
    slice
        Which rows.
    float64 array of shape (n of them, n columns of ``per_item``)
    """
    values = per_item.astype(np.float64)
    indptr, indices = np.asarray(rows.indptr), np.asarray(rows.indices)
    for start in range(0, rows.n_rows, ROWS_AT_ONCE):
        ends = indptr[start : start + ROWS_AT_ONCE + 1]
        held = indices[ends[0] : ends[-1]]  # a view: nothing of the history is copied
        parts = (np.ones(len(held)), held, ends - ends[0])
        table = sparse.csr_array(parts, shape=(len(ends) - 1, len(values)))
        yield slice(start, start + len(ends) - 1), table @ values
