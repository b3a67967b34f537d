"""Sums of every metric by group of people: the one pass behind means, intervals and gaps."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import kernel

__all__ = ["add_up"]

MAX_CHUNKS = 16


@kernel
def _add(
    values: NDArray, codes: NDArray, defined: NDArray, total: NDArray, squares: NDArray
) -> None:
    n_rows, n_metrics = values.shape
    n_chunks = len(total)
    for chunk in prange(n_chunks):
        for r in range(chunk * n_rows // n_chunks, (chunk + 1) * n_rows // n_chunks):
            group = codes[r]
            if group < 0:
                continue
            for metric in range(n_metrics):
                value = np.float64(values[r, metric])
                if not np.isnan(value):
                    defined[chunk, group, metric] += 1
                    total[chunk, group, metric] += value
                    squares[chunk, group, metric] += value * value


def add_up(
    values: NDArray[np.float32], codes: NDArray[np.integer], n_groups: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Count, sum and sum of squares of what is defined, in float64; O(users · metrics).

    Parameters
    ----------
    values : float32 array of shape (n_rows, n_metrics)
        NaN where undefined.
    codes : integer array of shape (n_rows,)
        Group in [0, n_groups); -1 for none.
    n_groups : int

    Returns
    -------
    int64 and two float64 arrays of shape (n_groups, n_metrics)
        The same bits for the same input, whatever the number of threads.
    """
    n_chunks = max(1, min(MAX_CHUNKS, len(values) // 256))
    shape = (n_chunks, n_groups, values.shape[1])
    defined, total, squares = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape)
    _add(values, codes.astype(np.int64), defined, total, squares)
    return defined.sum(axis=0), total.sum(axis=0), squares.sum(axis=0)
