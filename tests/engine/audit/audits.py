"""The audit of a fitted service, for tests."""

from __future__ import annotations

from engine.artifacts import Artifacts
from engine.audit.audit import Audit, audit_scenario
from engine.audit.settings import AuditSettings
from engine.scenario import Scenario


def audit_in(artifacts: Artifacts, **chosen) -> Audit:
    scenario = Scenario(name="<b>bold</b>", diversity=0.6)
    settings = AuditSettings(**{"attributes": ("gender",), "reference": "largest", **chosen})
    return audit_scenario(artifacts, scenario, settings)
