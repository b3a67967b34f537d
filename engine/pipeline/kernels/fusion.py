"""Reciprocal-rank fusion of several sources' proposals, person by person."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner
from engine.pipeline.kernels.selection import offer, sort_best

__all__ = ["fuse_people"]


@inner
def _n_above(scores: NDArray[Any], score: float, size: int) -> int:
    """How many of a falling row of positive scores are at least ``score``."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if scores[middle] >= score:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def _unite(
    items: NDArray[Any],
    weights: NDArray[Any],
    depths: NDArray[Any],
    constant: float,
    person: int,
    fused: NDArray[Any],
    masks: NDArray[Any],
    fill: NDArray[Any],
    touched: NDArray[Any],
) -> int:
    """Add every source's reciprocal ranks; return how many items were proposed."""
    n_touched = 0
    for source in range(items.shape[0]):
        for place in range(depths[source]):
            item = items[source, person, place]
            if item < 0:
                break
            if masks[item] == 0:
                touched[n_touched] = item
                n_touched += 1
                fused[item] = fill[item]
            fused[item] += np.float32(weights[source] / (constant + 1.0 + place))
            masks[item] |= np.uint16(1 << source)
    return n_touched


@inner
def _seen_score(
    scores: NDArray[Any],
    of_seen: NDArray[Any],
    weights: NDArray[Any],
    depths: NDArray[Any],
    constant: float,
    person: int,
    entry: int,
) -> np.float32:
    total = np.float32(0.0)
    for source in range(scores.shape[0]):
        own = of_seen[source, entry]
        if own > 0.0:
            above = _n_above(scores[source, person], own, depths[source])
            if above < depths[source]:
                total += np.float32(weights[source] / (constant + 1.0 + above))
    return np.float32(total)


@inner
def _fill_up(
    order: NDArray[Any],
    masks: NDArray[Any],
    is_seen: NDArray[Any],
    is_out: NDArray[Any],
    fill: NDArray[Any],
    size: int,
    items: NDArray[Any],
    scores: NDArray[Any],
) -> int:
    """Offer the most popular items that are neither proposed nor seen nor out."""
    for place in range(len(order)):
        if size == len(items):
            break
        item = order[place]
        if masks[item] == 0 and not is_seen[item] and not is_out[item]:
            size = offer(items, scores, size, item, fill[item])
    return size


@inner
def fuse_people(
    proposed: tuple[NDArray[Any], ...],
    settings: tuple[NDArray[Any], NDArray[Any], float],
    seen: tuple[NDArray[Any], ...],
    popular: tuple[NDArray[Any], ...],
    start: int,
    stop: int,
    retrieved: NDArray[np.int32],
    filtered: NDArray[np.int32],
    found: NDArray[np.uint16],
) -> None:
    """Write the union for a range of people.

    Parameters
    ----------
    proposed : (items, scores, of_seen)
        int32 and float32 arrays of shape (n_sources, n_people, deepest), and float32 of shape
        (n_sources, nnz of seen).
    settings : (weights, depths, constant)
    seen : (indptr, items)
    popular : (order, fill, is_out)
        Items by popularity, the small score of each that parts equals, and whether a filter takes
        it out: it is retrieved then, and not in ``filtered``.
    start, stop : int
    retrieved, filtered : int32 arrays of shape (n_people, n), written
    found : uint16 array of shape (n_people, n), written
        Bit ``b``: source ``b`` proposed the item of ``filtered``.
    """
    items, scores, of_seen = proposed
    weights, depths, constant = settings
    order, fill, is_out = popular
    n_items, n = len(fill), filtered.shape[1]
    fused = np.zeros(n_items, np.float32)
    masks = np.zeros(n_items, np.uint16)
    is_seen = np.zeros(n_items, np.bool_)
    nothing_out = np.zeros(n_items, np.bool_)
    touched = np.empty(n_items, np.int32)
    kept = np.empty(n, np.float32)
    for person in range(start, stop):
        n_touched = _unite(items, weights, depths, constant, person, fused, masks, fill, touched)
        proposals = touched[:n_touched]
        mine = seen[1][seen[0][person] : seen[0][person + 1]]
        is_seen[mine] = True
        size = 0
        for item in proposals:
            if not is_out[item]:
                size = offer(filtered[person], kept, size, item, fused[item])
        size = _fill_up(order, masks, is_seen, is_out, fill, size, filtered[person], kept)
        sort_best(filtered[person], kept, size)
        for place in range(size):
            found[person, place] = masks[filtered[person, place]]
        size = 0
        for item in proposals:
            size = offer(retrieved[person], kept, size, item, fused[item])
        for entry in range(seen[0][person], seen[0][person + 1]):
            item = seen[1][entry]
            if is_seen[item]:  # once, also where an item is there twice
                is_seen[item] = False
                own = _seen_score(scores, of_seen, weights, depths, constant, person, entry)
                size = offer(retrieved[person], kept, size, item, fill[item] + own)
        masks[mine] = 1
        size = _fill_up(order, masks, is_seen, nothing_out, fill, size, retrieved[person], kept)
        sort_best(retrieved[person], kept, size)
        masks[proposals] = 0
        masks[mine] = 0
