"""Scores that are sums over links, scattered into one workspace of items per call.

Where a person has more links than there are items, looking at every item at the end costs less than
noting at each link whether its item is new.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner
from engine.pipeline.kernels.selection import offer, sort_best

__all__ = ["propose_by_links", "propose_in_order", "score_by_links"]

UNTOUCHED, TOUCHED, SEEN = 0, 1, 2


@inner
def _scatter(
    profile: tuple[NDArray[Any], ...],
    links: tuple[NDArray[Any], ...],
    person: int,
    work: NDArray[Any],
    state: NDArray[Any],
    touched: NDArray[Any],
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
def _add_up(
    profile: tuple[NDArray[Any], ...],
    links: tuple[NDArray[Any], ...],
    person: int,
    work: NDArray[Any],
) -> None:
    """Add up ``weight · value`` over a person's links, in the same order as :func:`_scatter`."""
    starts, keys, weights = profile
    indptr, linked, values = links
    for entry in range(starts[person], starts[person + 1]):
        weight = weights[entry]
        key = keys[entry]
        for link in range(indptr[key], indptr[key + 1]):
            work[linked[link]] += weight * values[link]


@inner
def _n_links(
    profile: tuple[NDArray[Any], ...], links: tuple[NDArray[Any], ...], person: int
) -> int:
    total = 0
    for entry in range(profile[0][person], profile[0][person + 1]):
        key = profile[1][entry]
        total += links[0][key + 1] - links[0][key]
    return total


@inner
def _read_seen(
    work: NDArray[Any], state: NDArray[Any], mine: NDArray[Any], own: NDArray[Any]
) -> None:
    for place in range(len(mine)):
        own[place] = work[mine[place]]
        state[mine[place]] = SEEN


@inner
def _offer_all(
    work: NDArray[Any], state: NDArray[Any], items: NDArray[Any], scores: NDArray[Any]
) -> int:
    """Offer every unseen item with a positive score, and clear the workspace."""
    size, n = 0, len(items)
    least = np.float32(0.0)
    for item in range(len(work)):
        score = work[item]
        if score > least and state[item] != SEEN:
            size = offer(items, scores, size, item, score)
            if size == n and n > 0:
                # items come in rising order, so an equal score does not get in any more
                least = scores[0]
    work[:] = np.float32(0.0)
    return size


@inner
def _offer_touched(
    work: NDArray[Any],
    state: NDArray[Any],
    touched: NDArray[Any],
    items: NDArray[Any],
    scores: NDArray[Any],
) -> int:
    """Offer the touched items with a positive score, and clear the workspace of them."""
    size = 0
    for place in range(len(touched)):
        item = touched[place]
        score = work[item]
        if state[item] == TOUCHED and score > 0.0:
            size = offer(items, scores, size, item, score)
        work[item] = np.float32(0.0)
        state[item] = UNTOUCHED
    return size


@inner
def propose_by_links(
    profile: tuple[NDArray[Any], ...],
    links: tuple[NDArray[Any], ...],
    seen: tuple[NDArray[Any], ...],
    n_items: int,
    start: int,
    stop: int,
    items: NDArray[Any],
    scores: NDArray[Any],
    of_seen: NDArray[np.float32],
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
        part = slice(seen[0][person], seen[0][person + 1])
        mine, own = seen[1][part], of_seen[part]
        if _n_links(profile, links, person) >= n_items:
            _add_up(profile, links, person, work)
            _read_seen(work, state, mine, own)
            size = _offer_all(work, state, items[person], scores[person])
        else:
            n_touched = _scatter(profile, links, person, work, state, touched)
            _read_seen(work, state, mine, own)
            some = touched[:n_touched]
            size = _offer_touched(work, state, some, items[person], scores[person])
        state[mine] = UNTOUCHED
        sort_best(items[person], scores[person], size)


@inner
def score_by_links(
    profile: tuple[NDArray[Any], ...],
    links: tuple[NDArray[Any], ...],
    asked: tuple[NDArray[Any], ...],
    n_items: int,
    start: int,
    stop: int,
    scores: NDArray[Any],
) -> None:
    """Write the score of every asked item (-1 gets 0); ``asked`` is (indptr, items)."""
    work = np.zeros(n_items, np.float32)
    state = np.zeros(n_items, np.uint8)
    touched = np.empty(n_items, np.int32)
    for person in range(start, stop):
        is_dense = _n_links(profile, links, person) >= n_items
        if is_dense:
            _add_up(profile, links, person, work)
            n_touched = 0
        else:
            n_touched = _scatter(profile, links, person, work, state, touched)
        for entry in range(asked[0][person], asked[0][person + 1]):
            item = asked[1][entry]
            scores[entry] = work[item] if item >= 0 else np.float32(0.0)
        if is_dense:
            work[:] = np.float32(0.0)
        work[touched[:n_touched]] = np.float32(0.0)
        state[touched[:n_touched]] = UNTOUCHED


@inner
def propose_in_order(
    order: NDArray[Any],
    values: NDArray[Any],
    seen: tuple[NDArray[Any], ...],
    start: int,
    stop: int,
    items: NDArray[Any],
    scores: NDArray[Any],
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
