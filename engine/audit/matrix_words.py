"""The scan of an audit as a table and as a sentence; names of groups are text, not markup."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import Any

import pandas as pd

from engine.audit.audit import metric_label
from engine.audit.matrix import GroupMatrix, MatrixRow
from engine.audit.words import list_of
from engine.data.wording import counted, verb
from engine.formats import Style, interval, number, share_apart, signed, style_of
from engine.metrics.metric import Metric
from engine.metrics.registry import METRICS
from engine.metrics.statistics.verdict import Word
from engine.metrics.worst_groups import Finding

__all__ = ["matrix_frame", "matrix_sentence"]


def matrix_frame(matrix: GroupMatrix) -> pd.DataFrame:
    """Return the matrix as a table, one row a group; means as numbers, so that it can be sorted.

    A column of marks follows the means: ▼ served clearly worse than everyone else, ▲ better, ◆
    clearly apart in a metric that has no better direction.
    """
    first = matrix.metrics[0] if matrix.metrics else None
    columns: dict[str, list[Any]] = {
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
    # One metric is enough to be called worse, so they are alternatives.
    labels = list_of([metric_label(one, matrix.k) for one in judged or matrix.metrics], "or")
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
