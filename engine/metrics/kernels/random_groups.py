"""Sums of random groups of people: one deal serves groups of every size at once.

The first n of a random order of people are a random group of n, for every n; so each deal is gone
through once, and its sums are noted at each size asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.metrics.kernels.resampling import _mix, _start

__all__ = ["dealt_sums", "drawn_sums"]

DEALS_A_DECK = 32
"""Deals from one deck: it need not be put in order between them."""


@kernel
def dealt_sums(
    seed: int,
    values: NDArray[np.float64],
    sizes: NDArray[np.int64],
    sums: NDArray[np.float64],
    squares: NDArray[np.float64],
) -> None:
    """Deal people without replacement; note sum and sum of squares of the first n.

    Parameters
    ----------
    seed : int
    values : float64 array of shape (n_people,)
    sizes : int64 array of shape (n_sizes,)
        Ascending, from 1 to n_people.
    sums, squares : float64 arrays of shape (n_sizes, n_deals)
        Written.
    """
    n_deals = sums.shape[1]
    for deck_number in prange((n_deals + DEALS_A_DECK - 1) // DEALS_A_DECK):
        state = _start(seed, deck_number)
        deck = values.copy()
        last = min(n_deals, (deck_number + 1) * DEALS_A_DECK)
        for deal in range(deck_number * DEALS_A_DECK, last):
            total, square, at = 0.0, 0.0, 0
            for row in range(sizes[-1]):
                state += np.uint64(0x9E3779B97F4A7C15)
                left = np.uint64(len(deck) - row)
                drawn = row + np.int64(((_mix(state) >> np.uint64(32)) * left) >> np.uint64(32))
                value = deck[drawn]
                deck[drawn] = deck[row]
                deck[row] = value
                total += value
                square += value * value
                while at < len(sizes) and sizes[at] == row + 1:
                    sums[at, deal] = total
                    squares[at, deal] = square
                    at += 1


@kernel
def drawn_sums(
    seed: int, values: NDArray[Any], sizes: NDArray[Any], sums: NDArray[Any], squares: NDArray[Any]
) -> None:
    """Draw people with replacement; the parameters are those of :func:`dealt_sums`."""
    n_people = np.uint64(len(values))
    for draw in prange(sums.shape[1]):
        state = _start(seed, draw)
        total, square, at = 0.0, 0.0, 0
        for row in range(sizes[-1]):
            state += np.uint64(0x9E3779B97F4A7C15)
            value = values[np.int64(((_mix(state) >> np.uint64(32)) * n_people) >> np.uint64(32))]
            total += value
            square += value * value
            while at < len(sizes) and sizes[at] == row + 1:
                sums[at, draw] = total
                squares[at, draw] = square
                at += 1
