"""The one compiled pass over all lists."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import kernel, leaf
from engine.metrics.kernels import (
    discovery,
    genre_mix,
    list_change,
    objectives,
    popularity,
    relevance,
    repeats,
)
from engine.metrics.kernels.columns import check_written
from engine.metrics.kernels.discovery import discovery_rows
from engine.metrics.kernels.genre_mix import genre_rows
from engine.metrics.kernels.inputs import Catalogue, People, Reading, Rows
from engine.metrics.kernels.list_change import change_rows
from engine.metrics.kernels.objectives import objective_rows
from engine.metrics.kernels.popularity import popularity_rows
from engine.metrics.kernels.relevance import relevance_rows
from engine.metrics.kernels.repeats import repeat_rows

__all__ = ["pass_over_lists"]

check_written(
    *(relevance.AT, discovery.AT, genre_mix.AT, list_change.AT, popularity.AT, repeats.AT),
    objectives.AT,
)

CHUNK = 128
"""Lists per piece of parallel work: they share scratch memory."""


@leaf
def _blank(out: NDArray[Any], start: int, stop: int) -> None:
    """Empty the rows: here their memory is first touched, by every thread.

    Numba loses a slice of a tuple's array that is set in the parallel loop itself.
    """
    for r in range(start, stop):
        for column in range(out.shape[1]):
            out[r, column] = np.nan


@kernel
def pass_over_lists(rows: Rows, people: People, catalogue: Catalogue, reading: Reading) -> None:
    """Fill ``rows.hits`` and ``rows.out``; O(users · k · (d + genres + k + candidates)).

    Columns that nobody asked for may stay NaN. Each list is measured by itself: the same bits
    whatever the number of threads.
    """
    n_rows = len(rows.items)
    for chunk in prange((n_rows + CHUNK - 1) // CHUNK):
        start, stop = chunk * CHUNK, min(n_rows, (chunk + 1) * CHUNK)
        _blank(rows.out, start, stop)
        relevance_rows(rows, people, catalogue, reading, start, stop)
        repeat_rows(rows, people, start, stop)
        objective_rows(rows, people, reading, start, stop)
        discovery_rows(rows, people, catalogue, reading, start, stop)
        genre_rows(rows, people, catalogue, reading, start, stop)
        change_rows(rows, people, reading, start, stop)
        popularity_rows(rows, people, catalogue, reading, start, stop)
