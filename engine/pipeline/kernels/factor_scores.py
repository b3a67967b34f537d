"""Inner products of people's and items' factors, for the pairs asked for and no others.

A library's product of matrices depends, in its last bits, on how many rows it is given; these do
not, so a person's order is the same alone and among others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner, reduction
from engine.pipeline.kernels.selection import offer, sort_best

__all__ = ["rank_found", "score_by_factors"]


@reduction
def _product(people: NDArray[Any], person: int, vectors: NDArray[Any], item: int) -> np.float32:
    total = np.float32(0.0)
    for axis in range(people.shape[1]):
        total += people[person, axis] * vectors[item, axis]
    return np.float32(total)


@inner
def score_by_factors(
    people: NDArray[np.float32],
    vectors: NDArray[np.float32],
    indptr: NDArray[Any],
    items: NDArray[Any],
    start: int,
    stop: int,
    scores: NDArray[np.float32],
) -> None:
    """Write the product of each person's factor with every asked item's (-1 gets 0).

    Parameters
    ----------
    people : float32 array of shape (n_people, d)
    vectors : float32 array of shape (n_items, d)
    indptr, items : arrays
        Rows of items, one per person.
    start, stop : int
    scores : float32 array of shape (nnz,), written
    """
    for person in range(start, stop):
        for entry in range(indptr[person], indptr[person + 1]):
            item = items[entry]
            if item >= 0:
                scores[entry] = _product(people, person, vectors, item)
            else:
                scores[entry] = np.float32(0.0)


@inner
def rank_found(
    people: NDArray[Any],
    vectors: NDArray[Any],
    found: NDArray[Any],
    start: int,
    stop: int,
    items: NDArray[Any],
    scores: NDArray[Any],
) -> None:
    """Write the found items of each person with a positive product, best first.

    ``found``, ``items`` and ``scores`` are of shape (n_people, n); -1 in ``found`` is no item.
    """
    for person in range(start, stop):
        size = 0
        for place in range(found.shape[1]):
            item = found[person, place]
            if item >= 0:
                score = _product(people, person, vectors, item)
                if score > 0.0:
                    size = offer(items[person], scores[person], size, item, score)
        sort_best(items[person], scores[person], size)
