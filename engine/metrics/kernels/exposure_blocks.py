"""How often, and with how much attention, each item is shown: sums per block of people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.metrics.audience import N_BLOCKS

__all__ = ["Exposure", "count_exposure"]


@dataclass(frozen=True, eq=False)
class Exposure:
    """Sums over lists, one row per block of people; adding two gives that of both audiences.

    Attributes
    ----------
    attention : float64 array of shape (N_BLOCKS, n_items)
        Attention that each item gets.
    clicks : float64 array of shape (N_BLOCKS, n_items)
        Attention at places that hold a held-out like.
    slots : int64 array of shape (N_BLOCKS, n_items)
        Places that each item fills.
    hits : int64 array of shape (N_BLOCKS, n_items)
        Places that it fills as a held-out like.
    people : int64 array of shape (N_BLOCKS,)
        Number of lists.
    k : int
        List length asked for.
    """

    attention: NDArray[np.float64]
    clicks: NDArray[np.float64]
    slots: NDArray[np.int64]
    hits: NDArray[np.int64]
    people: NDArray[np.int64]
    k: int

    def __add__(self, other: Exposure) -> Exposure:
        """Exposure of two disjoint audiences together."""
        return Exposure(
            self.attention + other.attention,
            self.clicks + other.clicks,
            self.slots + other.slots,
            self.hits + other.hits,
            self.people + other.people,
            max(self.k, other.k),
        )


@kernel
def _count(
    items: NDArray,
    hits: NDArray,
    rows: NDArray,
    bounds: NDArray,
    weights: NDArray,
    attention: NDArray,
    clicks: NDArray,
    slots: NDArray,
    held: NDArray,
) -> None:
    for block in prange(len(bounds) - 1):
        for at in range(bounds[block], bounds[block + 1]):
            r = rows[at]
            for place in range(items.shape[1]):
                item = items[r, place]
                if item >= 0:
                    attention[block, item] += weights[place]
                    slots[block, item] += 1
                    if hits[r, place]:
                        clicks[block, item] += weights[place]
                        held[block, item] += 1


def count_exposure(
    items: NDArray[np.int32],
    users: NDArray[np.int64],
    hits: NDArray[np.bool_],
    weights: NDArray[np.float64],
    n_items: int,
) -> Exposure:
    """Add up exposure per block; a person's block is their index modulo the number of blocks.

    Parameters
    ----------
    items : int32 array of shape (n_rows, k)
    users : int64 array of shape (n_rows,)
    hits : bool array of shape (n_rows, k)
    weights : float64 array of shape (k,)
        Attention by place.
    n_items : int

    Returns
    -------
    Exposure
        The same bits for the same input, whatever the number of threads.
    """
    block = (users % N_BLOCKS).astype(np.uint8)
    rows = np.argsort(block, kind="stable")
    people = np.bincount(block, minlength=N_BLOCKS)
    bounds = np.concatenate([[0], np.cumsum(people)])
    shape = (N_BLOCKS, n_items)
    attention, clicks = np.zeros(shape), np.zeros(shape)
    slots, held = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    _count(items, hits, rows, bounds, weights, attention, clicks, slots, held)
    return Exposure(attention, clicks, slots, held, people, items.shape[1])
