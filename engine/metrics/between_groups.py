"""How far groups of people lie apart on one metric, in one number: gap, ratio, spread, entropy.

Each measure is a function of the groups' means and sizes, so it follows from sums that add up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import quotient

__all__ = ["GROUP_MEASURES", "GroupMeasure"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class GroupMeasure:
    """One measure of distance between groups.

    ``compute(means, sizes)`` takes float64 arrays of shape (..., n_groups), NaN for groups to leave
    out, and returns shape (...); NaN with fewer than two groups. ``even`` is the value when all
    groups are equal.
    """

    name: str
    label: str
    definition: str
    formula: str
    source: str
    even: float
    compute: Callable[[Floats, Floats], Floats]


def _gap(means: Floats, _sizes: Floats) -> Floats:
    return np.fmax.reduce(means, axis=-1) - np.fmin.reduce(means, axis=-1)


def _ratio(means: Floats, _sizes: Floats) -> Floats:
    return quotient(np.fmin.reduce(means, axis=-1), np.fmax.reduce(means, axis=-1))


def _worst(means: Floats, _sizes: Floats) -> Floats:
    return np.fmin.reduce(means, axis=-1)


def _deviation(means: Floats, _sizes: Floats) -> Floats:
    has = ~np.isnan(means)
    n = has.sum(axis=-1)
    centre = quotient(np.where(has, means, 0).sum(axis=-1), n)
    squares = np.where(has, (means - centre[..., None]) ** 2, 0).sum(axis=-1)
    return np.sqrt(quotient(squares, n))


def _pairwise(means: Floats, _sizes: Floats) -> Floats:
    has = ~np.isnan(means)
    n = has.sum(axis=-1)
    apart = np.abs(means[..., :, None] - means[..., None, :])
    total = np.where(np.isnan(apart), 0, apart).sum(axis=(-1, -2))
    return quotient(total, n * (n - 1))


def _variation(means: Floats, sizes: Floats) -> Floats:
    return np.sqrt(2 * _entropy_index(means, sizes))


def _entropy_index(means: Floats, sizes: Floats) -> Floats:
    has = ~np.isnan(means)
    weight = np.where(has, sizes, 0)
    n = weight.sum(axis=-1)
    centre = quotient((weight * np.where(has, means, 0)).sum(axis=-1), n)
    relative = quotient(np.where(has, means, 0), centre[..., None])
    # Σ w (r² − 1) = Σ w (r − 1)², because the weighted mean of r is 1; this cannot fall below 0.
    total = np.where(has, weight * (relative - 1) ** 2, 0).sum(axis=-1)
    return quotient(total, 2 * n)


def _theil(means: Floats, sizes: Floats) -> Floats:
    has = ~np.isnan(means)
    weight = np.where(has, sizes, 0)
    n = weight.sum(axis=-1)
    centre = quotient((weight * np.where(has, means, 0)).sum(axis=-1), n)
    relative = quotient(np.where(has, means, 0), centre[..., None])
    logs = np.log(relative, out=np.zeros_like(relative), where=relative > 0)
    return np.maximum(quotient(np.where(has, weight * relative * logs, 0).sum(axis=-1), n), 0.0)


def _at_least_two(
    compute: Callable[[Floats, Floats], Floats],
) -> Callable[[Floats, Floats], Floats]:
    def guarded(means: Floats, sizes: Floats) -> Floats:
        enough = (~np.isnan(means)).sum(axis=-1) >= 2
        return np.where(enough, compute(means, sizes), np.nan)

    return guarded


GROUP_MEASURES: dict[str, GroupMeasure] = {
    name: GroupMeasure(name, label, definition, formula, source, even, _at_least_two(compute))
    for name, label, definition, formula, source, even, compute in (
        (
            "gap",
            "Gap",
            "Highest group mean minus lowest.",
            "max M_g − min M_g",
            "Fairlearn, difference between groups",
            0.0,
            _gap,
        ),
        (
            "ratio",
            "Ratio",
            "Lowest group mean over highest.",
            "min M_g / max M_g",
            "Fairlearn, ratio between groups",
            1.0,
            _ratio,
        ),
        (
            "worst",
            "Lowest group",
            "Lowest group mean.",
            "min M_g",
            "Fairlearn, group minimum",
            np.nan,
            _worst,
        ),
        (
            "deviation",
            "Standard deviation",
            "Standard deviation of the group means.",
            "√(mean_g (M_g − mean M)²)",
            "FairRankTune, variance combination",
            0.0,
            _deviation,
        ),
        (
            "pairwise",
            "Mean pairwise difference",
            "Mean difference between any two groups.",
            "mean_{i<j} |M_i − M_j|",
            "Elliot, MAD",
            0.0,
            _pairwise,
        ),
        (
            "entropy_index",
            "Generalised entropy",
            "Inequality between groups, as if everybody had the mean of their group (α = 2).",
            "1 / (2 n) Σ_g n_g ((M_g / M)² − 1)",
            "Speicher et al., KDD 2018; AIF360",
            0.0,
            _entropy_index,
        ),
        (
            "theil",
            "Theil index",
            "Generalised entropy with α = 1.",
            "1 / n Σ_g n_g (M_g / M) ln(M_g / M)",
            "AIF360",
            0.0,
            _theil,
        ),
        (
            "variation",
            "Coefficient of variation",
            "Standard deviation over mean, groups weighed by size.",
            "√(2 GE(2))",
            "AIF360",
            0.0,
            _variation,
        ),
    )
}
"""Name → measure."""
