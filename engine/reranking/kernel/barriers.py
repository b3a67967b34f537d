"""Caps and floors while a list is built: which items may not come next, and what was broken."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import leaf
from engine.reranking.kernel.records import FLOOR_BIT, N_GENRE_BITS

__all__ = ["count_broken", "full_genres", "has_full_genre", "take_counts"]


@leaf
def full_genres(
    genre_limits: NDArray[np.int32], genres: NDArray[np.void], t: int, n_lifted_caps: int
) -> np.uint64:
    """Bits of the genres that have all they may have when place ``t`` is filled."""
    barred = np.uint64(0)
    for g in range(genre_limits.shape[2]):
        if genres[g].count >= genre_limits[n_lifted_caps, t, g]:
            barred |= np.uint64(1) << np.uint64(g % N_GENRE_BITS)
    return barred


@leaf
def has_full_genre(
    items: NDArray[np.void],
    genre_ids: NDArray[np.uint16],
    genre_limits: NDArray[np.int32],
    genres: NDArray[np.void],
    index: int,
    t: int,
    n_lifted_caps: int,
) -> bool:
    """Whether a genre of the item has all it may have: what bits cannot tell that are shared."""
    item = items[index]
    for q in range(item.genre_start, item.genre_end):
        g = genre_ids[q]
        if genres[g].count >= genre_limits[n_lifted_caps, t, g]:
            return True
    return False


@leaf
def take_counts(
    items: NDArray[np.void],
    genre_ids: NDArray[np.uint16],
    state: NDArray[np.void],
    genres: NDArray[np.void],
    provider_counts: NDArray[np.int32],
    index: int,
) -> None:
    """Count the chosen item's genres, provider and group."""
    item = items[index]
    for q in range(item.genre_start, item.genre_end):
        genres[genre_ids[q]].count += 1
    provider_counts[item.provider] += 1
    if item.mask & FLOOR_BIT == 0:
        state[0].n_lifted += 1


@leaf
def _breaks_cap(
    caps: NDArray[np.void],
    items: NDArray[np.void],
    genre_ids: NDArray[np.uint16],
    genres: NDArray[np.void],
    provider_counts: NDArray[np.int32],
    c: int,
    index: int,
    t: int,
) -> bool:
    cap = caps[c]
    item = items[index]
    if t >= cap.top:
        return False
    if cap.kind == 1:
        is_known = item.provider + 1 < provider_counts.shape[0]
        is_meant = is_known and (cap.code < 0 or cap.code == item.provider)
        return is_meant and provider_counts[item.provider] >= cap.at_most
    for q in range(item.genre_start, item.genre_end):
        g = genre_ids[q]
        if (cap.code < 0 or cap.code == g) and genres[g].count >= cap.at_most:
            return True
    return False


@leaf
def count_broken(
    caps: NDArray[np.void],
    floors: NDArray[np.int32],
    items: NDArray[np.void],
    genre_ids: NDArray[np.uint16],
    state: NDArray[np.void],
    genres: NDArray[np.void],
    provider_counts: NDArray[np.int32],
    broken: NDArray[np.int16],
    row: int,
    index: int,
    t: int,
) -> None:
    """Note which caps, and whether the floor, the item chosen for place ``t`` breaks.

    To be called before :func:`take_counts`.
    """
    n_caps = caps.shape[0]
    for c in range(n_caps):
        if _breaks_cap(caps, items, genre_ids, genres, provider_counts, c, index, t):
            broken[row, c] += 1
    is_outside = items[index].mask & FLOOR_BIT != 0
    if is_outside and state[0].n_lifted < floors[t + 1]:
        broken[row, n_caps] += 1
