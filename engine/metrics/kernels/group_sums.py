"""Sums of every metric by group of people: the one pass behind means, intervals and gaps."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import kernel, leaf

__all__ = ["add_up"]

CHUNK = 50_000
"""Rows per piece of parallel work; fewer are not worth waking a thread for."""


@leaf
def _add_rows(
    values: NDArray,
    before: NDArray,
    codes: NDArray,
    start: int,
    stop: int,
    defined: NDArray,
    total: NDArray,
    squares: NDArray,
) -> None:
    is_change = len(before) > 0
    for r in range(start, stop):
        group = codes[r]
        if group >= 0:
            for metric in range(values.shape[1]):
                value = values[r, metric]
                if is_change:
                    value -= before[r, metric]
                if not np.isnan(value):
                    wide = np.float64(value)
                    defined[group, metric] += 1
                    total[group, metric] += wide
                    squares[group, metric] += wide * wide


@kernel
def _add_chunks(
    values: NDArray,
    before: NDArray,
    codes: NDArray,
    defined: NDArray,
    total: NDArray,
    squares: NDArray,
) -> None:
    for chunk in prange(len(total)):
        start, stop = chunk * CHUNK, min(len(values), (chunk + 1) * CHUNK)
        _add_rows(values, before, codes, start, stop, defined[chunk], total[chunk], squares[chunk])


def add_up(
    values: NDArray[np.float32],
    codes: NDArray[np.integer],
    n_groups: int,
    *,
    before: NDArray[np.float32] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Count, sum and sum of squares of what is defined, in float64; O(users · metrics).

    Parameters
    ----------
    values : float32 array of shape (n_rows, n_metrics)
        NaN where undefined.
    codes : integer array of shape (n_rows,)
        Group in [0, n_groups); -1 for none.
    n_groups : int
    before : float32 array of shape (n_rows, n_metrics), optional
        Taken from ``values`` first, so that changes are added up.

    Returns
    -------
    int64 and two float64 arrays of shape (n_groups, n_metrics)
        The same bits for the same input, whatever the number of threads.
    """
    n_chunks = max(1, -(-len(values) // CHUNK))
    shape = (n_chunks, n_groups, values.shape[1])
    defined, total, squares = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape)
    groups = codes.astype(np.int64)
    old = np.empty((0, values.shape[1]), np.float32) if before is None else before
    if n_chunks == 1:
        _add_rows(values, old, groups, 0, len(values), defined[0], total[0], squares[0])
    else:
        _add_chunks(values, old, groups, defined, total, squares)
    return defined.sum(axis=0), total.sum(axis=0), squares.sum(axis=0)
