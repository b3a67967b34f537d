"""The scan of an audit as a table and as a sentence; names of groups are text, not markup."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import Any

import pandas as pd

from engine.audit.at_stages import RERANKED
from engine.audit.audit import metric_label
from engine.audit.matrix import GroupMatrix, MatrixRow
from engine.audit.words import list_of
from engine.data.wording import counted, verb
from engine.formats import MISSING, change, interval, number, share_apart, signed, style_of
from engine.metrics.metric import Metric
from engine.metrics.registry import METRICS
from engine.metrics.stages import LIST_STAGES
from engine.metrics.statistics.verdict import Word
from engine.metrics.worst_groups import Finding

__all__ = ["matrix_frame", "matrix_sentence", "matrix_words"]


STARTS = (*LIST_STAGES, RERANKED)
"""Stages in their order."""


def matrix_frame(matrix: GroupMatrix) -> pd.DataFrame:
    """Return the matrix as a table of numbers, one row a group, so that every column sorts.

    ``apart`` is the difference from everyone else by the first metric, ``starts at`` the number of
    its first stage and ``the setting`` the mean change by the setting; :func:`matrix_words` says
    them. A column of marks follows the means: ▼ served clearly worse than everyone else,
    ▲ better, ◆ clearly apart in a metric that has no better direction.
    """
    first = matrix.metrics[0] if matrix.metrics else None
    columns: dict[str, list[Any]] = {
        "group": [row.group for row in matrix.rows],
        "by": [row.attribute for row in matrix.rows],
        "n": [max((one.n for one in row.cells.values()), default=0) for row in matrix.rows],
    }
    firsts = [row.cells.get(first.name) if first else None for row in matrix.rows]
    columns["apart"] = [nan if one is None else one.difference for one in firsts]
    for metric in matrix.metrics:
        label = metric_label(metric, matrix.k)
        scale = 100 if metric.as_percent else 1
        cells = [row.cells.get(metric.name) for row in matrix.rows]
        columns[label] = [nan if one is None else scale * one.mean for one in cells]
        columns[f"{label}, clear"] = [_mark(one) for one in cells]
    columns["starts at"] = [STARTS.index(row.starts) if row.starts else nan for row in matrix.rows]
    columns["the setting"] = [nan if row.change is None else row.change.mean for row in matrix.rows]
    return pd.DataFrame(columns)


def matrix_words(matrix: GroupMatrix) -> dict[str, list[str]]:
    """Return what columns of :func:`matrix_frame` say in words, by their names, a text a row."""
    first = matrix.metrics[0] if matrix.metrics else None
    return {
        "apart": [_apart(row, first) for row in matrix.rows],
        "starts at": [row.starts or MISSING for row in matrix.rows],
        "the setting": [_moved(row, first) for row in matrix.rows],
    }


def _mark(one: Finding | None) -> str:
    if one is None or not one.verdict.is_clear:
        return ""
    return {"bad": "▼", "good": "▲"}.get(one.verdict.word.tone, "◆")


def _apart(row: MatrixRow, metric: Metric | None) -> str:
    """Say how far a group is from everyone else by the page's metric, with the interval."""
    one = row.cells.get(metric.name) if metric else None
    if metric is None or one is None or not isfinite(one.verdict.low):
        return MISSING
    style = style_of(metric)
    return change(one.difference, one.rest_mean, style, (one.verdict.low, one.verdict.high))


def _moved(row: MatrixRow, metric: Metric | None) -> str:
    """Say what the setting does to a group beyond what it does to everyone else."""
    one = row.change
    if metric is None or one is None:
        return MISSING
    if one.verdict.word is Word.AS_BEFORE or one.mean == 0 == one.difference:
        return "as before"
    word = f"clearly {one.verdict.word} than for others" if one.verdict.is_clear else "like others"
    now = row.cells.get(metric.name)
    before = nan if now is None else now.mean - one.mean
    return f"{change(one.mean, before, style_of(metric))}, {word}"


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
    ends = interval(one.verdict.low, one.verdict.high, style).removesuffix(" %")
    return (
        f"Farthest: {row.group} ({row.attribute}), {metric_label(metric, k)} "
        f"{number(one.mean, style)} against {number(one.rest_mean, style)}{share}: "
        f"{signed(one.difference, style)} ({ends}, n = {one.n:,}){starts}."
    )
