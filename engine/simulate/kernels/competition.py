"""What is left of the appeal of each title of a list beside its neighbours of the same genre."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel, leaf

__all__ = ["compete"]


@leaf
def _likeness(genres: NDArray[Any], one: int, other: int) -> float:
    """Share of the genres of two titles that both have (Jaccard), from 0 to 1."""
    both, either = 0, 0
    for genre in range(genres.shape[1]):
        both += genres[one, genre] and genres[other, genre]
        either += genres[one, genre] or genres[other, genre]
    return both / either if either > 0 else 0.0


@kernel
def compete(
    lists: NDArray[np.int32],
    appeal: NDArray[np.float32],
    genres: NDArray[np.bool_],
    reach: int,
    strength: float,
    chances: NDArray[np.float32],
) -> None:
    """Let titles of one genre that stand close to each other share what they would get alone.

    With ``a`` for appeal and ``J`` for the genres shared, the title at place ``i`` is played, once
    noticed, with chance ``a_i · a_i / (a_i + strength · Σ_j J_ij a_j)``, where ``j`` runs over the
    places at most ``reach`` away. Two equally appealing neighbours of one genre keep half each at
    strength 1; at strength 0 every title keeps its own.

    Parameters
    ----------
    lists : int32 array of shape (n_lists, k)
        -1 where padded.
    appeal : float32 array of shape (n_lists, k)
        Chance of a play once noticed, each title by itself, in [0, 1].
    genres : bool array of shape (n_items, n_genres)
    reach : int
    strength : float
        At least 0.
    chances : float32 array of shape (n_lists, k), written
        From 0 to ``appeal``; 0 where padded.
    """
    k = lists.shape[1]
    for row in numba.prange(len(lists)):
        for place in range(k):
            item, own = lists[row, place], np.float64(appeal[row, place])
            chances[row, place] = np.float32(0.0)
            if item < 0 or own <= 0.0:
                continue
            against = 0.0
            for other in range(max(place - reach, 0), min(place + reach + 1, k)):
                if other != place and lists[row, other] >= 0:
                    alike = _likeness(genres, item, lists[row, other])
                    against += alike * np.float64(appeal[row, other])
            chances[row, place] = np.float32(own * own / (own + strength * against))
