"""A ranking as a policy: places filled one after the other, each in proportion to weights.

The weight of the title at rank r is ``r ** (-1 / temperature)``: near 0 the ranking itself, with a
growing temperature nearer to any order alike. Ranks, not scores, for a re-ranked list has no score
that means the same in every list. Source: Plackett 1975; Luce 1959.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner, kernel
from engine.errors import ScenarioError

__all__ = ["MOST_EXACT", "draw_slates", "marginals", "place_chances", "rank_weights"]

MOST_EXACT = 14
"""Titles up to which the chance of each at each place is computed exactly."""

LEAST_TEMPERATURE, MOST_TEMPERATURE = 0.05, 20.0


def rank_weights(n: int, temperature: float) -> NDArray[np.float64]:
    """Return the weight of each rank, shape (n,), summing to 1.

    >>> rank_weights(3, 1.0).round(3).tolist()
    [0.545, 0.273, 0.182]

    Raises
    ------
    ScenarioError
        The temperature is out of range.
    """
    if not LEAST_TEMPERATURE <= temperature <= MOST_TEMPERATURE:
        raise ScenarioError(
            f"The temperature of a policy must be from {LEAST_TEMPERATURE:g} to "
            f"{MOST_TEMPERATURE:g}; got {temperature:g}."
        )
    logits = -np.log(np.arange(1, n + 1)) / temperature
    weights = np.exp(logits - logits.max())
    return weights / weights.sum()


def draw_slates(
    weights: NDArray[np.float64], k: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw one slate for each row of weights, by Gumbel's trick; int64 of shape (n, k)."""
    keys = np.log(weights) + rng.gumbel(size=weights.shape)
    return np.argsort(-keys, axis=1, kind="stable")[:, :k]


def place_chances(weights: NDArray[np.float64], slates: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the chance of each title at its place, given those above it, shape (n, k).

    Parameters
    ----------
    weights : float64 array of shape (n, m)
        Above 0.
    slates : int64 array of shape (n, k)
        Columns of ``weights``, none twice in a row.
    """
    own = np.take_along_axis(weights, slates, axis=1)
    # Summed from the end, what is left is exact where it is small.
    rest = weights.sum(axis=1) - own.sum(axis=1)
    left = np.maximum(rest, 0)[:, None] + np.cumsum(own[:, ::-1], axis=1)[:, ::-1]
    return own / left


@inner
def _left(weights: NDArray[Any], row: int, chosen: int) -> tuple[int, float]:
    """Return how many titles are chosen, and the weight of the others."""
    size, left = 0, 0.0
    for title in range(weights.shape[1]):
        if chosen >> title & 1:
            size += 1
        else:
            left += weights[row, title]
    return size, left


@kernel
def _marginals(weights: NDArray[Any], k: int, chances: NDArray[Any]) -> None:
    n, m = weights.shape
    for row in numba.prange(n):
        reached = np.zeros(1 << m)
        reached[0] = 1.0
        for chosen in range(1 << m):
            size, left = _left(weights, row, chosen)
            if reached[chosen] == 0.0 or size >= k:
                continue
            for title in range(m):
                if not chosen >> title & 1:
                    step = reached[chosen] * weights[row, title] / left
                    chances[row, size, title] += step
                    reached[chosen | 1 << title] += step


def marginals(weights: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Return the chance of each title at each place, whatever stands above, exactly.

    Goes through all sets that can stand above a place: O(2^m · m) for m titles.

    Parameters
    ----------
    weights : float64 array of shape (n, m)
        Above 0; m at most :data:`MOST_EXACT`.
    k : int
        At most m.

    Returns
    -------
    float64 array of shape (n, k, m)
        Each place sums to 1.
    """
    assert weights.shape[1] <= MOST_EXACT, weights.shape
    chances = np.zeros((len(weights), k, weights.shape[1]))
    _marginals(np.ascontiguousarray(weights, np.float64), k, chances)
    return chances
