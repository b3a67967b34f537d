"""MMR and MSD: how unlike an item is to those above it, compared pair by pair."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inlined, leaf, reduction

__all__ = [
    "add_to_sum",
    "average_ceiling",
    "dot",
    "keep_vector",
    "update_average",
    "update_nearest",
]


@reduction
def dot(left: NDArray[np.float32], row: int, right: NDArray[np.float32], other: int) -> np.float32:
    """Return the dot product of two rows."""
    total = np.float32(0.0)
    for j in range(left.shape[1]):
        total += left[row, j] * right[other, j]
    return total


@leaf
def keep_vector(
    vectors: NDArray[np.float32], chosen: NDArray[np.float32], item: int, t: int
) -> None:
    """Copy the vector of the item chosen for place ``t`` next to those chosen before."""
    for j in range(vectors.shape[1]):
        chosen[t, j] = vectors[item, j]


@inlined
def update_nearest(
    slots: NDArray[np.void],
    p: int,
    t: int,
    vectors: NDArray[np.float32],
    chosen: NDArray[np.float32],
    weight: float,
    other: float,
    needed: float,
) -> None:
    """Compare slot ``p`` with the choices it has not seen, until its value is below need.

    Diversity is 1 - the largest clamped likeness, max(0, cos), to a chosen item; it only falls, so
    the loop may stop at the first choice that makes the value, ``static + weight * diversity +
    other``, fall under ``needed``.
    """
    slot = slots[p]
    diverse = slot.diverse
    level = slot.level
    while level < t:
        unlike = 1.0 - np.float64(dot(vectors, slot.item, chosen, level))
        level += 1
        if unlike < diverse:
            diverse = max(unlike, 0.0)
            if (slot.static + weight * diverse) + other < needed:
                break
    slot.diverse = diverse
    slot.level = level


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
