"""An audit: a setting measured, people divided, the groups compared with the reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.audit.comparison import Comparison, Groups, compare
from engine.audit.reference import REFERENCES, references_in_words
from engine.audit.settings import AuditSettings
from engine.errors import ScenarioError
from engine.evaluation import Evaluation, evaluate_scenario
from engine.metrics.audience import audience_of
from engine.metrics.crossing import cross, margins_of
from engine.metrics.metric import Metric
from engine.metrics.registry import METRICS
from engine.metrics.settings import Settings
from engine.metrics.stages import LIST_STAGES, stage_lists
from engine.metrics.user_matrix import measure
from engine.scenario import NEUTRAL, Scenario, neutral

__all__ = [
    "Audit",
    "audit_of",
    "audit_scenario",
    "groups_of",
    "metric_label",
    "metrics_at_stages",
]

MOST_NAMED = 12
"""Groups that a refusal names."""


@dataclass(frozen=True, eq=False)
class Audit:
    """One setting against its baseline, seen through the audit's settings.

    ``seconds`` is what re-ranking and measuring took; ``stage_metrics`` returns every per-user
    metric at each stage before re-ranking, where it is asked for.
    """

    artifacts: Artifacts
    scenario: Scenario
    settings: AuditSettings
    evaluation: Evaluation
    groups: Groups
    comparison: Comparison
    seconds: float
    stage_metrics: Callable[[], Mapping[str, NDArray[np.float32]]]
    baseline: Scenario = NEUTRAL

    @property
    def metric(self) -> Metric:
        """The metric compared."""
        return self.comparison.metric

    @property
    def before(self) -> NDArray[np.float32]:
        """The metric of every person in the baseline."""
        return self.evaluation.baseline.column(self.settings.metric)

    @property
    def after(self) -> NDArray[np.float32]:
        """The metric of every person under the setting."""
        return self.evaluation.measured.column(self.settings.metric)

    @property
    def by(self) -> str:
        """The attributes in words."""
        return " × ".join(self.settings.attributes)


def metric_label(metric: Metric, k: int) -> str:
    """Return the metric's name with the list length it was taken at."""
    return f"{metric.label}@{k}" if metric.family == "relevance" else metric.label


def groups_of(evaluation: Evaluation, attributes: tuple[str, ...]) -> Groups:
    """Divide the people evaluated by one attribute or an intersection."""
    labels, codes = cross(evaluation.audience, attributes)
    margins = margins_of(evaluation.audience, attributes)
    return Groups(labels, codes[evaluation.measured.users], margins)


def audit_of(
    artifacts: Artifacts,
    evaluation: Evaluation,
    settings: AuditSettings,
    scenario: Scenario,
    *,
    seconds: float = 0.0,
    stage_metrics: Callable[[], Mapping[str, NDArray[np.float32]]],
    baseline: Scenario | None = None,
) -> Audit:
    """Divide the people of an evaluation as chosen, and compare the groups.

    ``baseline`` is what the evaluation is against, under its name.
    """
    groups = groups_of(evaluation, settings.attributes)
    metric = METRICS[settings.metric]
    comparison = compare(
        evaluation.baseline.column(metric.name),
        evaluation.measured.column(metric.name),
        groups,
        settings,
        metric,
        label=metric_label(metric, scenario.k),
    )
    return Audit(
        artifacts,
        scenario,
        settings,
        evaluation,
        groups,
        comparison,
        seconds,
        stage_metrics,
        baseline or evaluation.baseline_scenario or neutral(scenario.k),
    )


def audit_scenario(
    artifacts: Artifacts,
    scenario: Scenario,
    settings: AuditSettings,
    *,
    baseline: Scenario | None = None,
) -> Audit:
    """Re-rank everyone under a scenario, measure, and compare the groups; for what keeps nothing.

    Changes are from ``baseline``, by default the ranker's own order, at the same list length.

    Raises
    ------
    ScenarioError, ScoreError
        The scenario or the settings do not fit the data.
    """
    labels, _ = cross(audience_of(artifacts), settings.attributes)
    if settings.reference not in references_in_words(labels):
        raise ScenarioError(
            f"`reference` of the audit settings must be one of {', '.join(REFERENCES)} or the name "
            f"of a group ({', '.join(labels[:MOST_NAMED])}); got {settings.reference!r}."
        )
    before = None if baseline is None else replace(baseline, k=scenario.k)
    how = settings.measured_with
    return audit_of(
        artifacts,
        evaluate_scenario(artifacts, scenario, baseline=before, settings=how),
        settings,
        scenario,
        baseline=before,
        stage_metrics=partial(metrics_at_stages, artifacts, scenario.k, settings.measured_with),
    )


def metrics_at_stages(
    artifacts: Artifacts, k: int, settings: Settings | None = None
) -> dict[str, NDArray[np.float32]]:
    """Measure everyone's first ``k`` items at each stage before re-ranking.

    Returns
    -------
    dict of str to float32 array of shape (n_users, n_metrics)
        Stage → every per-user metric, in the columns of :data:`engine.metrics.registry.COLUMN`.
    """
    audience = audience_of(artifacts)
    return {
        stage: measure(audience, stage_lists(artifacts, stage, k), settings=settings).values
        for stage in LIST_STAGES
    }
