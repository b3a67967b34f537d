"""The best α-DCG that any order of a person's held-out likes reaches (by greedy choice).

The exact optimum is NP-hard; the greedy order is what Clarke et al. 2008 normalise by.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import prange
from numpy.typing import NDArray

from engine.arrays import Ragged, read_only
from engine.compiled import inner, kernel

__all__ = ["alpha_ideals"]


@inner
def _greedy(own: NDArray[Any], genre_shares: NDArray[Any], discounts: NDArray[Any]) -> float:  # noqa: C901 -- one greedy loop
    n_genres = genre_shares.shape[1]
    shown = np.zeros(n_genres, np.int64)
    is_left = np.ones(len(own), np.bool_)
    total = 0.0
    for place in range(min(len(discounts), len(own))):
        best, best_gain = -1, 0.0
        for candidate in range(len(own)):
            if not is_left[candidate]:
                continue
            gain = 0.0
            for genre in range(n_genres):
                if genre_shares[own[candidate], genre] > 0:
                    gain += 0.5 ** shown[genre]
            if gain > best_gain:
                best, best_gain = candidate, gain
        if best < 0:
            break
        is_left[best] = False
        total += discounts[place] * best_gain
        for genre in range(n_genres):
            shown[genre] += genre_shares[own[best], genre] > 0
    return total


@kernel
def _ideals(
    held: NDArray[Any],
    held_items: NDArray[Any],
    genre_shares: NDArray[Any],
    discounts: NDArray[Any],
    out: NDArray[Any],
) -> None:
    for user in prange(len(out)):
        out[user] = _greedy(held_items[held[user] : held[user + 1]], genre_shares, discounts)


def alpha_ideals(
    holdout: Ragged, genre_shares: NDArray[np.float32], discounts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return everyone's greedy ideal α-DCG.

    Parameters
    ----------
    holdout : Ragged
    genre_shares : float32 array of shape (n_items, n_genres)
    discounts : float64 array of shape (k,)

    Returns
    -------
    float64 array of shape (n_users,)
        0 where nothing with a genre is held out. O(users · k · held-out · genres).
    """
    out = np.zeros(holdout.n_rows)
    _ideals(holdout.indptr, holdout.indices, genre_shares, discounts, out)
    return read_only(out)
