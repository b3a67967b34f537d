"""How much relevance a list keeps of what the ranker's own order holds."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel

__all__ = ["share_of_relevance"]


@kernel
def share_of_relevance(
    scores: NDArray[np.float32],
    n_valid: NDArray[np.int32],
    users: NDArray[np.int64],
    positions: NDArray[np.int32],
    out: NDArray[np.float32],
) -> None:
    """Fill ``out`` with the sum of min-max relevance at ``positions`` over that of the first k."""
    k = positions.shape[1]
    for row in numba.prange(users.shape[0]):
        user = users[row]
        n = n_valid[user]
        low = np.float64(scores[user, n - 1]) if n > 0 else 0.0
        kept = 0.0
        best = 0.0
        for t in range(k):
            if t < n:
                best += np.float64(scores[user, t]) - low
            if positions[row, t] >= 0:
                kept += np.float64(scores[user, positions[row, t]]) - low
        out[row] = kept / best if best > 0.0 else np.nan
