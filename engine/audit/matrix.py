"""The scan of an audit: every group by every attribute, in a few metrics, worst first.

Each metric is a family of its own, corrected at a false-discovery rate that is divided by the
number of metrics; the groups of one attribute alone are looked at, intersections by
:mod:`engine.audit.worst`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.audit.at_stages import stage_values
from engine.audit.audit import Audit, metric_label
from engine.audit.words import list_of
from engine.data.wording import counted, verb
from engine.formats import Style, interval, number, share_apart, signed, style_of
from engine.metrics.metric import Metric
from engine.metrics.registry import METRICS
from engine.metrics.statistics.verdict import Word
from engine.metrics.worst_groups import Finding, worst_groups

__all__ = ["BESIDE", "GroupMatrix", "MatrixRow", "group_matrix", "matrix_frame", "matrix_sentence"]

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
    starts = "re-ranked"
    for stage in reversed(list(stages)):
        one = stages[stage].get(key)
        if one is None or not one.is_found or (one.difference < 0) != (last.difference < 0):
            break
        starts = stage
    return starts


def matrix_frame(matrix: GroupMatrix) -> pd.DataFrame:
    """Return the matrix as a table, one row a group; means as numbers, so that it can be sorted.

    A column of marks follows the means: ▼ served clearly worse than everyone else, ▲ better, ◆
    clearly apart in a metric that has no better direction.
    """
    first = matrix.metrics[0] if matrix.metrics else None
    columns: dict[str, list] = {
        "group": [row.group for row in matrix.rows],
        "by": [row.attribute for row in matrix.rows],
        "n": [max((one.n for one in row.cells.values()), default=0) for row in matrix.rows],
    }
    for metric in matrix.metrics:
        label = metric_label(metric, matrix.k)
        scale = 100 if metric.as_percent else 1
        cells = [row.cells.get(metric.name) for row in matrix.rows]
        columns[label] = [nan if one is None else scale * one.mean for one in cells]
        columns[f"{label}, clear"] = [_mark(one) for one in cells]
    columns["apart"] = [_apart(row, first) for row in matrix.rows]
    columns["starts at"] = [row.starts or "–" for row in matrix.rows]
    columns["the setting"] = [_moved(row, first) for row in matrix.rows]
    return pd.DataFrame(columns)


def _mark(one: Finding | None) -> str:
    if one is None or not one.verdict.is_clear:
        return ""
    return {"bad": "▼", "good": "▲"}.get(one.verdict.word.tone, "◆")


def _apart(row: MatrixRow, metric: Metric | None) -> str:
    """Say how far a group is from everyone else by the page's metric, with the interval."""
    one = row.cells.get(metric.name) if metric else None
    if metric is None or one is None or not isfinite(one.verdict.low):
        return "–"
    style = style_of(metric)
    return f"{signed(one.difference, style)} ({_ends(one, style)})"


def _ends(one: Finding, style: Style) -> str:
    return interval(one.verdict.low, one.verdict.high, style).removesuffix(" %")


def _moved(row: MatrixRow, metric: Metric | None) -> str:
    """Say what the setting does to a group beyond what it does to everyone else."""
    one = row.change
    if metric is None or one is None:
        return "–"
    if one.verdict.word is Word.AS_BEFORE or one.mean == 0 == one.difference:
        return "as before"
    word = f"clearly {one.verdict.word} than for others" if one.verdict.is_clear else "like others"
    return f"{signed(one.mean, style_of(metric))}, {word}"


def matrix_sentence(matrix: GroupMatrix) -> str:
    """Say how many groups are clearly worse, and how far the first of them is."""
    if not matrix.rows:
        return "No group is large enough to be held against everyone else."
    judged = [metric for metric in matrix.metrics if metric.good_way]
    labels = list_of([metric_label(metric, matrix.k) for metric in judged or matrix.metrics])
    groups = counted(len(matrix.rows), "group")
    worse = [row for row in matrix.rows if row.worse]
    if not worse:
        what = "served worse than" if judged else "apart from"
        return (
            f"None of {groups} is clearly {what} everyone else by {labels}. That is no proof of "
            "equality: a small group can be far off unseen."
        )
    row, name = worst_cell(worse)
    return (
        f"{len(worse)} of {groups} {verb(len(worse))} clearly served worse than everyone else by "
        f"{labels}. {_far(row, METRICS[name], matrix.k)}"
    )


def worst_cell(worse: Sequence[MatrixRow]) -> tuple[MatrixRow, str]:
    """Return the row and the metric to name: the farthest below everyone else, as a share."""
    pairs = [(row, name) for row in worse for name in row.worse]

    def share(pair: tuple[MatrixRow, str]) -> float:
        one = pair[0].cells[pair[1]]
        return abs(one.difference) / one.rest_mean if one.rest_mean > 0 else 0.0

    return max(pairs, key=share)


def _far(row: MatrixRow, metric: Metric, k: int) -> str:
    one, style = row.cells[metric.name], style_of(metric)
    share = f", {share_apart(one.difference / one.rest_mean)}" if one.rest_mean > 0 else ""
    starts = f"; from the {row.starts} list on" if row.starts else ""
    return (
        f"Farthest: {row.group} ({row.attribute}), {metric_label(metric, k)} "
        f"{number(one.mean, style)} against {number(one.rest_mean, style)}{share}: "
        f"{signed(one.difference, style)} ({_ends(one, style)}, n = {one.n:,}){starts}."
    )
