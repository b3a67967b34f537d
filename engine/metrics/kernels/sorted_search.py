"""Is an item in a sorted row? For use inside kernels.

Numba's disk cache of a kernel does not notice when a helper in *another* file changes, so each
kernel file holds its own helpers; only this one, which has no reason to change, is shared.
"""

from __future__ import annotations

import numpy as np

from engine.compiled import inner

__all__ = ["contains"]


@inner
def contains(values: np.ndarray, start: int, stop: int, item: int) -> bool:
    """Binary search for ``item`` in the ascending ``values[start:stop]``."""
    end = stop
    while start < stop:
        middle = (start + stop) // 2
        if values[middle] < item:
            start = middle + 1
        else:
            stop = middle
    return start < end and values[start] == item
