"""How exposure is concentrated on items, for everyone and with each block of people left out."""

from __future__ import annotations

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.compiled import inner, kernel
from engine.metrics.kernels.exposure_blocks import Exposure

__all__ = ["concentration"]

COVERAGE, GINI, N90, TOP_SHARE, PERSONALISATION = range(5)
"""Columns, in the order of ``exposure_definitions.CONCENTRATION``."""


@inner
def _gini(exposure: NDArray) -> float:
    """Gini of non-negative values; only the positive ones need sorting, zeros come first."""
    shown = np.sort(exposure[exposure > 0])
    n, total, ranked = len(exposure), 0.0, 0.0
    first = n - len(shown) + 1
    for place in range(len(shown)):
        total += shown[place]
        ranked += (2 * (first + place) - n - 1) * shown[place]
    return ranked / (n * total) if total > 0 else np.nan


@inner
def _fewest(slots: NDArray, total: int, top: int) -> int:
    """Count the fewest items that fill 90 % of ``total`` places, by counting sort."""
    by_count = np.zeros(top + 1, np.int64)
    for count in slots:
        by_count[count] += 1
    missing = (9 * total + 9) // 10
    n_items = 0
    for count in range(top, 0, -1):
        here = by_count[count] * count
        if here >= missing:
            return n_items + (missing + count - 1) // count
        missing -= here
        n_items += by_count[count]
    return n_items


@inner
def _from_slots(slots: NDArray, n_people: int, k: int, out: NDArray) -> None:
    """Coverage, n90, the top item's share and personalisation from counts of places."""
    total, squares, top, n_shown = 0, 0, 0, 0
    for count in slots:
        total += count
        squares += count * count
        top = max(top, count)
        n_shown += count > 0
    if total == 0:
        return
    out[COVERAGE] = n_shown / len(slots)
    out[N90] = _fewest(slots, total, top)
    out[TOP_SHARE] = top / n_people
    if n_people > 1:
        pairs = float(n_people) * (n_people - 1)
        out[PERSONALISATION] = 1.0 - (squares - total) / k / pairs


@kernel
def _leave_out(attention: NDArray, slots: NDArray, people: NDArray, k: int, out: NDArray) -> None:
    n_blocks, n_items = slots.shape
    all_attention, all_slots = np.zeros(n_items), np.zeros(n_items, np.int64)
    for block in range(n_blocks):
        for item in range(n_items):
            all_attention[item] += attention[block, item]
            all_slots[item] += slots[block, item]
    n_people = people.sum()
    for row in prange(n_blocks + 1):
        if row == 0:
            out[row, GINI] = _gini(all_attention)
            _from_slots(all_slots, n_people, k, out[row])
        elif people[row - 1] > 0:
            rest = np.empty(n_items)
            left = all_slots - slots[row - 1]
            for item in range(n_items):
                # Sums in another order leave a dust of rounding where nothing is left.
                gap = all_attention[item] - attention[row - 1, item]
                rest[item] = gap if left[item] > 0 else 0.0
            out[row, GINI] = _gini(rest)
            _from_slots(left, n_people - people[row - 1], k, out[row])


def concentration(blocks: Exposure) -> NDArray[np.float64]:
    """Compute coverage, Gini, n90, top item's share and personalisation.

    Parameters
    ----------
    blocks : Exposure

    Returns
    -------
    float64 array of shape (1 + N_BLOCKS, 5)
        Row 0: everyone. Row 1 + b: everyone but block ``b``; NaN where that block is empty.
        O(blocks · items · log items).
    """
    out = np.full((1 + len(blocks.people), 5), np.nan)
    _leave_out(blocks.attention, blocks.slots, blocks.people, blocks.k, out)
    return out
