"""Scores that are sums over links, scattered into one workspace of items per call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner
from engine.pipeline.kernels.selection import offer, sort_best

__all__ = ["propose_by_links", "propose_in_order", "score_by_links"]

UNTOUCHED, TOUCHED, SEEN = 0, 1, 2


@inner
def _scatter(
    profile: tuple[NDArray, ...],
    links: tuple[NDArray, ...],
    person: int,
    work: NDArray,
    state: NDArray,
    touched: NDArray,
) -> int:
    """Add up ``weight · value`` over a person's links; return how many items were touched."""
    starts, keys, weights = profile
    indptr, linked, values = links
    n_touched = 0
    for entry in range(starts[person], starts[person + 1]):
        weight = weights[entry]
        key = keys[entry]
        for link in range(indptr[key], indptr[key + 1]):
            item = linked[link]
            if state[item] == UNTOUCHED:
                state[item] = TOUCHED
                touched[n_touched] = item
                n_touched += 1
            work[item] += weight * values[link]
    return n_touched


@inner
def propose_by_links(
    profile: tuple[NDArray, ...],
    links: tuple[NDArray, ...],
    seen: tuple[NDArray, ...],
    n_items: int,
    start: int,
    stop: int,
    items: NDArray,
    scores: NDArray,
    of_seen: NDArray,
) -> None:
    """Write each person's best unseen items by their links, and the scores of the seen ones.

    Parameters
    ----------
    profile : (indptr, keys, weights)
        What counts for each person, and how much.
    links : (indptr, items, values)
        What each key speaks for, and how strongly.
    seen : (indptr, items)
    n_items, start, stop : int
    items, scores : int32 and float32 arrays of shape (n_people, n), written
        Positive scores only, best first; then -1 and 0.
    of_seen : float32 array of shape (nnz of seen,), written
    """
    work = np.zeros(n_items, np.float32)
    state = np.zeros(n_items, np.uint8)
    touched = np.empty(n_items, np.int32)
    for person in range(start, stop):
        n_touched = _scatter(profile, links, person, work, state, touched)
        for entry in range(seen[0][person], seen[0][person + 1]):
            item = seen[1][entry]
            of_seen[entry] = work[item]
            if state[item] == TOUCHED:
                state[item] = SEEN
        size = 0
        for place in range(n_touched):
            item = touched[place]
            score = work[item]
            if state[item] == TOUCHED and score > 0.0:
                size = offer(items[person], scores[person], size, item, score)
            work[item] = np.float32(0.0)
            state[item] = UNTOUCHED
        sort_best(items[person], scores[person], size)


@inner
def score_by_links(
    profile: tuple[NDArray, ...],
    links: tuple[NDArray, ...],
    asked: tuple[NDArray, ...],
    n_items: int,
    start: int,
    stop: int,
    scores: NDArray,
) -> None:
    """Write the score of every asked item (-1 gets 0); ``asked`` is (indptr, items)."""
    work = np.zeros(n_items, np.float32)
    state = np.zeros(n_items, np.uint8)
    touched = np.empty(n_items, np.int32)
    for person in range(start, stop):
        n_touched = _scatter(profile, links, person, work, state, touched)
        for entry in range(asked[0][person], asked[0][person + 1]):
            item = asked[1][entry]
            scores[entry] = work[item] if item >= 0 else np.float32(0.0)
        for place in range(n_touched):
            work[touched[place]] = np.float32(0.0)
            state[touched[place]] = UNTOUCHED


@inner
def propose_in_order(
    order: NDArray,
    values: NDArray,
    seen: tuple[NDArray, ...],
    start: int,
    stop: int,
    items: NDArray,
    scores: NDArray,
) -> None:
    """Write each person's first unseen items of one common order, as long as they are positive."""
    is_seen = np.zeros(len(values), np.bool_)
    for person in range(start, stop):
        for entry in range(seen[0][person], seen[0][person + 1]):
            is_seen[seen[1][entry]] = True
        size = 0
        for place in range(len(order)):
            item = order[place]
            if size == items.shape[1] or values[item] <= 0.0:
                break
            if not is_seen[item]:
                items[person, size] = item
                scores[person, size] = values[item]
                size += 1
        items[person, size:] = -1
        scores[person, size:] = np.float32(0.0)
        for entry in range(seen[0][person], seen[0][person + 1]):
            is_seen[seen[1][entry]] = False
