"""Other ways to search for the largest products, to be compared: a tree, and hashing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

__all__ = ["HASHING_NEEDS", "lengthened", "other_searches"]

SLACKS = (0.0, 0.5, 1.0, 2.0)
"""A tree may return neighbours that are up to ``1 + slack`` times as far as the true ones."""

BITS = (64, 256, 1024)
HASHING_NEEDS = "faiss"
"""Package of the hashing; where it is not installed, there is none to compare."""

Search = Callable[[NDArray[np.float32], int], NDArray[np.int32]]


def lengthened(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give every vector the same length by one more coordinate.

    Among vectors of one length the nearest to a query is the one with the largest product, so a
    search by distance answers for products; a query takes 0 there.

    Returns
    -------
    float32 array of shape (n_items, d + 1)

    Source
    ------
    Bachrach et al., "Speeding up the Xbox recommender system using a Euclidean transformation for
    inner-product spaces", RecSys 2014.

    Examples
    --------
    >>> lengthened(np.array([[3.0, 4.0], [0.0, 0.0]], np.float32)).tolist()
    [[3.0, 4.0, 0.0], [0.0, 0.0, 5.0]]
    """
    squared = (vectors.astype(np.float64) ** 2).sum(axis=1)
    rest = np.sqrt(np.maximum(squared.max(initial=0.0) - squared, 0.0))
    return np.hstack([vectors, rest[:, None]]).astype(np.float32)


def other_searches(vectors: NDArray[np.float32]) -> Iterator[tuple[str, str, Search]]:
    """Build each search, and hand out its name, its setting in words, and how to ask it.

    Parameters
    ----------
    vectors : float32 array of shape (n_items, d)
    """
    items = lengthened(vectors)
    tree = KDTree(items)
    for slack in SLACKS:
        yield "KD-tree", f"slack {slack:g}", _by_tree(tree, slack)
    if find_spec(HASHING_NEEDS) is None:
        return
    import faiss

    for bits in BITS:
        index = faiss.IndexLSH(items.shape[1], bits)
        index.train(items)
        index.add(items)
        yield "LSH", f"{bits} bits", _by_hashing(index)


def _query(people: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.hstack([people, np.zeros((len(people), 1), np.float32)])


def _by_tree(tree: KDTree, slack: float) -> Search:
    def search(people: NDArray[np.float32], n: int) -> NDArray[np.int32]:
        _, found = tree.query(_query(people), k=n, eps=slack)
        return np.asarray(found, np.int32).reshape(len(people), n)

    return search


def _by_hashing(index: Any) -> Search:
    def search(people: NDArray[np.float32], n: int) -> NDArray[np.int32]:
        _, found = index.search(_query(people), n)
        return np.asarray(found, np.int32)

    return search
