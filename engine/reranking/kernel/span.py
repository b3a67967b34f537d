"""DPP and SSD: how much of an item lies outside the span of the items above it.

Both rest on one quantity, the squared residual d² of a unit vector after projection onto the
choices, by incremental Cholesky factorisation: e = (x·x_j - ⟨rows, rows of j⟩) / d_j and
d² ← d² - e². DPP's diversity is 1 + ½ ln d² (the greedy MAP gain), SSD's is d.

Every item counts as a unit vector, also one without factors or genres: it is unlike all others.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from engine.compiled import leaf, reduction
from engine.terms.diversity_methods import METHOD_CODES, SMALLEST_RESIDUAL

__all__ = [
    "keep_row",
    "pivot_of",
    "precise_dot",
    "residual_to_diversity",
    "update_span",
]

DPP = METHOD_CODES["dpp"]


@reduction
def precise_dot(
    left: NDArray[np.float32], row: int, right: NDArray[np.float32], other: int
) -> np.float64:
    """Return the dot product of two rows, summed in float64: pivots magnify its rounding."""
    total = np.float64(0.0)
    for j in range(left.shape[1]):
        total += np.float64(left[row, j]) * np.float64(right[other, j])
    return total


@leaf
def residual_to_diversity(method: int, residual: float) -> float:
    """Map a squared residual in [0, 1] to the method's diversity; rises with it, 1 at 1."""
    if method == DPP:
        return 1.0 + 0.5 * math.log(max(residual, SMALLEST_RESIDUAL))
    return math.sqrt(max(residual, 0.0))


@leaf
def pivot_of(residual: float) -> float:
    """Return 1/d of a new direction, or 0 where an item adds none."""
    return 1.0 / math.sqrt(residual) if residual > SMALLEST_RESIDUAL else 0.0


@leaf
def update_span(
    slots: NDArray[np.void],
    p: int,
    t: int,
    vectors: NDArray[np.float32],
    chosen: NDArray[np.float32],
    rows: NDArray[np.float64],
    choices: NDArray[np.float64],
    method: int,
    window: int,
    weight: float,
    other: float,
    needed: float,
) -> None:
    """Project slot ``p`` onto the directions of the last ``window`` choices.

    Without a window (``window >= t``) the residual only falls, so the loop may stop early, as in
    :func:`engine.reranking.kernel.pairs.update_nearest`.
    """
    slot = slots[p]
    residual = slot.residual
    level = slot.level
    diverse = slot.diverse
    pivots = 2 * rows.shape[1]
    while level < t:
        part = precise_dot(vectors, slot.item, chosen, level)
        for j in range(max(0, level - window), level):
            part -= rows[p, j] * choices[level, j]
        part *= choices[level, pivots]
        rows[p, level] = part
        residual -= part * part
        level += 1
        if window >= t:
            diverse = residual_to_diversity(method, residual)
            if (slot.static + weight * diverse) + other < needed:
                break
    slot.residual = residual
    slot.level = level
    if window < t:
        residual = 1.0
        for j in range(t - window, t):
            residual -= rows[p, j] * rows[p, j]
        diverse = residual_to_diversity(method, residual)
    slot.diverse = diverse


@leaf
def keep_row(
    rows: NDArray[np.float64], choices: NDArray[np.float64], p: int, t: int, window: int
) -> None:
    """Make slot ``p``, evaluated against all ``t`` choices, the choice for place ``t``."""
    residual = 1.0
    for j in range(t):
        choices[t, j] = rows[p, j]
        if j >= t - window:
            residual -= rows[p, j] * rows[p, j]
    choices[t, 2 * rows.shape[1]] = pivot_of(residual)
