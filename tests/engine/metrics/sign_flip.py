"""The sign-flip permutation test of a paired change: no shape of distribution is assumed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.engine.metrics.draws import draw_signs

__all__ = ["sign_flip_p"]

CELLS_AT_ONCE = 1 << 25


def sign_flip_p(
    change: NDArray[np.floating], *, n_flips: int = 1000, seed: int = 0
) -> NDArray[np.float64]:
    """Return the two-sided p of no change, per metric; O(flips · users · metrics).

    If nothing changed, each person's change could as well have had the other sign. p is the share
    of random sign patterns (the real one among them) whose mean is at least as far from 0.

    Parameters
    ----------
    change : float array of shape (n_users, n_metrics)
        Change of each person; NaN is left out.
    n_flips : int
        p cannot be below 1 / (n_flips + 1).
    seed : int

    Returns
    -------
    float64 array of shape (n_metrics,)
        1 where nobody changed; NaN where nobody has a value.

    Source: Fisher 1935; Phipson & Smyth 2010 for counting the real pattern.
    """
    is_defined = ~np.isnan(change)
    scale = np.maximum(np.where(is_defined, np.abs(change), 0).max(axis=0, initial=0), 1e-30)
    matrix = np.where(is_defined, change / scale, 0).astype(np.float32)
    observed = np.abs(matrix.sum(axis=0, dtype=np.float64))
    # Rounding must not make a pattern that ties with the real one look smaller.
    goal = observed - 1e-5 * np.abs(matrix).sum(axis=0, dtype=np.float64)
    extreme = np.zeros(matrix.shape[1], dtype=np.int64)
    at_once = max(1, CELLS_AT_ONCE // max(len(matrix), 1))
    for first in range(0, n_flips, at_once):
        signs = np.empty((min(at_once, n_flips - first), len(matrix)), dtype=np.float32)
        draw_signs(seed, first, signs)
        extreme += (np.abs(signs @ matrix) >= goal).sum(axis=0)
    p = (1 + extreme) / (1 + n_flips)
    return np.where(is_defined.any(axis=0), p, np.nan)
