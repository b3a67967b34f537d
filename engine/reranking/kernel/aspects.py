"""xQuAD over genres: how much of the person's tastes is still uncovered, and in this item."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import leaf

__all__ = ["cover_aspects", "start_aspects", "update_aspects"]


@leaf
def start_aspects(genres: NDArray[np.void]) -> float:
    """Nothing is covered: what is left of each genre is the person's share; return the most."""
    ceiling = 0.0
    for genre in genres:
        genre.left = genre.share
        ceiling = max(ceiling, genre.left)
    return ceiling


@leaf
def update_aspects(
    slots: NDArray[np.void],
    p: int,
    t: int,
    items: NDArray[np.void],
    genre_ids: NDArray[np.uint16],
    genres: NDArray[np.void],
) -> None:
    """Evaluate the sum over the item's genres of p(i|g) · what is left of g; p(i|g) = 1/#genres."""
    slot = slots[p]
    if slot.level == t:
        return
    item = items[slot.item]
    total = 0.0
    for q in range(item.genre_start, item.genre_end):
        total += genres[genre_ids[q]].left
    n_genres = item.genre_end - item.genre_start
    slot.diverse = total / n_genres if n_genres > 0 else 0.0
    slot.level = t


@leaf
def cover_aspects(
    items: NDArray[np.void], genre_ids: NDArray[np.uint16], genres: NDArray[np.void], index: int
) -> float:
    """Take the chosen item's part out of what is left of its genres; return the most left."""
    item = items[index]
    n_genres = item.genre_end - item.genre_start
    for q in range(item.genre_start, item.genre_end):
        genres[genre_ids[q]].left *= 1.0 - 1.0 / n_genres
    ceiling = 0.0
    for genre in genres:
        ceiling = max(ceiling, genre.left)
    return ceiling
