"""How often, and with how much attention, each item is shown: sums per block of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.compiled import inner, kernel

__all__ = ["N_BLOCKS", "Exposure", "count_exposure", "count_rows"]


N_BLOCKS = 32
"""People are dealt into this many blocks (user index modulo), for the jackknife."""

WORTH_A_THREAD = 50_000
"""Lists from which on blocks are counted in parallel."""


class Exposed(NamedTuple):
    """The arrays of :class:`Exposure` that the kernel writes."""

    attention: NDArray[np.float64]
    clicks: NDArray[np.float64]
    slots: NDArray[np.int64]
    hits: NDArray[np.int64]


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
    held : int64 array of shape (N_BLOCKS, n_items)
        People for whom the item is held out: the likes that there were to meet, its merit.
    past : int64 array of shape (N_BLOCKS, n_items)
        People with the item in their history.
    people : int64 array of shape (N_BLOCKS,)
        Number of lists.
    k : int
        List length asked for.
    """

    attention: NDArray[np.float64]
    clicks: NDArray[np.float64]
    slots: NDArray[np.int64]
    hits: NDArray[np.int64]
    held: NDArray[np.int64]
    past: NDArray[np.int64]
    people: NDArray[np.int64]
    k: int

    def __add__(self, other: Exposure) -> Exposure:
        """Exposure of two disjoint audiences together."""
        return Exposure(
            self.attention + other.attention,
            self.clicks + other.clicks,
            self.slots + other.slots,
            self.hits + other.hits,
            self.held + other.held,
            self.past + other.past,
            self.people + other.people,
            max(self.k, other.k),
        )


@inner
def _count_rows(
    items: NDArray[Any],
    hits: NDArray[Any],
    rows: NDArray[Any],
    weights: NDArray[Any],
    attention: NDArray[Any],
    clicks: NDArray[Any],
    slots: NDArray[Any],
    held: NDArray[Any],
) -> None:
    for r in rows:
        for place in range(items.shape[1]):
            item = items[r, place]
            if item >= 0:
                attention[item] += weights[place]
                slots[item] += 1
                if hits[r, place]:
                    clicks[item] += weights[place]
                    held[item] += 1


@inner
def _count_blocks(
    items: NDArray[Any],
    hits: NDArray[Any],
    rows: NDArray[Any],
    bounds: NDArray[Any],
    weights: NDArray[Any],
    sums: Exposed,
) -> None:
    for block in range(len(bounds) - 1):
        own = rows[bounds[block] : bounds[block + 1]]
        attention, clicks = sums.attention[block], sums.clicks[block]
        _count_rows(
            items, hits, own, weights, attention, clicks, sums.slots[block], sums.hits[block]
        )


@kernel
def _count_blocks_at_once(
    items: NDArray[Any],
    hits: NDArray[Any],
    rows: NDArray[Any],
    bounds: NDArray[Any],
    weights: NDArray[Any],
    sums: Exposed,
) -> None:
    for block in prange(len(bounds) - 1):
        own = rows[bounds[block] : bounds[block + 1]]
        attention, clicks = sums.attention[block], sums.clicks[block]
        _count_rows(
            items, hits, own, weights, attention, clicks, sums.slots[block], sums.hits[block]
        )


def count_exposure(
    items: NDArray[np.int32],
    users: NDArray[np.int64],
    hits: NDArray[np.bool_],
    weights: NDArray[np.float64],
    *,
    held: NDArray[np.int64],
    past: NDArray[np.int64],
) -> Exposure:
    """Add up exposure per block; a person's block is their index modulo the number of blocks.

    Parameters
    ----------
    items : int32 array of shape (n_rows, k)
    users : int64 array of shape (n_rows,)
    hits : bool array of shape (n_rows, k)
    weights : float64 array of shape (k,)
        Attention by place.
    held, past : int64 arrays of shape (N_BLOCKS, n_items)
        Of these people, see :func:`count_rows`.

    Returns
    -------
    Exposure
        The same bits for the same input, whatever the number of threads.
    """
    block = (users % N_BLOCKS).astype(np.uint8)
    rows = np.argsort(block, kind="stable")
    people = np.bincount(block, minlength=N_BLOCKS)
    bounds = np.concatenate([[0], np.cumsum(people)])
    shape = held.shape
    sums = Exposed(
        np.zeros(shape), np.zeros(shape), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    )
    count = _count_blocks if len(items) < WORTH_A_THREAD else _count_blocks_at_once
    count(items, hits, rows, bounds, weights, sums)
    return Exposure(*sums, held, past, people, items.shape[1])


def count_rows(rows: Ragged, n_items: int) -> NDArray[np.int64]:
    """Count the people of each block whose row holds each item, shape (N_BLOCKS, n_items)."""
    block = np.repeat(np.arange(rows.n_rows) % N_BLOCKS, rows.lengths())
    flat = block * n_items + rows.indices
    return np.bincount(flat, minlength=N_BLOCKS * n_items).reshape(N_BLOCKS, n_items)
