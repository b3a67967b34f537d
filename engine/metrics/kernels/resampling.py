"""Random numbers for resampling: shuffles, the same for the same seed.

Each resample has a stream of its own (SplitMix64 from the seed and its number), so results do not
depend on threads or on how many resamples are made at once.
"""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import inner, kernel

__all__ = ["shuffled_sums"]


@inner
def _start(seed: int, stream: int) -> np.uint64:
    """State of a stream: the seed and the stream's number, mixed twice."""
    state = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(stream)
    return _mix(_mix(state) + np.uint64(stream))


@inner
def _mix(state: np.uint64) -> np.uint64:
    """Finalise SplitMix64 (Steele, Lea, Flood 2014)."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


@kernel
def shuffled_sums(
    seed: int, values: NDArray[np.float64], bounds: NDArray[np.int64], sums: NDArray[np.float64]
) -> None:
    """Deal all values anew to groups of the same sizes, and sum them.

    Parameters
    ----------
    seed : int
    values : float64 array of shape (n_rows,)
    bounds : int64 array of shape (n_groups + 1,)
    sums : float64 array of shape (n_shuffles, n_groups)
        Written.
    """
    n_rows = len(values)
    for shuffle in prange(len(sums)):
        state = _start(seed, shuffle)
        deck = values.copy()
        for group in range(len(bounds) - 1):
            total = 0.0
            for row in range(bounds[group], bounds[group + 1]):
                state += np.uint64(0x9E3779B97F4A7C15)
                left = np.uint64(n_rows - row)
                drawn = row + np.int64(((_mix(state) >> np.uint64(32)) * left) >> np.uint64(32))
                value = deck[drawn]
                deck[drawn] = deck[row]
                total += value
            sums[shuffle, group] = total
