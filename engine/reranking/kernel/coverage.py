"""Cover: how well an item stands for the person's candidates that nothing stands for yet."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import leaf, reduction

__all__ = ["add_cover", "start_cover", "update_cover"]

COVER, ROOT = 0, 1


@leaf
def _lay_out(
    vectors: NDArray[np.float32],
    candidates: NDArray[np.uint32],
    user: int,
    n: int,
    across: NDArray[np.float32],
) -> None:
    """Write the candidates' vectors as columns, eight at a time, which wide registers turn over."""
    whole = n - n % 8
    for c in range(0, whole, 8):
        a, b = candidates[user, c], candidates[user, c + 1]
        d, e = candidates[user, c + 2], candidates[user, c + 3]
        f, g = candidates[user, c + 4], candidates[user, c + 5]
        h, i = candidates[user, c + 6], candidates[user, c + 7]
        for j in range(vectors.shape[1]):
            across[j, c], across[j, c + 1] = vectors[a, j], vectors[b, j]
            across[j, c + 2], across[j, c + 3] = vectors[d, j], vectors[e, j]
            across[j, c + 4], across[j, c + 5] = vectors[f, j], vectors[g, j]
            across[j, c + 6], across[j, c + 7] = vectors[h, j], vectors[i, j]
    for c in range(whole, n):
        for j in range(vectors.shape[1]):
            across[j, c] = vectors[candidates[user, c], j]


@leaf
def start_cover(
    vectors: NDArray[np.float32],
    candidates: NDArray[np.uint32],
    user: int,
    n: int,
    across: NDArray[np.float32],
    cover: NDArray[np.float32],
) -> None:
    """Nothing stands for any of the ``n`` candidates yet; lay out their vectors as columns."""
    for c in range(n):
        cover[COVER, c] = 0.0
        cover[ROOT, c] = 0.0
    _lay_out(vectors, candidates, user, n, across)


@reduction
def _gain(
    cover: NDArray[np.float32], likeness: NDArray[np.float32], row: int, n: int
) -> np.float32:
    total = np.float32(0.0)
    for c in range(n):
        total += np.sqrt(cover[COVER, c] + likeness[row, c]) - cover[ROOT, c]
    return total


@reduction
def _most(cover: NDArray[np.float32], n: int) -> np.float32:
    """Return the gain of an item that is entirely like every candidate."""
    total = np.float32(0.0)
    for c in range(n):
        total += np.sqrt(cover[COVER, c] + np.float32(1.0)) - cover[ROOT, c]
    return total


@reduction
def _fill_likeness(
    across: NDArray[np.float32], column: int, n: int, likeness: NDArray[np.float32], row: int
) -> None:
    """Write the clamped likeness of the candidate in ``column`` with all to a row.

    Eight dimensions at a time, to store less often; vectors are as long as a multiple of eight.
    """
    for c in range(n):
        likeness[row, c] = 0.0
    for j in range(0, across.shape[0], 8):
        a, b = across[j, column], across[j + 1, column]
        d, e = across[j + 2, column], across[j + 3, column]
        f, g = across[j + 4, column], across[j + 5, column]
        h, i = across[j + 6, column], across[j + 7, column]
        for c in range(n):
            first = a * across[j, c] + b * across[j + 1, c]
            second = d * across[j + 2, c] + e * across[j + 3, c]
            third = f * across[j + 4, c] + g * across[j + 5, c]
            fourth = h * across[j + 6, c] + i * across[j + 7, c]
            likeness[row, c] += (first + second) + (third + fourth)
    for c in range(n):
        likeness[row, c] = min(max(likeness[row, c], np.float32(0.0)), np.float32(1.0))


@leaf
def update_cover(
    slots: NDArray[np.void],
    p: int,
    t: int,
    n: int,
    across: NDArray[np.float32],
    cover: NDArray[np.float32],
    likeness: NDArray[np.float32],
) -> None:
    """Evaluate the mean over candidates of √(cover + likeness) - √cover; likeness max(0, cos)."""
    slot = slots[p]
    if slot.level == t:
        return
    if slot.level < 0:
        _fill_likeness(across, slot.rank, n, likeness, p)
    slot.diverse = np.float64(_gain(cover, likeness, p, n)) / n
    slot.level = t


@leaf
def add_cover(cover: NDArray[np.float32], likeness: NDArray[np.float32], p: int, n: int) -> float:
    """Let the item in slot ``p`` stand for the candidates; return what no other can gain more than.

    It stands for each candidate as far as it is like it.
    """
    for c in range(n):
        cover[COVER, c] += likeness[p, c]
        cover[ROOT, c] = np.sqrt(cover[COVER, c])
    return np.float64(_most(cover, n)) / n
