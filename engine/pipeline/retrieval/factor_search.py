"""The unseen items with the largest inner products: exactly, or through the index where it pays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged, closed_up
from engine.pipeline.kernels.factor_scores import rank_found, score_by_factors
from engine.pipeline.kernels.selection import best_of_rows
from engine.pipeline.retrieval.hnsw_search import HnswIndex
from engine.pipeline.retrieval.links import rows_of
from engine.pipeline.retrieval.source import empty_proposals
from engine.threads import over_rows

__all__ = [
    "exact_best",
    "grid_rows",
    "indexed_best",
    "pair_scores",
]

BLOCK_CELLS = 4_000_000
"""People × items of one block of products: 16 MB, whatever the size of the data."""


def pair_scores(
    people: NDArray[np.float32], vectors: NDArray[np.float32], items: Ragged
) -> NDArray[np.float32]:
    """Inner products of each person's factor with the items of their row, shape (nnz,)."""
    scores = np.zeros(len(items.indices), np.float32)
    indptr, flat = rows_of(items)
    over_rows(
        lambda start, stop: score_by_factors(people, vectors, indptr, flat, start, stop, scores),
        len(people),
    )
    return scores


def exact_best(
    people: NDArray[np.float32], vectors: NDArray[np.float32], seen: Ragged, n: int
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Find the ``n`` best unseen items with a positive product by looking at all, in blocks.

    Parameters
    ----------
    people : float32 array of shape (n_people, d)
    vectors : float32 array of shape (n_items, d)
    seen : Ragged
        Items of each person to leave out.
    n : int

    Returns
    -------
    items : int32 array of shape (n_people, min(n, n_items))
    scores : float32 array of the same shape
    """
    n_items = len(vectors)
    items, scores = empty_proposals(len(people), min(n, n_items))
    sizes = np.zeros(len(people), np.int64)
    width = max(1, min(n_items, BLOCK_CELLS // 64))
    height = max(1, BLOCK_CELLS // width)
    for first in range(0, len(people), height):
        part = slice(first, min(first + height, len(people)))
        rows = rows_of(Ragged(seen.indptr[part.start : part.stop + 1], seen.indices))
        for column in range(0, n_items, width):
            table = people[part] @ vectors[column : column + width].T
            _offer_block(table, column, rows, sizes[part], items[part], scores[part])
    return _with_own_scores(people, vectors, items)


def _offer_block(
    table: NDArray[np.float32],
    column: int,
    rows: tuple[NDArray[Any], NDArray[Any]],
    sizes: NDArray[np.int64],
    items: NDArray[np.int32],
    scores: NDArray[np.float32],
) -> None:
    _without_seen(table, column, rows)
    least = _least(table, items.shape[1])
    over_rows(
        lambda start, stop: best_of_rows(table, column, least, sizes, start, stop, items, scores),
        len(table),
    )


def _without_seen(
    table: NDArray[np.float32], column: int, rows: tuple[NDArray[Any], NDArray[Any]]
) -> None:
    """Set what was seen to 0, which is never among the best."""
    indptr, seen = rows
    row = np.repeat(np.arange(len(table)), np.diff(indptr))
    place = seen[indptr[0] : indptr[-1]] - column
    is_here = (place >= 0) & (place < table.shape[1])
    table[row[is_here], place[is_here]] = 0.0


def _least(table: NDArray[np.float32], n: int) -> NDArray[np.float32]:
    """Return the ``n``-th best of each row: a library's selection is faster than a heap's."""
    if n < 1 or n >= table.shape[1]:
        return np.zeros(len(table), table.dtype)
    at = table.shape[1] - n
    return np.partition(table, at, axis=1)[:, at]


def _with_own_scores(
    people: NDArray[np.float32], vectors: NDArray[np.float32], items: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Order found items by products computed pair by pair.

    A library's product of matrices depends, in its last bits, on how many rows it is given; those
    of pairs do not, so a person's order is the same alone and among others.
    """
    ranked, scores = empty_proposals(*items.shape)
    over_rows(
        lambda start, stop: rank_found(people, vectors, items, start, stop, ranked, scores),
        len(people),
    )
    return ranked, scores


def grid_rows(items: NDArray[np.int32]) -> Ragged:
    """One row of items per person, all equally wide, as ragged rows."""
    n_people, width = items.shape
    return Ragged(np.arange(n_people + 1, dtype=np.int64) * width, items.reshape(-1))


def indexed_best(
    people: NDArray[np.float32],
    vectors: NDArray[np.float32],
    seen: Ragged,
    n: int,
    index: HnswIndex,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Find about the ``n`` best unseen items with a positive product through the index."""
    n = min(n, len(vectors))
    items = np.full((len(people), n), PAD, np.int32)
    wanted = seen.lengths() + n
    steps = -(-wanted // n) * n
    for step in np.unique(steps):
        rows = np.flatnonzero(steps == step)
        found = index.search(people[rows], int(step))
        is_seen = _is_in(found, seen.take(rows), len(vectors))
        best = closed_up(found, is_seen, n)
        items[rows[:, None], np.arange(best.shape[1])] = best
    return _with_own_scores(people, vectors, items)


def _is_in(found: NDArray[np.int32], rows: Ragged, n_items: int) -> NDArray[np.bool_]:
    owners = np.repeat(np.arange(rows.n_rows), rows.lengths())
    own = owners * n_items + rows.indices
    asked = np.arange(len(found))[:, None] * n_items + found
    return np.isin(asked, own)
