"""Sums of every metric by group of people: the one pass behind means, intervals and gaps."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import kernel, leaf

__all__ = ["TOLERANCE", "add_up"]

TOLERANCE = 1e-6
"""A person's change of at most this share of their value (of 1, where that is smaller) is none:
metrics are float32, so less is what adding up in another order does."""

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
    moved: NDArray,
) -> None:
    is_change = len(before) > 0
    for r in range(start, stop):
        group = codes[r]
        if group >= 0:
            for metric in range(values.shape[1]):
                value = values[r, metric]
                if is_change:
                    old = before[r, metric]
                    value -= old
                    if abs(value) <= TOLERANCE * max(abs(old), np.float32(1.0)):
                        value = np.float32(0.0)
                if not np.isnan(value):
                    wide = np.float64(value)
                    defined[group, metric] += 1
                    total[group, metric] += wide
                    squares[group, metric] += wide * wide
                    moved[group, metric] += wide != 0.0


@kernel
def _add_chunks(
    values: NDArray,
    before: NDArray,
    codes: NDArray,
    defined: NDArray,
    total: NDArray,
    squares: NDArray,
    moved: NDArray,
) -> None:
    for chunk in prange(len(total)):
        start, stop = chunk * CHUNK, min(len(values), (chunk + 1) * CHUNK)
        _add_rows(
            values, before, codes, start, stop,
            defined[chunk], total[chunk], squares[chunk], moved[chunk],
        )  # fmt: skip


def add_up(
    values: NDArray[np.float32],
    codes: NDArray[np.integer],
    n_groups: int,
    *,
    before: NDArray[np.float32] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Count, sum and sum of squares of what is defined, in float64; O(users · metrics).

    Parameters
    ----------
    values : float32 array of shape (n_rows, n_metrics)
        NaN where undefined.
    codes : integer array of shape (n_rows,)
        Group in [0, n_groups); -1 for none.
    n_groups : int
    before : float32 array of shape (n_rows, n_metrics), optional
        Taken from ``values`` first, so that changes are added up; one within :data:`TOLERANCE`
        counts as 0.

    Returns
    -------
    int64, two float64 and another int64 array of shape (n_groups, n_metrics)
        Number, sum, sum of squares, and how many are not 0. The same bits for the same input,
        whatever the number of threads.
    """
    n_chunks = max(1, -(-len(values) // CHUNK))
    shape = (n_chunks, n_groups, values.shape[1])
    defined, moved = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    total, squares = np.zeros(shape), np.zeros(shape)
    groups = codes.astype(np.int64)
    old = np.empty((0, values.shape[1]), np.float32) if before is None else before
    if n_chunks == 1:
        ends = (0, len(values))
        _add_rows(values, old, groups, *ends, defined[0], total[0], squares[0], moved[0])
    else:
        _add_chunks(values, old, groups, defined, total, squares, moved)
    return defined.sum(axis=0), total.sum(axis=0), squares.sum(axis=0), moved.sum(axis=0)
