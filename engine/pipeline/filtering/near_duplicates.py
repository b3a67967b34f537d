"""Items that are nearly the same: found by MinHash, all but the most popular of each left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray

__all__ = ["copies", "jaccard", "shingles"]

N_PERMUTATIONS = 128
SHINGLE = 4


def shingles(text: str) -> frozenset[str]:
    """Cut a text, in lower case and without marks, into runs of four letters.

    A shorter text is its own.

    >>> sorted(shingles("Heat 2!"))
    ['at 2', 'eat ', 'heat']
    """
    plain = " ".join(re.findall(r"\w+", text.casefold()))
    if len(plain) <= SHINGLE:
        return frozenset({plain} if plain else ())
    return frozenset(plain[at : at + SHINGLE] for at in range(len(plain) - SHINGLE + 1))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of what two sets have together; 0 where both are empty.

    >>> jaccard(frozenset("ab"), frozenset("bc"))
    0.3333333333333333
    """
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def copies(
    texts: Sequence[str], popularity: NDArray[np.integer], threshold: float
) -> NDArray[np.bool_]:
    """Mark the items that are nearly a more popular one.

    Pairs are found by locality-sensitive hashing, and compared exactly: none is marked in error,
    and a pair just above the threshold may be missed. From the most popular item down, an item is
    marked where one that stays is as like it as ``threshold``. About O(n_items).

    Parameters
    ----------
    texts : sequence of str
        What is compared of each item; an empty text is like no other.
    popularity : int array of shape (n_items,)
        Among equals the lower number stays.
    threshold : float in (0, 1]
        Of the Jaccard similarity of the texts' shingles.

    Returns
    -------
    bool array of shape (n_items,)

    Source
    ------
    Broder, "On the resemblance and containment of documents", SEQUENCES 1997.
    """
    sets = [shingles(text) for text in texts]
    # bands for a lower threshold: a pair at the threshold itself is then found nearly always
    index = MinHashLSH(threshold=max(threshold - 0.2, 0.1), num_perm=N_PERMUTATIONS)
    is_copy = np.zeros(len(texts), bool)
    for item in np.argsort(-np.asarray(popularity, np.int64), kind="stable").tolist():
        own = sets[item]
        if not own:
            continue
        sketch = MinHash(num_perm=N_PERMUTATIONS, seed=1)
        sketch.update_batch([part.encode() for part in sorted(own)])
        is_copy[item] = any(jaccard(own, sets[other]) >= threshold for other in index.query(sketch))
        if not is_copy[item]:
            index.insert(item, sketch)
    return is_copy
