"""The group served worst, and the gap: two figures of groups that stand among the headline.

The worst group is chosen by the data that its change is then read from, so that change is tested
for every group at once (Bonferroni): whichever is chosen, the stated error holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.metrics.groups import GroupTable
from engine.metrics.metric import Metric
from engine.metrics.statistics.evidence import Ends, Evidence, student
from engine.metrics.statistics.policy import POLICY, Policy

__all__ = ["change_of_each", "evidence_of_worst", "worst_group", "worst_groups_tied"]


@dataclass(frozen=True)
class Paired:
    """What is known of one group's paired change."""

    value: float
    p: float
    ends: Ends
    n: int
    n_events: int
    before: float


def worst_group(
    now: GroupTable, labels: Sequence[str], metric: Metric, *, least_n: int = POLICY.least_n
) -> int | None:
    """Return the group served worst, of those with enough people; or ``None``.

    Of equals that with most people; of as many people, the first by name. So the order in which
    the data has its groups never chooses.
    """
    at = now.column(metric.name)
    tied = worst_groups_tied(now, metric, least_n=least_n)
    return min(tied, key=lambda one: (-now.n_defined[one, at], labels[one]), default=None)


def worst_groups_tied(
    now: GroupTable, metric: Metric, *, least_n: int = POLICY.least_n
) -> list[int]:
    """Return every group that stands lowest, of those with enough people; none is lower."""
    at = now.column(metric.name)
    means = np.where(now.n_defined[:, at] >= least_n, now.mean[:, at], np.nan)
    if np.isnan(means).all():
        return []
    means = -means if metric.good_way == "lower" else means
    return np.flatnonzero(means == np.nanmin(means)).tolist()


def change_of_each(change: GroupTable, before: GroupTable, metric: Metric) -> list[Evidence]:
    """Return each group's paired change, to be judged as one family."""
    return [
        Evidence(
            one.value,
            one.p,
            one.ends,
            one.n,
            n_events=one.n_events,
            direction=metric.direction,
            before=one.before,
            reason="Nobody of the group has a value both before and after.",
        )
        for one in (_paired(change, before, group, metric) for group in range(len(change.n)))
    ]


def evidence_of_worst(
    change: GroupTable,
    before: GroupTable,
    group: int,
    metric: Metric,
    *,
    policy: Policy = POLICY,
) -> Evidence:
    """Return the paired change of the group chosen for being worst, as sure as that allows.

    Its p is multiplied, and the error of its interval divided, by the number of groups from which
    it was chosen.
    """
    at = change.column(metric.name)
    n_groups = max(int((change.n_defined[:, at] >= policy.least_n).sum()), 1)
    one = _paired(change, before, group, metric)
    return Evidence(
        one.value,
        min(one.p * n_groups, 1.0),
        lambda error: one.ends(error / n_groups),
        one.n,
        n_events=one.n_events,
        direction=metric.direction,
        before=one.before,
        reason="Nobody of the group has a value both before and after.",
    )


def _paired(change: GroupTable, before: GroupTable, group: int, metric: Metric) -> Paired:
    at = change.column(metric.name)
    n, value = int(change.n_defined[group, at]), float(change.mean[group, at])
    error = float(change.sd[group, at]) / max(n, 1) ** 0.5
    p, ends = student(value, error, n - 1)
    return Paired(value, p, ends, n, int(change.n_moved[group, at]), float(before.mean[group, at]))
