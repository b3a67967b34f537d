"""MSD: how unlike an item is to the items above it, on average."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import leaf
from engine.reranking.kernel.nearest import dot

__all__ = ["add_to_sum", "average_ceiling", "update_average"]


@leaf
def add_to_sum(
    vectors: NDArray[np.float32], chosen: NDArray[np.float32], item: int, t: int
) -> None:
    """Add the item chosen for place ``t`` to the sum of chosen vectors, the last row."""
    last = chosen.shape[0] - 1
    for j in range(vectors.shape[1]):
        before = chosen[last, j] if t > 0 else np.float32(0.0)
        chosen[last, j] = before + vectors[item, j]


@leaf
def average_ceiling(diverse: float, level: int, t: int) -> float:
    """Return what a diversity that was right at ``level`` choices cannot exceed at ``t``.

    The choices made since are at most entirely unlike the item: (level · old + new · 1) / t.
    """
    if t == 0:
        return 1.0
    return (level * diverse + (t - level)) / t


@leaf
def update_average(
    slots: NDArray[np.void],
    p: int,
    t: int,
    vectors: NDArray[np.float32],
    chosen: NDArray[np.float32],
) -> None:
    """Evaluate the mean over the choices of (1 - cos) / 2: one product with their sum."""
    slot = slots[p]
    if slot.level < t:
        cosine = np.float64(dot(vectors, slot.item, chosen, chosen.shape[0] - 1)) / t
        slot.diverse = min(max(0.5 * (1.0 - cosine), 0.0), 1.0)
        slot.level = t
