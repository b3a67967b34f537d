"""What lists are worth against preferences that are known, and what of these was never shown."""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel

__all__ = ["list_worth", "most_liked", "note_shown"]


@kernel
def most_liked(
    preference: NDArray[np.float32], is_met: NDArray[np.bool_], n: int, items: NDArray[np.int32]
) -> None:
    """Write the ``n`` unmet items that each person prefers most, best first.

    Parameters
    ----------
    preference : float32 array of shape (n_people, n_items)
    is_met : bool array of shape (n_people, n_items)
    n : int
    items : int32 array of shape (n_people, n), written; -1 where there are fewer
    """
    for person in numba.prange(len(preference)):
        masked = preference[person].copy()
        for item in range(len(masked)):
            if is_met[person, item]:
                masked[item] = np.float32(-1.0)
        least = -np.partition(-masked, n - 1)[n - 1]
        found = np.flatnonzero(masked >= least)
        order = np.argsort(-masked[found], kind="mergesort")
        for place in range(n):
            item = found[order[place]]
            items[person, place] = item if masked[item] >= 0.0 else -1


@kernel
def list_worth(
    lists: NDArray[np.int32],
    preference: NDArray[np.float32],
    best: NDArray[np.int32],
    is_met: NDArray[np.bool_],
    discounts: NDArray[np.float64],
    worth: NDArray[np.float64],
) -> None:
    """Write NDCG with the preference as gain, against the best list of what was not met yet.

    ``Σ p(item at place) · discount ÷ Σ p(best unmet item at place) · discount``, in [0, 1]; NaN
    where nothing is left to show. Source: Järvelin and Kekäläinen 2002, with graded gains.

    Parameters
    ----------
    lists : int32 array of shape (n_people, k)
    preference : float32 array of shape (n_people, n_items)
    best : int32 array of shape (n_people, n)
        From :func:`most_liked`, with enough in it that k unmet ones are left.
    is_met : bool array of shape (n_people, n_items)
    discounts : float64 array of shape (k,)
    worth : float64 array of shape (n_people,), written
    """
    k = lists.shape[1]
    for person in numba.prange(len(lists)):
        gained = 0.0
        for place in range(k):
            if lists[person, place] >= 0:
                gained += preference[person, lists[person, place]] * discounts[place]
        possible, filled = 0.0, 0
        for entry in range(best.shape[1]):
            item = best[person, entry]
            if filled == k or item < 0:
                break
            if not is_met[person, item]:
                possible += preference[person, item] * discounts[filled]
                filled += 1
        worth[person] = gained / possible if possible > 0.0 else np.nan


@kernel
def note_shown(
    lists: NDArray[np.int32], liked: NDArray[np.int32], is_shown: NDArray[np.bool_]
) -> None:
    """Mark which of the most liked items stand in the lists.

    Parameters
    ----------
    lists : int32 array of shape (n_people, k)
    liked : int32 array of shape (n_people, n)
    is_shown : bool array of shape (n_people, n), changed
    """
    for person in numba.prange(len(lists)):
        for entry in range(liked.shape[1]):
            item = liked[person, entry]
            if item >= 0 and not is_shown[person, entry]:
                for place in range(lists.shape[1]):
                    if lists[person, place] == item:
                        is_shown[person, entry] = True
                        break
