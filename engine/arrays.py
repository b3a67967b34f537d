"""Ragged arrays, the two arrays of a CSR matrix: a row of items a user; quotients, closed rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["PAD", "Ragged", "closed_up", "quotient", "read_only"]

PAD = -1
"""Item index that fills the end of a row shorter than its array is wide."""


@dataclass(frozen=True, eq=False)
class Ragged:
    """Rows of different lengths, stored flat.

    Attributes
    ----------
    indptr : int64 array of shape (n_rows + 1,)
        Row ``r`` is ``indices[indptr[r]:indptr[r + 1]]``.
    indices : int32 array of shape (nnz,)
        Item indices, in the order that the owner documents (history: oldest first).
    """

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.indptr) - 1

    def row(self, index: int) -> NDArray[np.int32]:
        """Items of one row, a view."""
        return self.indices[self.indptr[index] : self.indptr[index + 1]]

    def lengths(self) -> NDArray[np.int64]:
        """Length of every row, shape (n_rows,)."""
        return np.diff(self.indptr)

    def take(self, rows: NDArray[np.integer]) -> Ragged:
        """Rows by number, copied, in the order given."""
        lengths = self.lengths()[rows]
        indptr = np.concatenate(([0], np.cumsum(lengths)))
        start = np.repeat(self.indptr[:-1][rows] - indptr[:-1], lengths)
        return Ragged(indptr, self.indices[start + np.arange(indptr[-1])])

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[int] | NDArray[np.integer]]) -> Ragged:
        """Build from a sequence of rows (for tests and small inputs)."""
        indptr = np.zeros(len(rows) + 1, dtype=np.int64)
        indptr[1:] = np.cumsum([len(row) for row in rows])
        flat = [np.asarray(row, dtype=np.int32) for row in rows]
        return cls(indptr, np.concatenate(flat) if flat else np.empty(0, np.int32))


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return ``array`` itself, locked against writing, for sharing between sessions."""
    array.setflags(write=False)
    return array


def closed_up(
    rows: NDArray[Any], is_out: NDArray[np.bool_], n: int | None = None, *, fill: int = PAD
) -> NDArray[Any]:
    """Close rows over the entries that are out; the others keep their order.

    Parameters
    ----------
    rows : array of shape (n_rows, width)
    is_out : bool array of the same shape
    n : int, optional
        So many of each row are returned; all by default.
    fill : int
        Fills the end of rows.

    Examples
    --------
    >>> closed_up(np.array([[7, 8, 9]]), np.array([[True, False, False]])).tolist()
    [[8, 9, -1]]
    """
    order = np.argsort(is_out, axis=1, kind="stable")[:, :n]
    return np.take_along_axis(np.where(is_out, fill, rows), order, axis=1).astype(rows.dtype)


def quotient(above: ArrayLike, below: ArrayLike) -> NDArray[np.float64]:
    """Divide, elementwise; NaN where ``below`` is not above 0, for nothing was there to divide by.

    >>> quotient([1, 2], [[4, 0]]).tolist()
    [[0.25, nan]]
    """
    above, below = np.asarray(above), np.asarray(below)
    shape = np.broadcast_shapes(above.shape, below.shape)
    out = np.full(shape, np.nan)
    return np.divide(above, below, out=out, where=np.broadcast_to(below > 0, shape))
