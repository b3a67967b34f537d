"""FA*IR: how many of the lifted group each prefix of a list must hold.

A prefix of length ``j`` fails if it holds fewer than ``m_j = F⁻¹(α_c; j, p)`` of the group, F the
binomial distribution. α_c is chosen below α so that the chance that a list drawn at share ``p``
fails at *any* of its ``k`` prefixes is α.

Source: Zehlike, Bonchi, Castillo, Hajian, Megahed & Baeza-Yates, CIKM 2017, Algorithm 1 and
section 4.2; table 2 holds the unadjusted ``m_j``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

__all__ = ["adjusted_alpha", "failure_probability", "minimum_targets"]


def minimum_targets(k: int, p: float, alpha: float) -> NDArray[np.int64]:
    """Return ``m_0 … m_k``: the smallest count whose binomial probability exceeds ``alpha``.

    Parameters
    ----------
    k : int
        List length.
    p : float
        Share of the group, in [0, 1].
    alpha : float
        Significance, in (0, 1): already adjusted, or not.

    Returns
    -------
    int64 array of shape (k + 1,)

    Examples
    --------
    >>> minimum_targets(12, 0.5, 0.1)[1:].tolist()
    [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4]
    """
    if p <= 0.0 or p >= 1.0:
        return np.arange(k + 1) if p >= 1.0 else np.zeros(k + 1, dtype=np.int64)
    # scipy's quantile is the smallest m with F(m) >= alpha, as in Algorithm 1.
    return np.maximum(binom.ppf(alpha, np.arange(k + 1), p), 0.0).astype(np.int64)


def failure_probability(targets: NDArray[np.integer], p: float) -> float:
    """Return the chance that a list drawn at share ``p`` misses a target at some prefix.

    Exact, by the distribution of the count over lists that have met all targets so far: O(k²).
    """
    k = len(targets) - 1
    alive = np.zeros(k + 2)
    alive[0] = 1.0
    for j in range(1, k + 1):
        alive[1:] = alive[1:] * (1.0 - p) + alive[:-1] * p
        alive[0] *= 1.0 - p
        alive[: targets[j]] = 0.0
    return float(1.0 - alive.sum())


def adjusted_alpha(k: int, p: float, alpha: float) -> float:
    """Return the largest α_c ≤ α whose targets fail a list of ``k`` with chance at most α.

    The chance is a step function of α_c, so bisection stops at a step: within 2⁻⁴⁰ of it.
    """
    if failure_probability(minimum_targets(k, p, alpha), p) <= alpha:
        return alpha
    low, high = 0.0, alpha
    for _ in range(40):
        middle = (low + high) / 2
        if failure_probability(minimum_targets(k, p, middle), p) <= alpha:
            low = middle
        else:
            high = middle
    return low
