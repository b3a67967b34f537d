"""Whether groups of people are served differently at all, and by how much, freed of noise.

The mean service of a group is uncertain, the more so the smaller it is; the range of several such
means is wide even where all groups are served alike. So a difference is acted on only where Welch's
test of equal means finds one, and then by means that are shrunk towards the overall one:

    s̃_g = B_g s_g + (1 - B_g) s̄,    B_g = τ² / (τ² + v_g),    v_g = var_g / n_g

var_g being the group's variance, steadied by that of all groups pooled.

τ² is the variance between groups that sampling does not explain, by the moments of DerSimonian &
Laird (Controlled Clinical Trials, 1986), s̄ the mean weighted by 1 / (τ² + v_g). Source of the
test: Welch, Biometrika 1951.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.metrics.statistics.policy import POLICY

__all__ = ["LEVEL", "SMALLEST_GROUP", "ServiceGap", "service_gap"]

SMALLEST_GROUP = POLICY.least_n
"""People with a known service that a group needs for a mean of its own."""

ROUNDING = 1e-12
"""A variance no larger than this is that of equal values."""

PRIOR = 20
"""Degrees of freedom that the pooled variance counts for in each group's own."""

LEVEL = POLICY.level
"""Chance of finding a difference where all groups are served alike."""


@dataclass(frozen=True, eq=False)
class ServiceGap:
    """How groups of people are served.

    Attributes
    ----------
    means : float64 array of shape (n_groups,)
        Mean service; NaN where nobody's is known.
    shrunk : float64 array of shape (n_groups,)
        The same freed of noise; the overall mean where the group is too small.
    counts : int64 array of shape (n_groups,)
        People with a known service.
    is_own : bool array of shape (n_groups,)
        Whether the group is large enough.
    overall : float
        Mean over everyone; NaN where nobody's service is known.
    between : float
        τ², the variance between groups that is not noise.
    p : float
        Of Welch's test of equal means; NaN for fewer than two groups, or where nothing varies.
    """

    means: NDArray[np.float64]
    shrunk: NDArray[np.float64]
    counts: NDArray[np.int64]
    is_own: NDArray[np.bool_]
    overall: float
    between: float
    p: float

    @property
    def is_clear(self) -> bool:
        """Whether there is a difference to act on."""
        return bool(self.p <= LEVEL and self.between > 0.0)

    @property
    def reliability(self) -> float:
        """Range of the shrunk means as a part of the range of the means, in [0, 1]."""
        raw = np.ptp(self.means[self.is_own])
        return float(np.ptp(self.shrunk[self.is_own]) / raw) if raw > 0 else 0.0


def service_gap(
    service: NDArray[np.floating], codes: NDArray[np.integer], n_groups: int
) -> ServiceGap:
    """Compare groups by their mean service.

    Parameters
    ----------
    service : float array of shape (n_users,)
        NaN where it is unknown.
    codes : integer array of shape (n_users,)
        Group of each person, -1 for none.
    n_groups : int
    """
    is_known = ~np.isnan(service) & (codes >= 0)
    known, of = service[is_known].astype(np.float64), codes[is_known]
    counts = np.bincount(of, minlength=n_groups)
    sums = np.bincount(of, weights=known, minlength=n_groups)
    means = np.divide(sums, counts, out=np.full(n_groups, np.nan), where=counts > 0)
    squares = np.bincount(of, weights=(known - means[of]) ** 2, minlength=n_groups)
    variances = squares / np.maximum(counts - 1, 1)
    is_own = counts >= SMALLEST_GROUP
    everyone = service[~np.isnan(service)].astype(np.float64)
    overall = float(everyone.mean()) if len(everyone) else np.nan
    own = np.flatnonzero(is_own)
    shrunk, between, p = _compare(means[own], variances[own], counts[own])
    spread = np.full(n_groups, overall)
    spread[own] = shrunk
    return ServiceGap(means, spread, counts, is_own, overall, between, p)


def _compare(
    means: NDArray[np.float64], variances: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], float, float]:
    """Return the shrunk means, τ² and the p of equal means."""
    n = len(means)
    if n < 2:
        return means, 0.0, np.nan
    pooled = float((variances * (counts - 1)).sum() / (counts - 1).sum())
    if pooled <= ROUNDING:
        between = float(means.var(ddof=1))
        return means, between, 0.0 if between > ROUNDING else np.nan
    known = counts - 1  # of a small group, the spread is uncertain too: none seen is not none
    steadied = (known * variances + PRIOR * pooled) / (known + PRIOR)
    noise = steadied / counts
    weight = 1.0 / noise
    total = weight.sum()
    centre = (weight * means).sum() / total
    q = float((weight * (means - centre) ** 2).sum())
    between = max(0.0, (q - (n - 1)) / (total - (weight**2).sum() / total))
    again = 1.0 / (between + noise)
    centre = (again * means).sum() / again.sum()
    part = between / (between + noise)
    return part * means + (1.0 - part) * centre, between, _welch(q, weight / total, counts, n)


def _welch(q: float, part: NDArray[np.float64], counts: NDArray[np.int64], n: int) -> float:
    """Return the p of Welch's test, given Q and each group's part of the weights."""
    from scipy.special import fdtrc  # slow to import, and not needed to re-rank

    loss = float(((1.0 - part) ** 2 / (counts - 1)).sum())
    f = (q / (n - 1)) / (1.0 + 2.0 * (n - 2) / (n**2 - 1) * loss)
    return float(fdtrc(n - 1, (n**2 - 1) / (3.0 * loss), f))
