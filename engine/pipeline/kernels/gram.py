"""Item × item sums over people's rows, for the closed-form linear models."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner

__all__ = ["directed_sums", "gram_of_rows", "regressions_of"]


@inner
def gram_of_rows(indptr: NDArray[Any], items: NDArray[Any], n_items: int) -> NDArray[np.float32]:
    """``XᵀX`` of an indicator matrix given by its rows; float32, the upper triangle alone."""
    gram = np.zeros((n_items, n_items), np.float32)
    for row in range(len(indptr) - 1):
        for first in range(indptr[row], indptr[row + 1]):
            for second in range(indptr[row], indptr[row + 1]):
                if items[first] <= items[second]:
                    gram[items[first], items[second]] += np.float32(1.0)
    return gram


TILE = 64


@inner
def regressions_of(inverse: NDArray[Any]) -> NDArray[np.float32]:
    """``−P_ij / P_jj`` with 0 on the diagonal, of a symmetric ``P`` given by its upper triangle.

    Tile by tile, so that neither a row nor a column leaves the processor's caches too early.
    """
    n = len(inverse)
    links = np.empty((n, n), np.float32)
    for first in range(0, n, TILE):
        for other in range(first, n, TILE):
            for row in range(first, min(first + TILE, n)):
                for column in range(max(other, row + 1), min(other + TILE, n)):
                    value = -inverse[row, column]
                    links[row, column] = value / inverse[column, column]
                    links[column, row] = value / inverse[row, row]
    for item in range(n):
        links[item, item] = np.float32(0.0)
    return links


@inner
def _add_moment(
    past: NDArray[Any],
    next_ones: NDArray[Any],
    weights_before: NDArray[Any],
    weights_after: NDArray[Any],
    gram: NDArray[Any],
    cross: NDArray[Any],
) -> None:
    for back in range(len(past)):
        item = past[back]
        if item < 0:
            continue
        for other_back in range(len(past)):
            other = past[other_back]
            if other >= item:
                gram[item, other] += weights_before[back] * weights_before[other_back]
        for ahead in range(len(next_ones)):
            other = next_ones[ahead]
            if other >= 0:
                cross[item, other] += weights_before[back] * weights_after[ahead]


@inner
def directed_sums(
    indptr: NDArray[Any],
    items: NDArray[Any],
    weights_before: NDArray[Any],
    weights_after: NDArray[Any],
    n_items: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """``SᵀS`` (upper triangle) and ``SᵀY`` over every position of every row that has a next one.

    ``S`` weighs the items up to a position (``weights_before[k]`` on the one ``k`` steps back),
    ``Y`` those after it (``weights_after[m]`` on the one ``m + 1`` steps ahead). Items that are
    negative take part in neither.
    """
    gram = np.zeros((n_items, n_items), np.float32)
    cross = np.zeros((n_items, n_items), np.float32)
    for row in range(len(indptr) - 1):
        for position in range(indptr[row], indptr[row + 1] - 1):
            past = items[indptr[row] : position + 1][-len(weights_before) :][::-1]
            next_ones = items[position + 1 : indptr[row + 1]][: len(weights_after)]
            _add_moment(past, next_ones, weights_before, weights_after, gram, cross)
    return gram, cross
