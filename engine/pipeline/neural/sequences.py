"""A person from the sequence of what they met, in NumPy: what SASRec is asked with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.pipeline.neural.layers import attention, linear, normed, relu
from engine.pipeline.neural.tensors import blocks_within, finite, last_items
from engine.pipeline.neural.weights import Weights
from engine.pipeline.retrieval.histories import Histories

__all__ = ["Sequences", "last_sequences", "vectors_of"]

Sequences = tuple[NDArray[np.int32], NDArray[np.int32]]
"""Items, :data:`PAD` before them, and whether each was liked (0 or 1): (n_people, length) each."""


def last_sequences(histories: Histories, length: int) -> Sequences:
    """Return the last ``length`` interactions of everybody, the last in the last column."""
    items = last_items(histories.seen, length)
    entries = Ragged(histories.seen.indptr, np.arange(len(histories.day), dtype=np.int32))
    places = last_items(entries, length)
    liked = np.zeros(items.shape, np.int32)
    is_there = places != PAD
    liked[is_there] = histories.is_liked[places[is_there]]
    return items, liked


def vectors_of(histories: Histories, weights: Weights, n_heads: int) -> NDArray[np.float32]:
    """Vectors of people as of the end of their histories; zero for those without any.

    O(n_people · length · (d² · blocks + length · d · blocks)), in blocks of bounded memory.

    Parameters
    ----------
    histories : Histories
    weights : mapping of str to float32 array
        Of :class:`engine.pipeline.neural.sequence_net.SequenceNet`.
    n_heads : int

    Returns
    -------
    float32 array of shape (n_people, d)
    """
    length, d = weights["places"].shape
    vectors = np.zeros((histories.n_people, d), np.float32)
    for start, stop in blocks_within(histories.n_people, 4 * length * max(length, 4 * d)):
        items, liked = last_sequences(histories.block(start, stop), length)
        vectors[start:stop] = _block_of_people(items, liked, weights, n_heads)
    vectors[histories.seen.lengths() == 0] = 0.0
    return np.asarray(finite(vectors, "The sequence model"))


def _block_of_people(
    items: NDArray[np.int32], liked: NDArray[np.int32], weights: Weights, n_heads: int
) -> NDArray[np.float32]:
    length = items.shape[1]
    is_there = items != PAD
    x = weights["items"][np.maximum(items, 0)] + weights["kinds"][liked]
    x = np.where(is_there[..., None], x, np.float32(0.0)) + weights["places"]
    up_to = np.tri(length, dtype=bool) & is_there[:, None, :] | np.eye(length, dtype=bool)
    n_blocks = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("blocks."))
    for number in range(n_blocks):
        # of the last block only the last place is asked for
        asked = slice(-1, None) if number == n_blocks - 1 else slice(None)
        x = _block(x, up_to, weights, f"blocks.{number}", n_heads, asked)
    return normed(x, weights, "last")[:, -1]


def _block(
    x: NDArray[np.float32],
    up_to: NDArray[np.bool_],
    weights: Weights,
    name: str,
    n_heads: int,
    asked: slice,
) -> NDArray[np.float32]:
    y = normed(x, weights, f"{name}.before")
    found = attention(
        linear(y[:, asked], weights, f"{name}.queries"),
        linear(y, weights, f"{name}.keys"),
        linear(y, weights, f"{name}.values"),
        up_to[:, asked],
        n_heads,
    )
    x = x[:, asked] + linear(found, weights, f"{name}.out")
    y = relu(linear(normed(x, weights, f"{name}.between"), weights, f"{name}.first"))
    return x + linear(y, weights, f"{name}.second")
