"""What was met among what was not, in one order, person by person."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner
from engine.pipeline.kernels.selection import offer, sort_best

__all__ = ["merge_met"]


@inner
def merge_met(
    unseen: NDArray[Any],
    unseen_scores: NDArray[Any],
    seen: tuple[NDArray[Any], ...],
    of_seen: NDArray[Any],
    start: int,
    stop: int,
    items: NDArray[np.int32],
    scores: NDArray[np.float32],
) -> None:
    """Write the best of both for a range of people.

    Parameters
    ----------
    unseen, unseen_scores : int32 and float32 arrays of shape (n_people, n)
        Padded with -1.
    seen : (indptr, items)
    of_seen : float32 array of shape (nnz of seen,)
        Only positive scores are taken.
    start, stop : int
    items, scores : int32 and float32 arrays of shape (n_people, n), written
    """
    for person in range(start, stop):
        size = 0
        for place in range(unseen.shape[1]):
            if unseen[person, place] < 0:
                break
            size = offer(
                items[person],
                scores[person],
                size,
                unseen[person, place],
                unseen_scores[person, place],
            )
        for entry in range(seen[0][person], seen[0][person + 1]):
            if of_seen[entry] > 0.0:
                size = offer(items[person], scores[person], size, seen[1][entry], of_seen[entry])
        sort_best(items[person], scores[person], size)
