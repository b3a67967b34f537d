"""Cover: how well an item stands for the person's candidates that nothing stands for yet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import leaf, reduction
from engine.reranking.kernel.nearest import dot

__all__ = ["add_cover", "start_cover", "update_cover"]

COVER, ROOT = 0, 1


@leaf
def start_cover(cover: NDArray[np.float32], n: int) -> None:
    """Nothing stands for any of the ``n`` candidates yet."""
    for c in range(n):
        cover[COVER, c] = 0.0
        cover[ROOT, c] = 0.0


@reduction
def _gain(
    cover: NDArray[np.float32], likeness: NDArray[np.float32], row: int, n: int
) -> np.float32:
    total = np.float32(0.0)
    for c in range(n):
        total += np.sqrt(cover[COVER, c] + likeness[row, c]) - cover[ROOT, c]
    return total


@leaf
def update_cover(
    slots: NDArray[np.void],
    p: int,
    t: int,
    vectors: NDArray[np.float32],
    candidates: NDArray[np.uint32],
    user: int,
    n: int,
    cover: NDArray[np.float32],
    likeness: NDArray[np.float32],
) -> None:
    """Evaluate the mean over candidates of √(cover + likeness) - √cover; likeness max(0, cos)."""
    slot = slots[p]
    if slot.level == t:
        return
    if slot.level < 0:
        for c in range(n):
            product = dot(vectors, slot.item, vectors, candidates[user, c])
            likeness[p, c] = max(product, np.float32(0.0))
    slot.diverse = np.float64(_gain(cover, likeness, p, n)) / n
    slot.level = t


@leaf
def add_cover(cover: NDArray[np.float32], likeness: NDArray[np.float32], p: int, n: int) -> None:
    """Let the item in slot ``p`` stand for the candidates, each as far as it is like it."""
    for c in range(n):
        cover[COVER, c] += likeness[p, c]
        cover[ROOT, c] = np.sqrt(cover[COVER, c])
