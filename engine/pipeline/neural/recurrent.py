"""A person from the sequence of what they met, by a gated recurrent unit in NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.pipeline.neural.layers import gru_step, linear
from engine.pipeline.neural.sequences import last_sequences
from engine.pipeline.neural.tensors import blocks_within, finite
from engine.pipeline.neural.weights import Weights
from engine.pipeline.retrieval.histories import Histories

__all__ = ["recurrent_vectors"]


def recurrent_vectors(histories: Histories, weights: Weights, length: int) -> NDArray[np.float32]:
    """Vectors of people as of the end of their histories; zero for those without any.

    Parameters
    ----------
    histories : Histories
    weights : mapping of str to float32 array
        Of :class:`engine.pipeline.neural.gru_net.GruNet`.
    length : int
        How many of the last interactions speak.

    Returns
    -------
    float32 array of shape (n_people, d)
    """
    d = len(weights["out.bias"])
    inner, bias = weights["gru.weight_hh_l0"].T, weights["gru.bias_hh_l0"]
    vectors = np.zeros((histories.n_people, d), np.float32)
    for start, stop in blocks_within(histories.n_people, 16 * length * d):
        items, liked = last_sequences(histories.block(start, stop), length)
        read = weights["items"][np.maximum(items, 0)] + weights["kinds"][liked]
        given = np.matmul(read, weights["gru.weight_ih_l0"].T) + weights["gru.bias_ih_l0"]
        state = np.zeros((stop - start, 1, d), np.float32)
        for place in range(length):
            is_there = (items[:, place] != PAD)[:, None, None]
            found = gru_step(given[:, place : place + 1], state, inner, bias)
            state = np.where(is_there, found, state)
        vectors[start:stop] = linear(state, weights, "out")[:, 0]
    vectors[histories.seen.lengths() == 0] = 0.0
    return np.asarray(finite(vectors, "The recurrent model"))
