"""Is an item in a sorted row? For use inside kernels."""

from __future__ import annotations

import numpy as np

from engine.compiled import inner

__all__ = ["contains"]


@inner
def contains(values: np.ndarray, start: int, stop: int, item: int) -> bool:
    """Binary search for ``item`` in the ascending ``values[start:stop]``."""
    left = stop - start
    if left <= 0:
        return False
    while left > 1:
        half = left >> 1
        # Arithmetic instead of a branch, which the processor would guess wrong half the time.
        start += half * (values[start + half - 1] < item)
        left -= half
    return bool(values[start] == item)
