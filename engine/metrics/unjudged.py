"""Every metric of everybody before it is judged: value, interval, change and how sure it is.

One pass makes these; :mod:`.figures` judges them, in whatever family they are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, isnan, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.metrics.audience_wide import audience_wide
from engine.metrics.intervals import jackknife, jackknife_error
from engine.metrics.item_group_exposure import GroupExposure, group_exposure
from engine.metrics.metric import Metric
from engine.metrics.overshoot import is_either_way, overshoots, passed
from engine.metrics.registry import AUDIENCE_METRICS, METRICS
from engine.metrics.statistics.evidence import Evidence, student
from engine.metrics.sums import Sums

__all__ = ["Unjudged", "unjudged_of"]

Floats = NDArray[np.float64]

EMPTY = "No list holds an item."
DUST = 1e-12
"""A change of an audience-wide figure of at most this is what adding up in another order does."""


@dataclass(frozen=True)
class Unjudged:
    """One metric for one audience.

    Attributes
    ----------
    value, low, high : float
        Value now with its 95 % interval; NaN where undefined.
    n, n_undefined : int
        People for whom it is defined, and is not.
    before : float
        Value in the baseline.
    difference, error, freedom : float
        Mean change over the same people, its standard error and degrees of freedom.
    n_events : float
        People whose value changed; infinite for a figure of all lists together.
    target : float
        What the metric aims at; NaN without a target.
    overshoot : str
        What has gone past its target, as a clause; empty where nothing has.
    reason, change_reason : str
        Why the value, and the change, is undefined; empty where it is not.
    """

    value: float
    low: float
    high: float
    n: int
    n_undefined: int
    before: float
    difference: float
    error: float
    freedom: float
    n_events: float = inf
    target: float = nan
    overshoot: str = ""
    reason: str = ""
    change_reason: str = ""

    def evidence(self, metric: Metric) -> Evidence:
        """Return what is known of the change, to be judged."""
        p, ends = student(self.difference, self.error, self.freedom)
        reach = self.high - self.low + 2 * self.error
        after = self.before + self.difference
        is_either = is_either_way(self.before, after, self.target, reach)
        return Evidence(
            self.difference,
            p,
            ends,
            self.n,
            n_events=self.n_events,
            direction=metric.direction,
            before=self.before,
            target=nan if is_either else self.target,
            reason=self.change_reason,
        )

    def aimed_at(self, target: float) -> Unjudged:
        """Return the same held against another target."""
        past = passed(self.before, self.low, self.high, target)
        return replace(self, target=target, overshoot="past the target" if past else "")


def unjudged_of(
    sums: Sums,
    *,
    replicates: tuple[Floats, Floats] | None = None,
    by_item_group: tuple[GroupExposure, GroupExposure] | None = None,
) -> dict[str, Unjudged]:
    """Return every metric of everybody, with its change from the baseline.

    Parameters
    ----------
    sums : Sums
    replicates, by_item_group : pairs, optional
        Audience-wide figures with blocks left out, and exposure by item group, now and in the
        baseline, where known already.
    """
    sides = (sums.blocks, sums.baseline_blocks)
    if by_item_group is None:
        now, before = (group_exposure(side, sums.groups, sums.target) for side in sides)
        by_item_group = now, before
    if replicates is None:
        now_, before_ = (
            audience_wide(blocks, groups)
            for blocks, groups in zip(sides, by_item_group, strict=True)
        )
        replicates = now_, before_
    over = overshoots(*by_item_group)
    columns = {**_of_people(sums), **_of_everyone(sums, *replicates)}
    is_empty = not sums.blocks.slots.any()
    return {name: _finished(name, row, sums, over, is_empty) for name, row in columns.items()}


def _finished(
    name: str, row: dict[str, float], sums: Sums, over: dict[str, str], is_empty: bool
) -> Unjudged:
    metric = METRICS[name]
    target = sums.aims.get(name, metric.target)
    overshoot = over.get(name, "")
    if passed(row["before"], row["low"], row["high"], target):
        overshoot = "past the target"
    why = f"{EMPTY} {metric.undefined}" if is_empty else metric.undefined
    return Unjudged(
        **row,  # type: ignore[arg-type]
        target=target,
        overshoot=overshoot,
        reason=why if isnan(row["value"]) else "",
        change_reason=_why_no_change(row, metric, why),
    )


def _why_no_change(row: dict[str, float], metric: Metric, why: str) -> str:
    if not isnan(row["difference"]):
        return ""
    if isnan(row["value"]):
        return f"Undefined under this setting: {why}"
    if isnan(row["before"]):
        return f"Undefined before: {metric.undefined}"
    return "Nobody has a value both before and after."


def _of_people(sums: Sums) -> dict[str, dict[str, float]]:
    now, change = sums.now, sums.change
    n = change.n_defined[0]
    columns = {
        "value": now.mean[0],
        "low": now.low[0],
        "high": now.high[0],
        "n": now.n_defined[0],
        "n_undefined": now.n_undefined[0],
        "before": sums.before.mean[0],
        "difference": change.mean[0],
        "error": change.sd[0] / np.sqrt(np.maximum(n, 1)),
        "freedom": n - 1,
        "n_events": change.n_moved[0],
    }
    return _rows(now.names, columns)


def _of_everyone(sums: Sums, now: Floats, before: Floats) -> dict[str, dict[str, float]]:
    value, low, high, _ = jackknife(now)
    error, freedom = jackknife_error(now - before)
    difference = value - before[0]
    is_defined = ~np.isnan(value)
    n_people = int(sums.now.n[0])
    columns = {
        "value": value,
        "low": np.maximum(low, 0.0),
        "high": np.minimum(high, [METRICS[name].high for name in AUDIENCE_METRICS]),
        "n": np.where(is_defined, n_people, 0),
        "n_undefined": np.where(is_defined, 0, n_people),
        "before": before[0],
        "difference": np.where(np.abs(difference) <= DUST, 0.0, difference),
        "error": np.where(error <= DUST, 0.0, error),
        "freedom": np.full(len(value), freedom),
    }
    return _rows(AUDIENCE_METRICS, columns)


def _rows(names: tuple[str, ...], columns: dict[str, NDArray[Any]]) -> dict[str, dict[str, float]]:
    lists = {key: column.tolist() for key, column in columns.items()}
    return {
        name: {key: column[at] for key, column in lists.items()} for at, name in enumerate(names)
    }
