"""The same lists judged by other metrics of the family, and under other models of attention."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.audit.comparison import findings_of
from dashboard.audit.finding import Finding
from dashboard.audit.view import AuditView, metric_label
from engine.metrics.attended_gain import attended_gain
from engine.metrics.rank_weights import ATTENTION_MODELS
from engine.metrics.registry import METRICS, USER_METRICS

__all__ = ["other_findings"]

RELEVANCE = "relevance"
NDCG = ("ndcg", "log")
"""With logarithmic attention, hits by attention are NDCG."""


def other_findings(view: AuditView) -> dict[str, tuple[Finding, ...]]:
    """Compare the groups by every other definition of the same kind.

    Of a relevance metric: the other relevance metrics, and hits weighed by each attention model.
    Of any other: the metrics of its family that point the same way.
    """
    reference = view.comparison.reference
    found = {}
    for name, values in _values(view).items():
        found[name] = findings_of(values, view.groups, view.choice, view.metric, reference)
    return found


def _values(view: AuditView) -> dict[str, NDArray[np.floating]]:
    measured, k = view.evaluation.measured, view.scenario.k
    out: dict[str, NDArray[np.floating]] = {}
    for name in USER_METRICS:
        metric = METRICS[name]
        is_alike = metric.family == view.metric.family and metric.direction == view.metric.direction
        if is_alike and name != view.metric.name:
            out[metric_label(metric, k)] = measured.column(name)
    if view.metric.family == RELEVANCE:
        for model in ATTENTION_MODELS.values():
            if (view.metric.name, model.name) == NDCG:
                continue
            label = f"Hits by attention: {model.formula}"
            out[label] = attended_gain(measured.items, view.evaluation.audience.holdout, model.name)
    return out
