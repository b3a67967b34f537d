"""What two towers read, and the person's tower in NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.pipeline.neural.layers import linear, relu
from engine.pipeline.neural.sequences import last_sequences
from engine.pipeline.neural.tensors import Filling, blocks_within, finite
from engine.pipeline.neural.weights import Weights
from engine.pipeline.retrieval.catalogue import Catalogue
from engine.pipeline.retrieval.histories import Histories

__all__ = ["N_NUMBERS", "N_POOLS", "item_content", "pool_weights", "tower_vectors"]

N_POOLS, N_NUMBERS = 3, 3
"""Means of a history that a person's tower reads, and numbers beside them."""

RECENT = 0.85
"""Weight of a like relative to the one after it, in the mean of the recent ones."""


def item_content(catalogue: Catalogue) -> NDArray[np.float32]:
    """Describe items apart from who chose them: genres, provider, release, in columns of one scale.

    Returns
    -------
    float32 array of shape (n_items, n_columns)
        Genres and providers are 0 or 1 over the root of how many an item has; release is
        standardised, and marked where it is not known.
    """
    genres = catalogue.genre_matrix / np.sqrt(
        np.maximum(catalogue.genre_matrix.sum(axis=1, keepdims=True), 1)
    )
    providers = catalogue.provider_codes[:, None] == np.arange(len(catalogue.provider_names))
    released = catalogue.released_day[:, None]
    return np.hstack([genres, providers, Filling.learn(released).apply(released)]).astype(
        np.float32
    )


def pool_weights(
    items: NDArray[np.int32], liked: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weigh a history's places for each mean, and count.

    Parameters
    ----------
    items, liked : int32 arrays of shape (n_people, length)
        From :func:`~engine.pipeline.neural.sequences.last_sequences`.

    Returns
    -------
    pools : float32 array of shape (n_people, 3, length)
        Of the liked, of the recently liked, of what was not liked; each sums to 1, or to 0 where
        there is none.
    numbers : float32 array of shape (n_people, 3)
        Whether there is a history, the logarithm of its length, the share that was liked.
    """
    is_there = items != PAD
    good = (is_there & (liked == 1)).astype(np.float32)
    later = good[:, ::-1].cumsum(axis=1)[:, ::-1] - good  # likes after each place
    kinds = np.stack([good, good * np.float32(RECENT) ** later, is_there - good], axis=1)
    pools = kinds / np.maximum(kinds.sum(axis=2, keepdims=True), np.float32(1e-9))
    n = is_there.sum(axis=1)
    numbers = np.stack([n > 0, np.log1p(n) / 4, good.sum(axis=1) / np.maximum(n, 1)], axis=1)
    return pools.astype(np.float32), numbers.astype(np.float32)


def tower_vectors(histories: Histories, weights: Weights, length: int) -> NDArray[np.float32]:
    """Vectors of people as of the end of their histories; somebody new has one as well.

    Parameters
    ----------
    histories : Histories
    weights : mapping of str to float32 array
        ``inputs`` of shape (n_items, d), what an item in a history says, and the two layers
        ``first`` and ``second``.
    length : int
        How many of the last interactions speak.

    Returns
    -------
    float32 array of shape (n_people, d)
    """
    inputs = weights["inputs"]
    vectors = np.empty((histories.n_people, len(weights["second.bias"])), np.float32)
    for start, stop in blocks_within(histories.n_people, 4 * length * inputs.shape[1]):
        items, liked = last_sequences(histories.block(start, stop), length)
        pools, numbers = pool_weights(items, liked)
        means = np.matmul(pools, inputs[np.maximum(items, 0)])  # person by person
        read = np.concatenate([means.reshape(stop - start, -1), numbers], axis=1)[:, None]
        hidden = relu(linear(read, weights, "first"))
        vectors[start:stop] = linear(hidden, weights, "second")[:, 0]
    return np.asarray(finite(vectors, "The towers"))
