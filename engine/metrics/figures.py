"""Figures: a value with its interval, its group size, its change from the baseline, a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from engine.metrics.audience_wide import audience_wide
from engine.metrics.groups import GroupTable
from engine.metrics.intervals import jackknife, t_p_value
from engine.metrics.item_groups import ItemGroups
from engine.metrics.kernels.exposure_blocks import Exposure
from engine.metrics.registry import AUDIENCE_METRICS, METRICS
from engine.metrics.verdicts import holm, verdict

__all__ = ["Figure", "Sums", "figures_of"]

MDE_FACTOR = 2.8
"""Quantiles of 80 % power and of 5 % error, two-sided, added: 0.84 + 1.96."""


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
        Mean change from the baseline over the same people, with its 95 % interval.
    verdict : str
        ``better``, ``worse``, ``changed`` or ``no clear change``, from ``p_adjusted``.
    p, p_adjusted : float
        Of no change; as it stands, and corrected over the metrics looked at (Holm).
    detectable : float
        The smallest change that would have been found four times in five.
    reason : str
        Why the value is undefined; empty where it is not.
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
    verdict: str = "no clear change"
    p: float = nan
    p_adjusted: float = nan
    detectable: float = nan
    reason: str = ""


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
    """
    if replicates is None:
        replicates = (
            audience_wide(sums.blocks, sums.groups, sums.target),
            audience_wide(sums.baseline_blocks, sums.groups, sums.target),
        )
    rows = {**_of_people(sums), **_of_everyone(sums, *replicates)}
    return _judged(rows, shown)


def _of_people(sums: Sums) -> dict[str, dict[str, float]]:
    now, change = sums.now, sums.change
    n, sd = change.n_defined[0], change.sd[0]
    columns = {
        "value": now.mean[0],
        "low": now.low[0],
        "high": now.high[0],
        "n": now.n_defined[0],
        "n_undefined": now.n_undefined[0],
        "difference": change.mean[0],
        "difference_low": change.low[0],
        "difference_high": change.high[0],
        "p": t_p_value(n, change.mean[0], sd),
        "detectable": MDE_FACTOR * sd / np.sqrt(np.maximum(n, 1)),
    }
    return _rows(now.names, columns)


def _of_everyone(
    sums: Sums, now: NDArray[np.float64], before: NDArray[np.float64]
) -> dict[str, dict[str, float]]:
    value, low, high, _ = jackknife(now)
    change, change_low, change_high, p = jackknife(now - before)
    is_defined = ~np.isnan(value)
    n_people = int(sums.now.n[0])
    columns = {
        "value": value,
        "low": np.maximum(low, 0.0),
        "high": np.minimum(high, [METRICS[name].high for name in AUDIENCE_METRICS]),
        "n": np.where(is_defined, n_people, 0),
        "n_undefined": np.where(is_defined, 0, n_people),
        "difference": change,
        "difference_low": change_low,
        "difference_high": change_high,
        "p": p,
        "detectable": np.abs(change_high - change_low) / 2 / 1.96 * MDE_FACTOR,
    }
    return _rows(AUDIENCE_METRICS, columns)


def _rows(names: tuple[str, ...], columns: dict[str, NDArray]) -> dict[str, dict[str, float]]:
    lists = {key: column.tolist() for key, column in columns.items()}
    return {
        name: {key: column[at] for key, column in lists.items()} for at, name in enumerate(names)
    }


def _judged(rows: dict[str, dict[str, float]], shown: tuple[str, ...]) -> dict[str, Figure]:
    adjusted: dict[str, float] = {}
    for family in (shown, tuple(name for name in rows if name not in shown)):
        p = holm(np.array([rows[name]["p"] for name in family], dtype=np.float64))
        adjusted.update(zip(family, p.tolist(), strict=True))
    figures = {}
    for name, row in rows.items():
        metric, p_adjusted = METRICS[name], adjusted[name]
        figures[name] = Figure(
            name=name,
            **row,  # type: ignore[arg-type]
            p_adjusted=p_adjusted,
            verdict=verdict(metric, row["difference"], p_adjusted),
            reason=metric.undefined if np.isnan(row["value"]) else "",
        )
    return figures
