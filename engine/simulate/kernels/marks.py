"""Rows of marks as rows of items."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel

__all__ = ["fill_marked"]


@kernel
def fill_marked(
    marks: NDArray[np.bool_], indptr: NDArray[np.int64], items: NDArray[np.int32]
) -> None:
    """Write the marked columns of each row.

    Parameters
    ----------
    marks : bool array of shape (n_rows, n_items)
    indptr : int64 array of shape (n_rows + 1,)
        Where each row's begin.
    items : int32 array of shape (n_marks,), written
    """
    for row in numba.prange(len(marks)):
        place = indptr[row]
        for item in range(marks.shape[1]):
            if marks[row, item]:
                items[place] = item
                place += 1
