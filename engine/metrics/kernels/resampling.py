"""Random numbers for resampling: drawn counts, signs and shuffles, the same for the same seed.

Each resample has a stream of its own (SplitMix64 from the seed and its number), so results do not
depend on threads or on how many resamples are made at once.
"""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import inner, kernel

__all__ = ["draw_counts", "draw_signs", "shuffled_sums"]


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
def draw_counts(seed: int, first: int, bounds: NDArray, counts: NDArray) -> None:
    """Draw resamples with replacement within each group.

    Parameters
    ----------
    seed, first : int
        Seed, and number of the first resample.
    bounds : int64 array of shape (n_groups + 1,)
        Rows of group g are bounds[g] to bounds[g + 1].
    counts : float32 array of shape (n_resamples, n_rows)
        Zero on entry; how often each row was drawn. Each group's counts add up to its size.
    """
    for resample in prange(len(counts)):
        state = _start(seed, first + resample)
        for group in range(len(bounds) - 1):
            start = bounds[group]
            size = np.uint64(bounds[group + 1] - start)
            for _ in range(size):
                state += np.uint64(0x9E3779B97F4A7C15)
                # The high 32 bits times the size, shifted down: uniform to 1 in 2^32 / size.
                drawn = ((_mix(state) >> np.uint64(32)) * size) >> np.uint64(32)
                counts[resample, start + np.int64(drawn)] += np.float32(1.0)


@kernel
def draw_signs(seed: int, first: int, signs: NDArray) -> None:
    """Fill float32 ``signs`` of shape (n_resamples, n_rows) with +1 and −1, evenly."""
    for resample in prange(len(signs)):
        state = _start(seed, first + resample)
        bits = np.uint64(0)
        for row in range(signs.shape[1]):
            if row % 64 == 0:
                state += np.uint64(0x9E3779B97F4A7C15)
                bits = _mix(state)
            signs[resample, row] = np.float32(1.0) if bits & np.uint64(1) else np.float32(-1.0)
            bits >>= np.uint64(1)


@kernel
def shuffled_sums(seed: int, values: NDArray, bounds: NDArray, sums: NDArray) -> None:
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
