"""Scores of a linear model over standardised features, row by row."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner

__all__ = ["DesignArrays", "linear_scores"]


class DesignArrays(NamedTuple):
    """The arrays of a :class:`~engine.pipeline.ranking.design.Design`, by its names."""

    logged: NDArray[np.bool_]
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    masked: NDArray[np.int64]
    crossed: NDArray[np.int64]


@inner
def _standard(
    value: np.float32, is_logged: bool, mean: np.float32, scale: np.float32, most: np.float32
) -> np.float32:
    """Logarithmic where it is long-tailed, mean 0, deviation 1, cut; 0 where it is missing."""
    if is_logged:
        value = np.float32(math.copysign(np.log1p(np.float32(abs(value))), value))
    value = np.float32(np.float32(value - mean) / scale)
    if math.isnan(value):
        return np.float32(0.0)
    return min(max(value, np.float32(-most)), most)


@inner
def linear_scores(
    features: NDArray[np.float32],
    design: DesignArrays,
    most: np.float32,
    weights: NDArray[np.float64],
    intercept: float,
    start: int,
    stop: int,
    scores: NDArray[np.float32],
) -> None:
    """Write ``intercept + Σ weight · column``, each row added up in the same order, whoever asks.

    Parameters
    ----------
    features : float32 array of shape (n_rows, n_features)
    design : DesignArrays
    most : float32
        Where standardised values are cut.
    weights : float64 array of shape (n_columns,)
        Of features, masks and crosses.
    intercept : float
    start, stop : int
    scores : float32 array of shape (n_rows,), written
    """
    logged, mean, scale = design.logged, design.mean, design.scale
    masked, crossed = design.masked, design.crossed
    n, n_masked = len(mean), len(masked)
    plain = np.empty(n, np.float32)
    for row in range(start, stop):
        total = 0.0
        for place in range(n):
            plain[place] = _standard(
                features[row, place], logged[place], mean[place], scale[place], most
            )
            total += weights[place] * plain[place]
        for place in range(n_masked):
            if math.isnan(features[row, masked[place]]):
                total += weights[n + place]
        for place in range(len(crossed)):
            product = plain[crossed[place, 0]] * plain[crossed[place, 1]]
            total += weights[n + n_masked + place] * product
        scores[row] = np.float32(total + intercept)
