"""DPP over a sliding window: the residual against the last choices themselves.

SSD keeps the directions it found (a direction is what was new *then*); DPP in a window forgets what
left it, so the factor of the window is rebuilt after each choice: O(w³), with w at most 50.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import leaf
from engine.reranking.kernel.span import DPP, pivot_of, precise_dot, residual_to_diversity

__all__ = ["keep_window", "update_window"]


@leaf
def _residual(
    products: NDArray[np.float64], p: int, start: int, size: int, choices: NDArray[np.float64]
) -> float:
    """Squared residual of a unit vector with these products with the window.

    Columns ``k`` to ``2 k`` of ``choices`` hold the window's factor, the next one its pivots, and
    the last one takes the solution.
    """
    k = choices.shape[0]
    residual = 1.0
    for i in range(size):
        part = products[p, start + i]
        for j in range(i):
            part -= choices[i, k + j] * choices[j, 2 * k + 1]
        part *= choices[i, 2 * k]
        choices[i, 2 * k + 1] = part
        residual -= part * part
    return residual


@leaf
def update_window(
    slots: NDArray[np.void],
    p: int,
    t: int,
    vectors: NDArray[np.float32],
    chosen: NDArray[np.float32],
    rows: NDArray[np.float64],
    choices: NDArray[np.float64],
    window: int,
) -> None:
    """Evaluate DPP's diversity of slot ``p`` against the last ``window`` of ``t`` choices."""
    slot = slots[p]
    for level in range(slot.level, t):
        rows[p, level] = precise_dot(vectors, slot.item, chosen, level)
    slot.level = t
    size = min(window, t)
    residual = _residual(rows, p, t - size, size, choices)
    slot.diverse = residual_to_diversity(DPP, residual)


@leaf
def keep_window(
    rows: NDArray[np.float64], choices: NDArray[np.float64], p: int, t: int, window: int
) -> None:
    """Make slot ``p`` the choice for place ``t`` and factor the window that now ends with it."""
    k = choices.shape[0]
    for j in range(t):
        choices[t, j] = rows[p, j]
    size = min(window, t + 1)
    start = t + 1 - size
    for i in range(size):
        residual = _residual(choices, start + i, start, i, choices)
        for j in range(i):
            choices[i, k + j] = choices[j, 2 * k + 1]
        choices[i, 2 * k] = pivot_of(residual)
