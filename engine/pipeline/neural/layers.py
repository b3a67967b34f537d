"""Layers of networks in NumPy, for serving: equal to PyTorch's within 1e-5.

Tables are of shape (n_people, length, d), one person's as long as another's: NumPy multiplies
person by person, so what one of them gets does not depend, to the bit, on who else is asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.neural.weights import Weights

__all__ = ["attention", "gru_step", "linear", "normed", "relu"]

Floats = NDArray[np.float32]

EPSILON = np.float32(1e-5)
"""Of PyTorch's layer norm."""

NEVER = np.float32(-1e9)
"""A weight before the softmax that comes to nothing after it."""


def linear(x: Floats, weights: Weights, name: str) -> Floats:
    """``x Wᵀ + b``, for ``x`` of shape (n_people, length, n_in).

    Weights are as PyTorch keeps them, of shape (n_out, n_in).
    """
    return np.matmul(x, weights[f"{name}.weight"].T) + weights[f"{name}.bias"]


def relu(x: Floats) -> Floats:
    """Return what is positive, else 0."""
    return np.maximum(x, np.float32(0.0))


def normed(x: Floats, weights: Weights, name: str) -> Floats:
    """Bring the last axis to mean 0 and variance 1, then scale and shift it.

    Source
    ------
    Ba, Kiros, Hinton, "Layer normalization", 2016, with the variance's denominator n.
    """
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred * centred).mean(axis=-1, keepdims=True)
    scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return centred / np.sqrt(variance + EPSILON) * scale + shift


def attention(
    queries: Floats, keys: Floats, values: Floats, may_see: NDArray[np.bool_], n_heads: int
) -> Floats:
    """Scaled dot-product attention, ``softmax(QKᵀ / √(d / heads)) V``, head by head.

    Parameters
    ----------
    queries : float32 array of shape (n_people, n_queries, d)
    keys, values : float32 arrays of shape (n_people, length, d)
    may_see : bool array that broadcasts to (n_people, n_queries, length)
    n_heads : int
        Divides d.

    Returns
    -------
    float32 array of shape (n_people, n_queries, d)

    Source
    ------
    Vaswani et al., "Attention is all you need", NeurIPS 2017, equation 1.
    """
    width = queries.shape[-1] // n_heads
    parts = []
    for head in range(n_heads):
        part = slice(head * width, (head + 1) * width)
        found = np.matmul(queries[..., part], keys[..., part].swapaxes(1, 2))
        found = np.where(may_see, found / np.float32(np.sqrt(width)), NEVER)
        found = np.exp(found - found.max(axis=-1, keepdims=True))
        found /= found.sum(axis=-1, keepdims=True)
        parts.append(np.matmul(found, values[..., part]))
    return np.concatenate(parts, axis=-1)


def gru_step(given: Floats, state: Floats, inner: Floats, bias: Floats) -> Floats:
    """Return the next state of a gated recurrent unit: ``(1 − z) n + z h``.

    Parameters
    ----------
    given : float32 array of shape (n, 1, 3 d)
        What is read, through its weights: PyTorch's order of the gates, reset, update, new.
    state : float32 array of shape (n, 1, d)
    inner : float32 array of shape (d, 3 d)
        Weights of the state.
    bias : float32 array of shape (3 d,)

    Source
    ------
    Cho et al., "Learning phrase representations using RNN encoder-decoder", EMNLP 2014.
    """
    kept = np.matmul(state, inner) + bias
    (reset_in, update_in, new_in), (reset_at, update_at, new_at) = (
        np.split(one, 3, axis=-1) for one in (given, kept)
    )
    reset, update = _logistic(reset_in + reset_at), _logistic(update_in + update_at)
    new = np.tanh(new_in + reset * new_at)
    return (1 - update) * new + update * state


def _logistic(x: Floats) -> Floats:
    return 0.5 * (1 + np.tanh(0.5 * x))  # without an overflow
