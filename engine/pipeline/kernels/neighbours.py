"""Links of each item to the items that people met with it or after it: the strongest alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner
from engine.pipeline.kernels.selection import offer, sort_best

__all__ = ["item_occurrences", "links_after", "links_together"]


@inner
def item_occurrences(
    items: NDArray[Any], n_items: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each item occurs: ``indptr`` of shape (n_items + 1,), and entry numbers in order."""
    indptr = np.zeros(n_items + 1, np.int64)
    for entry in range(len(items)):
        indptr[items[entry] + 1] += 1
    for item in range(n_items):
        indptr[item + 1] += indptr[item]
    free = indptr[:-1].copy()
    entries = np.empty(len(items), np.int64)
    for entry in range(len(items)):
        item = items[entry]
        entries[free[item]] = entry
        free[item] += 1
    return indptr, entries


@inner
def _keep(
    work: NDArray[Any],
    touched: NDArray[Any],
    n_touched: int,
    without: int,
    linked: NDArray[Any],
    values: NDArray[Any],
) -> None:
    size = 0
    for place in range(n_touched):
        item = touched[place]
        if item != without:
            size = offer(linked, values, size, item, work[item])
        work[item] = np.float32(0.0)
    sort_best(linked, values, size)


@inner
def links_after(
    occurrences: tuple[NDArray[Any], ...],
    rows: tuple[NDArray[Any], ...],
    window: int,
    scale: NDArray[np.float32],
    first: int,
    start: int,
    stop: int,
    linked: NDArray[Any],
    values: NDArray[Any],
) -> None:
    """Write the items that followed each item most: ``scale[i] · Σ 1 / distance``.

    Parameters
    ----------
    occurrences : (indptr, entries) of :func:`item_occurrences`
    rows : (ends, items)
        For each entry the end of its row, and its item.
    window : int
        Largest distance in steps.
    scale : float32 array of shape (n_items,)
    first, start, stop : int
        The items ``first + start`` to ``first + stop - 1``.
    linked, values : int32 and float32 arrays of shape (n_rows, n), written
        The row of an item is its number less ``first``.
    """
    work = np.zeros(len(scale), np.float32)
    touched = np.empty(len(scale), np.int32)
    for place_out in range(start, stop):
        item = first + place_out
        n_touched = 0
        for place in range(occurrences[0][item], occurrences[0][item + 1]):
            entry = occurrences[1][place]
            last = min(entry + window, rows[0][entry] - 1)
            for after in range(entry + 1, last + 1):
                other = rows[1][after]
                if work[other] == 0.0:
                    touched[n_touched] = other
                    n_touched += 1
                work[other] += scale[item] / np.float32(after - entry)
        _keep(work, touched, n_touched, -1, linked[place_out], values[place_out])


@inner
def links_together(
    occurrences: tuple[NDArray[Any], ...],
    rows: tuple[NDArray[Any], ...],
    scale: NDArray[np.float32],
    first: int,
    start: int,
    stop: int,
    linked: NDArray[Any],
    values: NDArray[Any],
) -> None:
    """Write the items that share most people with each item: ``scale[i] · scale[j] · n_ij``.

    Parameters
    ----------
    occurrences : (indptr, entries) of :func:`item_occurrences`
    rows : (row of each entry, indptr, items)
    scale : float32 array of shape (n_items,)
    first, start, stop : int
        The items ``first + start`` to ``first + stop - 1``.
    linked, values : int32 and float32 arrays of shape (n_rows, n), written
        The row of an item is its number less ``first``.
    """
    work = np.zeros(len(scale), np.float32)
    touched = np.empty(len(scale), np.int32)
    for place_out in range(start, stop):
        item = first + place_out
        n_touched = 0
        for place in range(occurrences[0][item], occurrences[0][item + 1]):
            row = rows[0][occurrences[1][place]]
            for entry in range(rows[1][row], rows[1][row + 1]):
                other = rows[2][entry]
                if work[other] == 0.0:
                    touched[n_touched] = other
                    n_touched += 1
                work[other] += scale[item] * scale[other]
        _keep(work, touched, n_touched, item, linked[place_out], values[place_out])
