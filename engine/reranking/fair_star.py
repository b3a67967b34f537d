"""FA*IR: how many of the lifted group each prefix of a list must hold.

``p`` is what a test is made with, not a share that the group will have. A prefix of length ``j``
passes with ``m`` of the group if a list drawn at random with share ``p`` would hold so few, or
fewer, with more than the chance α_c: F(m; j, p) > α_c, F the binomial distribution. So it must hold
m_j, the smallest such count, which is well below p·j: at p = .3 a list of 10 must hold 1. α_c is
chosen, at most α, so that the chance that a list drawn at share ``p`` fails at *any* of its ``k``
prefixes is at most α.

Source: Zehlike, Bonchi, Castillo, Hajian, Megahed & Baeza-Yates, CIKM 2017: definition 3.1 (more
than α, not as much as α), algorithm 1 and section 4.2; table 2 holds the unadjusted ``m_j``. Their
own library takes a binomial quantile, which differs where a probability is α exactly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["adjusted_alpha", "failure_probability", "minimum_targets"]


ROUNDING = 1e-12
"""Probabilities that are no further apart are equal: sums of floating-point products differ."""


def minimum_targets(k: int, p: float, alpha: float) -> NDArray[np.int64]:
    """Return ``m_0 … m_k``: the smallest counts m with F(m; j, p) > ``alpha``.

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

    A list of none has the chance .1 exactly: that is not more than ``alpha``.

    >>> minimum_targets(1, 0.9, 0.1).tolist()
    [0, 1]
    """
    targets = np.zeros(k + 1, dtype=np.int64)
    counts = np.zeros(k + 1)
    counts[0] = 1.0
    for j in range(1, k + 1):
        counts = _one_more(counts, p)
        targets[j] = np.searchsorted(np.cumsum(counts), alpha + ROUNDING, side="right")
    return targets


def _one_more(counts: NDArray[np.float64], p: float) -> NDArray[np.float64]:
    """Return the distribution of the group's count after one more place, drawn at share ``p``."""
    after = counts * (1.0 - p)
    after[1:] += counts[:-1] * p
    return after


def failure_probability(targets: NDArray[np.integer], p: float) -> float:
    """Return the chance that a list drawn at share ``p`` misses a target at some prefix.

    Exact, by the distribution of the count over lists that have met all targets so far: O(k²).
    """
    k = len(targets) - 1
    alive = np.zeros(k + 1)
    alive[0] = 1.0
    for j in range(1, k + 1):
        alive = _one_more(alive, p)
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
