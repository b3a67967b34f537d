"""Likeness of items as a dot product: by latent factors, by genres, or a mix of both.

The likeness of two items is (1 - m) · cos(factors) + m · cos(genres), with m the share of genres.
It is the dot product of the items' concatenated vectors √(1 - m) · factors and √m · unit genres, so
one kernel serves all three. Methods that need a likeness from 0 to 1 clamp it at 0, as
``pyversity`` does: to be the opposite of an item counts as being unlike it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.reranking.candidate_pool import CandidatePool
from engine.reranking.kernel.inputs import frozen
from engine.scenario import Scenario

__all__ = ["genre_share", "item_vectors"]

LANES = 8
"""Vectors are filled up with zeros to a multiple of this, the width of a register."""

CACHE_LINE = 64


def genre_share(scenario: Scenario) -> float:
    """Return the share of genres in the likeness, in [0, 1]."""
    return {"factors": 0.0, "genres": 1.0, "both": scenario.likeness_mix}[scenario.likeness]


def item_vectors(pool: CandidatePool, share: float) -> NDArray[np.float32]:
    """Return one vector per item whose dot products are the likeness.

    An item without factors or genres has a zero part there: it is unlike every other item.

    Parameters
    ----------
    share : float
        Share of genres, in [0, 1].

    Returns
    -------
    float32 array of shape (n_items, d)
        ``d`` is a multiple of eight.
    """
    parts = []
    if share < 1.0:
        parts.append(np.sqrt(np.float32(1.0 - share)) * pool.factors)
    if share > 0.0:
        sizes = np.maximum(pool.genre_matrix.sum(axis=1, keepdims=True), 1)
        unit = pool.genre_matrix / np.sqrt(sizes)
        parts.append((np.sqrt(share) * unit).astype(np.float32))
    width = sum(part.shape[1] for part in parts)
    vectors = _aligned(pool.n_items, -(-max(width, 1) // LANES) * LANES)
    np.concatenate(parts, axis=1, out=vectors[:, :width])
    return frozen(vectors, np.float32)


def _aligned(n_rows: int, width: int) -> NDArray[np.float32]:
    """Return zeros that start at a cache line, so that rows touch as few lines as they can."""
    n_bytes = 4 * n_rows * width
    buffer = np.zeros(n_bytes + CACHE_LINE, dtype=np.uint8)
    start = -buffer.ctypes.data % CACHE_LINE
    return buffer[start : start + n_bytes].view(np.float32).reshape(n_rows, width)
