"""Small groups: not shown under a chosen size, and drawn towards the mean by their noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.metrics.groups import GroupTable
from engine.metrics.statistics.disclosure import hidden_groups
from engine.metrics.statistics.policy import POLICY

__all__ = ["MIN_N", "Shrunk", "hidden_cells", "is_suppressed", "shrink", "suppressed"]

MIN_N = POLICY.least_n
"""Groups with fewer people than this are suppressed by default."""

Floats = NDArray[np.float64]


def is_suppressed(table: GroupTable, min_n: int = MIN_N) -> NDArray[np.bool_]:
    """Tell for which group and metric too few people have a value, (n_groups, n_metrics).

    People for whom the metric is undefined do not count: they do not make its mean any surer.
    """
    return table.n_defined < min_n


def hidden_cells(table: GroupTable, min_n: int = MIN_N) -> NDArray[np.bool_]:
    """Tell what is not to be shown: too few people, or a group that gives such a one away.

    Parameters
    ----------
    table : GroupTable
    min_n : int

    Returns
    -------
    bool array of shape (n_groups, n_metrics)
        See :func:`engine.metrics.statistics.disclosure.hidden_groups`; groups without anybody too.
    """
    return np.column_stack([hidden_groups(column, min_n) for column in table.n_defined.T])


def suppressed(table: GroupTable, name: str, min_n: int = MIN_N) -> Floats:
    """Return the group means of one metric, NaN where suppressed, shape (n_groups,)."""
    column = table.column(name)
    return np.where(is_suppressed(table, min_n)[:, column], np.nan, table.mean[:, column])


@dataclass(frozen=True, eq=False)
class Shrunk:
    """Group means drawn towards the overall mean; arrays of shape (n_groups,).

    Attributes
    ----------
    value : float64 array
        Shrunken mean; the overall mean for a group with nobody in it.
    kept : float64 array
        How much of its own deviation each group keeps, in [0, 1].
    overall : float
        What they are drawn towards.
    between : float
        Variance of the true group means (τ²); 0 where the groups differ no more than by chance.
    """

    value: Floats
    kept: Floats
    overall: float
    between: float


def shrink(table: GroupTable, name: str) -> Shrunk:
    """Shrink group means by empirical Bayes.

    B_g = τ² / (τ² + σ² / n_g), value = B_g M_g + (1 − B_g) M, with σ² pooled within groups, M the
    mean over everybody and τ² by DerSimonian & Laird (1986).

    Parameters
    ----------
    table : GroupTable
    name : str
        Metric.
    """
    column = table.column(name)
    n = table.n_defined[:, column].astype(np.float64)
    mean = np.nan_to_num(table.mean[:, column])
    total = n.sum()
    if total == 0:
        nan = np.full(len(n), np.nan)
        return Shrunk(nan, nan, np.nan, np.nan)
    overall = float((n * mean).sum() / total)
    within = np.where(n > 1, (n - 1) * np.nan_to_num(table.sd[:, column]) ** 2, 0.0).sum()
    freedom = np.maximum(n - 1, 0).sum()
    variance = within / freedom if freedom > 0 else np.nan
    between = _between(n, mean, overall, variance)
    noise = np.divide(variance, n, out=np.full(len(n), np.inf), where=n > 0)
    spread = between + noise
    kept = np.divide(between, spread, out=np.zeros(len(n)), where=spread > 0)
    return Shrunk(overall + kept * (mean - overall), kept, overall, between)


def _between(n: Floats, mean: Floats, overall: float, variance: float) -> float:
    """Estimate τ²; 0 where the groups differ less than their noise."""
    if not variance > 0:
        filled = mean[n > 0]
        return float(filled.var()) if variance == 0 else 0.0
    weight = n / variance
    heterogeneity = (weight * (mean - overall) ** 2).sum()
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    excess = heterogeneity - ((n > 0).sum() - 1)
    return float(max(excess / scale, 0.0)) if scale > 0 else 0.0
