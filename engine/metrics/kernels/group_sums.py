"""Sums of every metric by group of people: the one pass behind means, intervals and gaps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import kernel, leaf

__all__ = ["TOLERANCE", "add_up"]

Floats = NDArray[np.float64]

TOLERANCE = 1e-6
"""A person's change of at most this share of their value (of 1, where that is smaller) is none:
metrics are float32, so less is what adding up in another order does."""

CHUNK = 50_000
"""Rows per piece of parallel work; fewer are not worth waking a thread for."""


@leaf
def _add_rows(
    values: NDArray[Any],
    before: NDArray[Any],
    codes: NDArray[Any],
    start: int,
    stop: int,
    defined: NDArray[Any],
    total: NDArray[Any],
    squares: NDArray[Any],
    cubes: NDArray[Any],
    moved: NDArray[Any],
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
                    square = wide * wide
                    squares[group, metric] += square
                    cubes[group, metric] += square * wide
                    moved[group, metric] += wide != 0.0


@kernel
def _add_chunks(
    values: NDArray[Any],
    before: NDArray[Any],
    codes: NDArray[Any],
    defined: NDArray[Any],
    total: NDArray[Any],
    squares: NDArray[Any],
    cubes: NDArray[Any],
    moved: NDArray[Any],
) -> None:
    for chunk in prange(len(total)):
        start, stop = chunk * CHUNK, min(len(values), (chunk + 1) * CHUNK)
        _add_rows(
            values, before, codes, start, stop,
            defined[chunk], total[chunk], squares[chunk], cubes[chunk], moved[chunk],
        )  # fmt: skip


def add_up(
    values: NDArray[np.float32],
    codes: NDArray[np.integer],
    n_groups: int,
    *,
    before: NDArray[np.float32] | None = None,
) -> tuple[NDArray[np.int64], Floats, Floats, Floats, NDArray[np.int64]]:
    """Count what is defined, and sum it, its squares and cubes, in float64; O(users · metrics).

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
    int64, three float64 and another int64 array of shape (n_groups, n_metrics)
        Number, sum, sum of squares, of cubes, and how many are not 0. The same bits for the same
        input, whatever the number of threads.
    """
    n_chunks = max(1, -(-len(values) // CHUNK))
    shape = (n_chunks, n_groups, values.shape[1])
    defined, moved = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    total, squares, cubes = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    groups = codes.astype(np.int64)
    old = np.empty((0, values.shape[1]), np.float32) if before is None else before
    if n_chunks == 1:
        ends = (0, len(values))
        sums = defined[0], total[0], squares[0], cubes[0], moved[0]
        _add_rows(values, old, groups, *ends, *sums)
        return sums
    _add_chunks(values, old, groups, defined, total, squares, cubes, moved)
    found = (part.sum(axis=0) for part in (total, squares, cubes))
    return defined.sum(axis=0), *found, moved.sum(axis=0)
