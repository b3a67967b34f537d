"""Figures: a value with its interval, its group size, its change from the baseline, a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from engine.metrics.audience_wide import audience_wide
from engine.metrics.groups import GroupTable
from engine.metrics.intervals import jackknife, jackknife_error
from engine.metrics.item_groups import ItemGroups
from engine.metrics.kernels.exposure_blocks import Exposure
from engine.metrics.registry import AUDIENCE_METRICS, METRICS
from engine.metrics.statistics.evidence import Evidence, student
from engine.metrics.statistics.policy import POLICY, Policy
from engine.metrics.statistics.verdict import Word, judge

__all__ = ["Figure", "Sums", "figures_of"]

POWER = 0.8416
"""Normal quantile of 80 %: so many standard errors beyond the critical value."""


@dataclass(frozen=True)
class Figure:
    """One metric for one audience.

    Attributes
    ----------
    name : str
        Key of ``METRICS``.
    value, low, high : float
        Value and its 95 % interval; NaN where undefined.
    n, n_undefined : int
        People for whom it is defined, and is not.
    difference, difference_low, difference_high : float
        Mean change from the baseline over the same people; its interval is that of the corrected
        test behind ``verdict``, so it leaves 0 out exactly where the verdict is clear.
    confidence : float
        Of the interval of the difference.
    verdict : Word
        What can be said of the change, by the policy in force.
    p, p_adjusted : float
        Of no change; as it stands, and corrected over the metrics looked at.
    detectable : float
        The smallest change that would have been found four times in five by that corrected test.
    reason : str
        Why the value is undefined; empty where it is not.
    change_reason : str
        Why the change is undefined or not judged; empty where it is judged.
    """

    name: str
    value: float
    low: float
    high: float
    n: int
    n_undefined: int
    difference: float = nan
    difference_low: float = nan
    difference_high: float = nan
    confidence: float = nan
    verdict: Word = Word.UNDEFINED
    p: float = nan
    p_adjusted: float = nan
    detectable: float = nan
    reason: str = ""
    change_reason: str = ""


@dataclass(frozen=True, eq=False)
class Sums:
    """All that figures come from; adding two gives that of both audiences together.

    Attributes
    ----------
    now, change : GroupTable
        Per-user metrics and their changes, one group: everyone.
    blocks, baseline_blocks : Exposure
        Exposure now and in the baseline.
    groups : ItemGroups
    target : float64 array of shape (n_groups,)
        Of the figures by item group.
    """

    now: GroupTable
    change: GroupTable
    blocks: Exposure
    baseline_blocks: Exposure
    groups: ItemGroups
    target: NDArray[np.float64]

    def __add__(self, other: Sums) -> Sums:
        """Add the sums of two disjoint audiences."""
        return Sums(
            self.now + other.now,
            self.change + other.change,
            self.blocks + other.blocks,
            self.baseline_blocks + other.baseline_blocks,
            self.groups,
            self.target,
        )


def figures_of(
    sums: Sums,
    *,
    shown: tuple[str, ...],
    replicates: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None,
    policy: Policy = POLICY,
) -> dict[str, Figure]:
    """Return every metric as a figure.

    Parameters
    ----------
    sums : Sums
    shown : tuple of str
        Metrics looked at together: their p values are corrected as one family, those of all other
        metrics as another.
    replicates : pair of float64 arrays, optional
        Audience-wide figures with blocks left out, now and in the baseline, where known already.
    policy : Policy
    """
    if replicates is None:
        replicates = (
            audience_wide(sums.blocks, sums.groups, sums.target),
            audience_wide(sums.baseline_blocks, sums.groups, sums.target),
        )
    rows = {**_of_people(sums), **_of_everyone(sums, *replicates)}
    return _judged(rows, shown, policy)


def _of_people(sums: Sums) -> dict[str, dict[str, float]]:
    now, change = sums.now, sums.change
    n = change.n_defined[0]
    columns = {
        "value": now.mean[0],
        "low": now.low[0],
        "high": now.high[0],
        "n": now.n_defined[0],
        "n_undefined": now.n_undefined[0],
        "difference": change.mean[0],
        "error": change.sd[0] / np.sqrt(np.maximum(n, 1)),
        "freedom": n - 1,
        "before": now.mean[0] - change.mean[0],
    }
    return _rows(now.names, columns)


def _of_everyone(
    sums: Sums, now: NDArray[np.float64], before: NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    value, low, high, _ = jackknife(now)
    error, freedom = jackknife_error(now - before)
    is_defined = ~np.isnan(value)
    n_people = int(sums.now.n[0])
    columns = {
        "value": value,
        "low": np.maximum(low, 0.0),
        "high": np.minimum(high, [METRICS[name].high for name in AUDIENCE_METRICS]),
        "n": np.where(is_defined, n_people, 0),
        "n_undefined": np.where(is_defined, 0, n_people),
        "difference": value - before[0],
        "error": error,
        "freedom": np.full(len(value), freedom),
        "before": before[0],
    }
    return _rows(AUDIENCE_METRICS, columns)


def _rows(names: tuple[str, ...], columns: dict[str, NDArray]) -> dict[str, dict[str, float]]:
    lists = {key: column.tolist() for key, column in columns.items()}
    return {
        name: {key: column[at] for key, column in lists.items()} for at, name in enumerate(names)
    }


def _judged(
    rows: dict[str, dict[str, float]], shown: tuple[str, ...], policy: Policy
) -> dict[str, Figure]:
    """Judge the metrics shown as one family, all others as another."""
    figures: dict[str, Figure] = {}
    for family in (shown, tuple(name for name in rows if name not in shown)):
        verdicts = judge([_evidence(name, rows[name]) for name in family], policy)
        for name, found in zip(family, verdicts, strict=True):
            row = rows[name]
            figures[name] = Figure(
                name=name,
                value=row["value"],
                low=row["low"],
                high=row["high"],
                n=int(row["n"]),
                n_undefined=int(row["n_undefined"]),
                difference=found.value,
                difference_low=found.low,
                difference_high=found.high,
                confidence=found.confidence,
                verdict=found.word,
                p=found.p,
                p_adjusted=found.p_adjusted,
                detectable=(found.high - found.low) / 2 + POWER * row["error"],
                reason=METRICS[name].undefined if isnan(row["value"]) else "",
                change_reason=found.reason,
            )
    return {name: figures[name] for name in rows}


def _evidence(name: str, row: dict[str, float]) -> Evidence:
    metric = METRICS[name]
    p, ends = student(row["difference"], row["error"], row["freedom"])
    side = "in the baseline" if isnan(row["before"]) else "under this setting"
    return Evidence(
        row["difference"],
        p,
        ends,
        int(row["n"]),
        direction=metric.direction,
        before=row["before"],
        reason=f"Undefined {side}: {metric.undefined}",
    )
