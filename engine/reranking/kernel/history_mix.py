"""Calibration: how much nearer an item brings the list's mix of genres to the person's history.

Steck's objective with the list's length fixed as normaliser: f(S) = Σ_g p(g) ln q̃(g|S), where
q̃ = (1 - α) q + α p and q(g|S) = Σ_{i∈S} p(g|i) / k. Its gains only fall as S grows. They are
divided by ln(1/α), the most a whole list can gain, so that they lie in [0, 1].
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from engine.compiled import leaf
from engine.terms.calibration import ALPHA

__all__ = ["add_to_mix", "start_mix", "update_mix"]


@leaf
def _ceiling(genres: NDArray[np.void], step: float) -> float:
    """Return what no item can gain.

    An item with n genres gains Σ p ln(1 + step/(n q̃)). That is the mean over its genres of
    n p ln(1 + step/(n q̃)), which rises with n towards p·step/q̃; and the whole never exceeds
    ln(1 + step/α).
    """
    ceiling = 0.0
    for genre in genres:
        ceiling = max(ceiling, genre.ceiling)
    return min(ceiling, math.log(1.0 + step / ALPHA)) / math.log(1.0 / ALPHA)


@leaf
def start_mix(genres: NDArray[np.void], k: int) -> float:
    """Start with an empty list, only the smoothing in the mix; return what no item can gain."""
    step = (1.0 - ALPHA) / k
    for genre in genres:
        genre.mix = ALPHA * genre.share
        genre.ceiling = step / ALPHA if genre.share > 0.0 else 0.0
    return _ceiling(genres, step)


@leaf
def update_mix(
    slots: NDArray[np.void],
    p: int,
    t: int,
    items: NDArray[np.void],
    genre_ids: NDArray[np.uint16],
    genres: NDArray[np.void],
    k: int,
) -> None:
    """Evaluate the gain in f of adding the item in slot ``p``, divided by ln(1/α)."""
    slot = slots[p]
    if slot.mix_level == t:
        return
    item = items[slot.item]
    step = (1.0 - ALPHA) / (k * max(1, item.genre_end - item.genre_start))
    total = 0.0
    for q in range(item.genre_start, item.genre_end):
        genre = genres[genre_ids[q]]
        if genre.share > 0.0:
            total += genre.share * math.log(1.0 + step / genre.mix)
    slot.calibrated = total / math.log(1.0 / ALPHA)
    slot.mix_level = t


@leaf
def add_to_mix(
    items: NDArray[np.void],
    genre_ids: NDArray[np.uint16],
    genres: NDArray[np.void],
    index: int,
    k: int,
) -> float:
    """Add the chosen item's genres to the mix; return what no item can gain any more."""
    item = items[index]
    step = (1.0 - ALPHA) / k
    for q in range(item.genre_start, item.genre_end):
        genre = genres[genre_ids[q]]
        genre.mix += step / (item.genre_end - item.genre_start)
        if genre.share > 0.0:
            genre.ceiling = genre.share * step / genre.mix
    return _ceiling(genres, step)
