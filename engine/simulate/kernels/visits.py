"""One visit of everybody: what stands in the exploration places, what is noticed and played."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.simulate.kernels.draws import EXPLORED, NOTICED, PLAYED, STAYED, draw

__all__ = ["explore", "keep_unmet", "visit"]

TRIES = 256
"""Draws for one exploration place; where all hit something met or listed, the place stays."""


@kernel
def keep_unmet(
    candidates: NDArray[np.int32],
    scores: NDArray[np.float32],
    is_met: NDArray[np.bool_],
    kept: NDArray[Any],
    kept_scores: NDArray[Any],
    n_kept: NDArray[Any],
) -> None:
    """Write the candidates that a person has not met, in their order, then padding.

    Parameters
    ----------
    candidates : int32 array of shape (n_people, n)
    scores : float32 array of shape (n_people, n)
    is_met : bool array of shape (n_people, n_items)
    kept, kept_scores, n_kept : arrays of shapes (n_people, n), (n_people, n), (n_people,), written
    """
    for person in numba.prange(len(candidates)):
        size = 0
        for place in range(candidates.shape[1]):
            item = candidates[person, place]
            if item >= 0 and not is_met[person, item]:
                kept[person, size] = item
                kept_scores[person, size] = scores[person, place]
                size += 1
        kept[person, size:] = -1
        kept_scores[person, size:] = np.float32(0.0)
        n_kept[person] = size


@kernel
def explore(lists: NDArray[np.int32], is_met: NDArray[np.bool_], n_slots: int, key: int) -> None:
    """Put a title drawn evenly from all that a person has not met at each of the last places.

    Parameters
    ----------
    lists : int32 array of shape (n_people, k), changed
    is_met : bool array of shape (n_people, n_items)
    n_slots : int
        How many of the last places.
    key : uint64
        From :func:`engine.simulate.kernels.draws.round_key`.
    """
    n_items, k = is_met.shape[1], lists.shape[1]
    for person in numba.prange(len(lists)):
        for slot in range(n_slots):
            place = k - n_slots + slot
            for attempt in range(TRIES):
                thing = slot * TRIES + attempt
                item = int(draw(key, EXPLORED, person, thing) * n_items)
                is_free = not is_met[person, item]
                for above in range(place):
                    if lists[person, above] == item:
                        is_free = False
                if is_free:
                    lists[person, place] = item
                    break


@kernel
def visit(
    lists: NDArray[np.int32],
    chances: NDArray[np.float32],
    attention: NDArray[np.float64],
    stay_after_skip: float,
    stay_after_play: float,
    key: int,
    is_played: NDArray[np.bool_],
) -> None:
    """Let everybody go down their list once.

    A place is noticed with the chance ``attention`` gives it, as long as the person is still
    there; what is noticed is played with its chance; after each place the person stays with the
    chance for what happened there.

    Parameters
    ----------
    lists : int32 array of shape (n_people, k)
    chances : float32 array of shape (n_people, k)
        Of a play once noticed, in [0, 1].
    attention : float64 array of shape (k,)
    stay_after_skip, stay_after_play : float
        In [0, 1]; both 1 is the position-based model, attention 1 and ``stay_after_play`` 0 the
        cascade (Craswell et al. 2008).
    key : uint64
    is_played : bool array of shape (n_people, k), written
    """
    for person in numba.prange(len(lists)):
        is_there = True
        for place in range(lists.shape[1]):
            item = lists[person, place]
            is_played[person, place] = False
            if item < 0 or not is_there:
                continue
            if draw(key, NOTICED, person, place) < attention[place]:
                chance = chances[person, place]
                is_played[person, place] = draw(key, PLAYED, person, item) < chance
            stay = stay_after_play if is_played[person, place] else stay_after_skip
            is_there = draw(key, STAYED, person, place) < stay
