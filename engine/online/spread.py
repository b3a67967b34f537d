"""How far an estimate may be off: its standard error over clusters, and how skewed it is.

Contributions of one person are summed first (Liang & Zeger 1986). An estimate is a sum of ratios
``mean(y) / mean(x)``: of a mean over contexts x is the number of a cluster's contexts, of a
self-normalised estimator its weights. With cluster sums ``u_j`` of what each ratio contributes,
``U = Σ_j u_j``, σ² = mean(U²), x scaled to mean 1, and g clusters::

    λ = mean(U³) / (σ³ √g)
    c = Σ_j mean(U u_j) mean(U x_j) / (σ³ √g)
    k = Σ_j mean(u_j x_j) / (σ √g) - c
    a = λ / 3 - c,    b = λ / 6 + k

are the coefficients of :func:`engine.metrics.statistics.skewed.skewed`. Without c and k they are
Hall's, for a mean of independent contexts: there ``mean(U x) = 0``. Of a ratio both the value and
its standard error bend with the denominator, by ``-ū x̄`` and ``+2 ū x̄`` to second order, which c
holds as far as it goes with T, and k what is left of it. Hall's alone would do harm there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.metrics.statistics.evidence import Ends
from engine.metrics.statistics.policy import POLICY
from engine.metrics.statistics.skewed import skewed
from engine.online.estimators import Estimate

__all__ = ["Spread", "spread_of", "spread_of_sums"]

Floats = NDArray[np.float64]


class Spread(NamedTuple):
    """What an interval is made of.

    Attributes
    ----------
    error : float
        Standard error; NaN below two clusters.
    n : int
        Clusters.
    bend, shift : float
        ``a`` and ``b``: 0 where nothing is skewed.
    """

    error: float
    n: int
    bend: float
    shift: float

    def judged(self, value: float) -> tuple[float, Ends]:
        """Return p of no difference, and error → ends of the interval."""
        return skewed(value, self.error, self.n - 1, self.bend, self.shift)

    def interval(self, value: float) -> tuple[float, float]:
        """Return the ends of the interval at the policy's confidence."""
        return self.judged(value)[1](1 - POLICY.confidence)


def spread_of_sums(parts: Sequence[tuple[Floats, Floats]], n_contexts: int) -> Spread:
    """Return the spread of a sum of ratios from their cluster sums.

    Parameters
    ----------
    parts : sequence of (float64 array of shape (g,), float64 array of shape (g,))
        Of each ratio ``u_j``, with mean 0, and ``x_j``.
    n_contexts : int
        Contexts of all clusters.
    """
    total = np.sum([own for own, _ in parts], axis=0)
    g = len(total)
    if g < 2:
        return Spread(np.nan, g, 0.0, 0.0)
    error = float(np.sqrt((total**2).sum() * g / (g - 1)) / n_contexts)
    sigma = float(np.sqrt((total**2).mean()))
    if not sigma > 0:
        return Spread(error, g, 0.0, 0.0)
    skew = float((total**3).mean()) / sigma**3
    curve = left = 0.0
    for own, below in parts:
        scaled = below / below.mean()
        curve += float((total * own).mean() * (total * scaled).mean()) / sigma**3
        left += float((own * scaled).mean()) / sigma
    a, b = skew / 3 - curve, skew / 6 + left - curve
    return Spread(error, g, a / np.sqrt(g), b / np.sqrt(g))


def spread_of(one: Estimate, cluster: NDArray[np.int64]) -> Spread:
    """Return the spread of an estimate; contexts with one number are not independent."""
    _, code = np.unique(cluster, return_inverse=True)
    g = int(code.max(initial=-1)) + 1

    def summed(values: Floats) -> Floats:
        return np.bincount(code, weights=values, minlength=g).astype(np.float64)

    rest = one.whole - np.sum([part.influence for part in one.ratios], axis=0)
    parts = [(summed(rest), summed(np.ones(len(code))))]
    parts += [(summed(part.influence), summed(part.below)) for part in one.ratios]
    return spread_of_sums(parts, len(code))
