"""Other ways to search for the largest products, to be compared: a tree, and hashing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

__all__ = ["Hashing", "lengthened", "other_searches"]

SLACKS = (0.0, 0.5, 1.0, 2.0)
"""A tree may return neighbours that are up to ``1 + slack`` times as far as the true ones."""

BITS = (64, 256, 1024)
LOOKED_AT = 4
"""Of the items nearest by their bits so many times those sought are compared exactly."""

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
    for bits in BITS:
        yield "LSH", f"{bits} bits", Hashing.build(items, bits, seed=0).search


@dataclass(frozen=True, eq=False)
class Hashing:
    """Locality-sensitive hashing by random hyperplanes: alike vectors share most of their bits.

    Attributes
    ----------
    items : float32 array of shape (n_items, d)
    planes : float32 array of shape (d, n_bits)
    codes : uint64 array of shape (n_items, n_bits // 64)

    Source
    ------
    Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002.
    """

    items: NDArray[np.float32]
    planes: NDArray[np.float32]
    codes: NDArray[np.uint64]

    @classmethod
    def build(cls, items: NDArray[np.float32], n_bits: int, *, seed: int) -> Hashing:
        """Draw ``n_bits`` hyperplanes, a multiple of 64, and note on which side each item lies."""
        rng = np.random.default_rng(seed)
        planes = rng.normal(size=(items.shape[1], n_bits)).astype(np.float32)
        return cls(items, planes, _sides(items, planes))

    def search(self, people: NDArray[np.float32], n: int) -> NDArray[np.int32]:
        """Find items with large products: of those nearest by their bits the best, best first."""
        asked = _query(people)
        found = np.empty((len(asked), n), np.int32)
        most = min(max(LOOKED_AT * n, n), len(self.items))
        for row, code in enumerate(_sides(asked, self.planes)):
            apart = np.bitwise_count(self.codes ^ code).sum(axis=1, dtype=np.int32)
            near = np.argpartition(apart, most - 1)[:most]
            order = np.argsort(-(self.items[near] @ asked[row]), kind="stable")[:n]
            found[row] = near[order]
        return found


def _sides(vectors: NDArray[np.float32], planes: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Pack on which side of each plane a vector lies, uint64 of shape (n, n_bits // 64)."""
    return np.packbits(vectors @ planes > 0, axis=1).view(np.uint64)


def _query(people: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.hstack([people, np.zeros((len(people), 1), np.float32)])


def _by_tree(tree: KDTree, slack: float) -> Search:
    def search(people: NDArray[np.float32], n: int) -> NDArray[np.int32]:
        _, found = tree.query(_query(people), k=n, eps=slack)
        return np.asarray(found, np.int32).reshape(len(people), n)

    return search
