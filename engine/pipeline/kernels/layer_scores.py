"""Products of factors beside two layers, for the pairs asked for and no others."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner

__all__ = ["score_by_layers"]


@inner
def score_by_layers(
    people: NDArray[np.float32],
    items: NDArray[np.float32],
    layer: NDArray[np.float32],
    bias: NDArray[np.float32],
    out: NDArray[np.float32],
    indptr: NDArray[Any],
    asked: NDArray[Any],
    start: int,
    stop: int,
    scores: NDArray[np.float32],
) -> None:
    """Write ``p·q + outᵀ relu(layer relu(a + b) + bias) + bias of the item`` (-1 gets 0).

    Parameters
    ----------
    people : float32 array of shape (n_people, d + h)
        ``p``, and ``a``: the person's part of the first layer.
    items : float32 array of shape (n_items, d + h + 1)
        ``q``, ``b`` and the bias.
    layer : float32 array of shape (k, h)
    bias, out : float32 arrays of shape (k,)
    indptr, asked : arrays
        Rows of items, one per person.
    start, stop : int
    scores : float32 array of shape (nnz,), written
    """
    n_hidden = layer.shape[1]
    n_factors = people.shape[1] - n_hidden
    hidden = np.empty(n_hidden, np.float32)
    zero = np.float32(0.0)
    for person in range(start, stop):
        for entry in range(indptr[person], indptr[person + 1]):
            item = asked[entry]
            if item < 0:
                scores[entry] = zero
                continue
            total = items[item, n_factors + n_hidden]
            for axis in range(n_factors):
                total += people[person, axis] * items[item, axis]
            for axis in range(n_hidden):
                column = n_factors + axis
                hidden[axis] = max(people[person, column] + items[item, column], zero)
            for unit in range(layer.shape[0]):
                value = bias[unit]
                for axis in range(n_hidden):
                    value += layer[unit, axis] * hidden[axis]
                total += out[unit] * max(value, zero)
            scores[entry] = total
