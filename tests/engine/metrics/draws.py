"""Drawn counts and signs for resampling, the same for the same seed."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.metrics.kernels.resampling import _mix, _start

__all__ = ["draw_counts", "draw_signs"]


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
