"""The n best of many, in a heap: larger scores first, the lower item first among equals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner

__all__ = ["best_of_rows", "offer", "sort_best"]


@inner
def _is_worse(score_a: float, item_a: int, score_b: float, item_b: int) -> bool:
    return score_a < score_b or (score_a == score_b and item_a > item_b)


@inner
def offer(
    items: NDArray[np.int32], scores: NDArray[np.float32], size: int, item: int, score: float
) -> int:
    """Offer an item to a heap whose first entry is the worst kept; return the new size.

    Parameters
    ----------
    items : int32 array of shape (n,)
    scores : float32 array of shape (n,)
    size : int
        Entries in use.
    item : int
    score : float32
    """
    place = size
    if size < len(items):
        while place > 0:
            above = (place - 1) >> 1
            if not _is_worse(score, item, scores[above], items[above]):
                break
            scores[place] = scores[above]
            items[place] = items[above]
            place = above
        scores[place] = score
        items[place] = item
        return size + 1
    if size == 0 or not _is_worse(scores[0], items[0], score, item):
        return size
    _sink(items, scores, size, item, score)
    return size


@inner
def _sink(items: NDArray[Any], scores: NDArray[Any], size: int, item: int, score: float) -> None:
    """Put an entry at the top of a heap and let it sink to its place."""
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and _is_worse(
            scores[below + 1], items[below + 1], scores[below], items[below]
        ):
            below += 1
        if not _is_worse(scores[below], items[below], score, item):
            break
        scores[place] = scores[below]
        items[place] = items[below]
        place = below
    scores[place] = score
    items[place] = item


@inner
def sort_best(items: NDArray[Any], scores: NDArray[Any], size: int) -> None:
    """Turn a heap into a list, best first; what is not in use becomes -1 and 0."""
    for last in range(size - 1, 0, -1):
        item = items[last]
        score = scores[last]
        items[last] = items[0]
        scores[last] = scores[0]
        _sink(items, scores, last, item, score)
    items[size:] = -1
    scores[size:] = np.float32(0.0)


@inner
def best_of_rows(
    table: NDArray[Any],
    first_item: int,
    least: NDArray[Any],
    sizes: NDArray[Any],
    start: int,
    stop: int,
    items: NDArray[Any],
    scores: NDArray[Any],
) -> None:
    """Offer the positive entries of each row of a block of scores.

    ``table[r, c]`` is the score of item ``first_item + c``; below ``least[r]`` none of the block
    can be among the best. ``sizes``, ``items`` and ``scores`` hold one heap per row, carried from
    block to block.
    """
    for row in range(start, stop):
        size, bound = sizes[row], least[row]
        for column in range(table.shape[1]):
            score = table[row, column]
            if score < bound or score <= 0.0:
                continue
            if size < items.shape[1] or score >= scores[row, 0]:
                size = offer(items[row], scores[row], size, first_item + column, score)
        sizes[row] = size
