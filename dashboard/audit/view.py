"""What the audit page shows: the setting of the controls, audited as the page's choices say."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import cached_engine, session
from dashboard.audit import keys
from engine.artifacts import Artifacts
from engine.audit.audit import Audit, audit_of
from engine.audit.reference import REST_OF_ALL
from engine.audit.settings import AuditSettings
from engine.metrics.statistics.policy import POLICY

__all__ = ["chosen", "current_audit"]


def chosen(artifacts: Artifacts) -> AuditSettings:
    """Read the choices of the page; an empty or unknown one has its default."""
    state = st.session_state
    known = [name for name in state.get(keys.BY) or () if name in artifacts.attributes]
    least = float(state.get(keys.BAND) or 0.8)
    return AuditSettings(
        attributes=tuple(known) or (next(iter(artifacts.attributes)),),
        metric=state.get(keys.METRIC) or "ndcg",
        reference=state.get(keys.REFERENCE) or REST_OF_ALL,
        band=(least, 1 / least),
        min_n=int(state.get(keys.MIN_N) or POLICY.least_n),
    )


def current_audit() -> Audit:
    """Measure the setting of the controls (or take what was measured before) and compare."""
    artifacts, scenario = cached_engine.artifacts(), session.scenario()
    measured = cached_engine.evaluation(scenario)
    return audit_of(
        artifacts,
        measured.evaluation,
        chosen(artifacts),
        scenario,
        seconds=measured.seconds,
        baseline=session.baseline(),
        stage_metrics=partial(cached_engine.stage_metrics, scenario.k),
    )
