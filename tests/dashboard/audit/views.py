"""The audit of a fitted service without a page around it, for tests."""

from __future__ import annotations

from dashboard.audit.choice import AuditChoice
from dashboard.audit.view import AuditView, audit_of
from engine.artifacts import Artifacts
from engine.evaluation import evaluate_scenario
from engine.metrics.audience import audience_of
from engine.metrics.stages import LIST_STAGES, stage_lists
from engine.metrics.user_matrix import measure
from engine.scenario import Scenario


def view_of(artifacts: Artifacts, **choice) -> AuditView:
    scenario = Scenario(name="<b>bold</b>", diversity=0.6)

    def stage_metrics():
        audience = audience_of(artifacts)
        return {
            stage: measure(audience, stage_lists(artifacts, stage, 10)).values
            for stage in LIST_STAGES
        }

    return audit_of(
        artifacts,
        evaluate_scenario(artifacts, scenario),
        AuditChoice(**{"attributes": ("gender",), **choice}),
        scenario,
        seconds=0.0,
        stage_metrics=stage_metrics,
    )
