"""The scan of an audit: every group by every attribute, in a few metrics, worst first.

Each metric is a family of its own, corrected at a false-discovery rate that is divided by the
number of metrics; the groups of one attribute alone are looked at, intersections by
:mod:`engine.audit.worst`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import nan

import numpy as np
from numpy.typing import NDArray

from engine.audit.at_stages import RERANKED, stage_values
from engine.audit.audit import Audit
from engine.metrics.metric import Metric
from engine.metrics.registry import METRICS
from engine.metrics.worst_groups import Finding, worst_groups

__all__ = ["BESIDE", "GroupMatrix", "MatrixRow", "group_matrix", "stage_scan"]

BESIDE = ("ndcg", "recall", "aplt")
"""Metrics of the matrix, the page's own before them: hits, how many of them, and the long tail."""

N_DEALS = 4_999
"""Random groups of each size: enough for the rate, and made at every move of a control."""

Stages = Mapping[str, Mapping[tuple[str, str], Finding]]


@dataclass(frozen=True, eq=False)
class MatrixRow:
    """One group: against everyone else by every metric, and what the setting does to it.

    Attributes
    ----------
    attribute, group : str
    cells : dict of str to Finding
        Metric → the group against everyone else; without the metrics that it is hidden in.
    change : Finding or None
        Its change of the first metric against that of everyone else.
    starts : str
        The first stage at which what is found at the last was found; empty where nothing is.
    """

    attribute: str
    group: str
    cells: dict[str, Finding]
    change: Finding | None
    starts: str

    @property
    def worse(self) -> tuple[str, ...]:
        """Metrics by which the group is clearly served worse than everyone else."""
        bad = (name for name, one in self.cells.items() if one.verdict.word.tone == "bad")
        return tuple(bad)


@dataclass(frozen=True, eq=False)
class GroupMatrix:
    """Rows, worst first: by how many metrics, then by the page's, the first of ``metrics``."""

    metrics: tuple[Metric, ...]
    rows: tuple[MatrixRow, ...]
    k: int


def group_matrix(audit: Audit, *, stages: Stages | None = None) -> GroupMatrix:
    """Hold every group of one attribute against everyone else.

    Parameters
    ----------
    audit : Audit
    stages : mapping, optional
        What :func:`stage_scan` found, where it is kept: it does not depend on the setting.
    """
    names = tuple(dict.fromkeys((audit.settings.metric, *BESIDE)))
    measured, baseline = audit.evaluation.measured, audit.evaluation.baseline
    metrics = tuple(METRICS[name] for name in names if np.isfinite(measured.column(name)).any())
    by_metric = {
        metric.name: _scan(
            audit,
            measured.column(metric.name),
            metric.direction,
            len(names),
            target=metric.target,
        )
        for metric in metrics
    }
    first = metrics[0] if metrics else audit.metric
    change = measured.column(first.name).astype(np.float64) - baseline.column(first.name)
    way = first.good_way or "neither"
    changes = _scan(audit, change, way, len(names))
    seen = stage_scan(audit) if stages is None else stages
    order = dict.fromkeys(key for found in by_metric.values() for key in found)
    rows = [
        MatrixRow(
            *key,
            {name: found[key] for name, found in by_metric.items() if key in found},
            changes.get(key),
            _starts(key, by_metric.get(first.name, {}).get(key), seen),
        )
        for key in order
    ]
    rows.sort(key=lambda row: -len(row.worse))  # stable: else in the order of the first metric
    return GroupMatrix(metrics, tuple(rows), audit.scenario.k)


def stage_scan(audit: Audit) -> dict[str, dict[tuple[str, str], Finding]]:
    """Hold every group against everyone else at each stage before re-ranking."""
    values = stage_values(audit)
    n_metrics = len({audit.settings.metric, *BESIDE})
    return {
        stage: _scan(audit, one, audit.metric.direction, n_metrics, target=audit.metric.target)
        for stage, one in list(values.items())[:-1]
    }


def _scan(
    audit: Audit,
    values: NDArray[np.floating],
    direction: str,
    n_metrics: int,
    *,
    target: float = nan,
) -> dict[tuple[str, str], Finding]:
    """Return (attribute, group) → finding, worst first."""
    policy = replace(
        audit.settings.policy,
        correction="fdr",
        level=audit.settings.policy.level / n_metrics,
        least_n=audit.settings.min_n,
        family="every group by one attribute",
    )
    found = worst_groups(
        audit.evaluation.audience,
        values,
        users=audit.evaluation.measured.users,
        direction=direction,
        target=target,
        depth=1,
        policy=policy,
        n_deals=N_DEALS,
    )
    return {(one.attributes[0], one.label): one for one in found}


def _starts(key: tuple[str, str], last: Finding | None, stages: Stages) -> str:
    """Return the first stage from which on the finding stands; the last is the re-ranked list."""
    if last is None or not last.is_found:
        return ""
    starts = RERANKED
    for stage in reversed(list(stages)):
        one = stages[stage].get(key)
        if one is None or not one.is_found or (one.difference < 0) != (last.difference < 0):
            break
        starts = stage
    return starts
