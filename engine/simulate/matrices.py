"""Rows of items as matrices: sparse for factors, marks for what was met."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.simulate.kernels.marks import fill_marked

__all__ = ["indicator", "marked_rows", "marks_of"]


def indicator(
    rows: Ragged, n_items: int, is_kept: NDArray[np.bool_] | None = None
) -> sp.csr_matrix:
    """Return 1 where a row holds an item, float32 of shape (n_rows, n_items).

    ``is_kept``, of shape (nnz,), leaves entries out.
    """
    row = np.repeat(np.arange(rows.n_rows), rows.lengths())
    item = np.asarray(rows.indices)
    if is_kept is not None:
        row, item = row[np.asarray(is_kept)], item[np.asarray(is_kept)]
    ones = np.ones(len(row), np.float32)
    return sp.csr_matrix((ones, (row, item)), shape=(rows.n_rows, n_items)).sign()


def marks_of(
    rows: Ragged, n_items: int, is_kept: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """Return the same as marks, bool of shape (n_rows, n_items)."""
    return indicator(rows, n_items, is_kept).toarray() > 0


def marked_rows(marks: NDArray[np.bool_]) -> Ragged:
    """Return the marked items of each row, by item."""
    indptr = np.zeros(len(marks) + 1, np.int64)
    indptr[1:] = np.cumsum(np.count_nonzero(marks, axis=1))
    items = np.empty(indptr[-1], np.int32)
    fill_marked(marks, indptr, items)
    return Ragged(indptr, items)
