"""What the audit page shows: the setting measured, people divided, the two compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import cached_engine, session
from dashboard.audit import keys
from dashboard.audit.choice import LARGEST, AuditChoice
from dashboard.audit.comparison import Comparison, Groups, compare
from engine.artifacts import Artifacts
from engine.evaluation import Evaluation
from engine.metrics.crossing import cross, margins_of
from engine.metrics.metric import Metric
from engine.metrics.registry import METRICS
from engine.scenario import Scenario

__all__ = ["AuditView", "audit_of", "chosen", "current_audit", "groups_of", "metric_label"]


@dataclass(frozen=True, eq=False)
class AuditView:
    """One setting against its baseline, seen through the audit's choices.

    ``seconds`` is what re-ranking and measuring took; ``stage_metrics`` returns every per-user
    metric at each stage before re-ranking, where it is asked for.
    """

    artifacts: Artifacts
    scenario: Scenario
    choice: AuditChoice
    evaluation: Evaluation
    groups: Groups
    comparison: Comparison
    seconds: float
    stage_metrics: Callable[[], Mapping[str, NDArray[np.float32]]]

    @property
    def metric(self) -> Metric:
        """The metric compared."""
        return self.comparison.metric

    @property
    def before(self) -> NDArray[np.float32]:
        """The metric of every person in the baseline."""
        return self.evaluation.baseline.column(self.choice.metric)

    @property
    def after(self) -> NDArray[np.float32]:
        """The metric of every person under the setting."""
        return self.evaluation.measured.column(self.choice.metric)

    @property
    def by(self) -> str:
        """The attributes in words."""
        return " × ".join(self.choice.attributes)


def chosen(artifacts: Artifacts) -> AuditChoice:
    """Read the choices of the page; an empty or unknown one has its default."""
    state = st.session_state
    known = [name for name in state.get(keys.BY) or () if name in artifacts.attributes]
    least = float(state.get(keys.BAND) or 0.8)
    return AuditChoice(
        attributes=tuple(known) or (next(iter(artifacts.attributes)),),
        metric=state.get(keys.METRIC) or "ndcg",
        reference=state.get(keys.REFERENCE) or LARGEST,
        band=(least, 1 / least),
        min_n=int(state.get(keys.MIN_N) or 20),
    )


def metric_label(metric: Metric, k: int) -> str:
    """Return the metric's name with the list length it was taken at."""
    return f"{metric.label}@{k}" if metric.family == "relevance" else metric.label


def groups_of(evaluation: Evaluation, attributes: tuple[str, ...]) -> Groups:
    """Divide the people evaluated by one attribute or an intersection."""
    labels, codes = cross(evaluation.audience, attributes)
    margins = margins_of(evaluation.audience, attributes)
    return Groups(labels, codes[evaluation.measured.users], margins)


def current_audit() -> AuditView:
    """Measure the setting of the controls (or take what was measured before) and compare."""
    artifacts, scenario = cached_engine.artifacts(), session.scenario()
    measured = cached_engine.evaluation(scenario)
    return audit_of(
        artifacts,
        measured.evaluation,
        chosen(artifacts),
        scenario,
        seconds=measured.seconds,
        stage_metrics=partial(cached_engine.stage_metrics, scenario.k),
    )


def audit_of(
    artifacts: Artifacts,
    evaluation: Evaluation,
    choice: AuditChoice,
    scenario: Scenario,
    *,
    seconds: float,
    stage_metrics: Callable[[], Mapping[str, NDArray[np.float32]]],
) -> AuditView:
    """Divide the people of an evaluation as chosen, and compare the groups."""
    groups = groups_of(evaluation, choice.attributes)
    metric = METRICS[choice.metric]
    comparison = compare(
        evaluation.baseline.column(metric.name),
        evaluation.measured.column(metric.name),
        groups,
        choice,
        metric,
        label=metric_label(metric, scenario.k),
    )
    return AuditView(
        artifacts, scenario, choice, evaluation, groups, comparison, seconds, stage_metrics
    )
