"""The scan of an audit at the stages before re-ranking: it hangs on no slider, and is kept."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import cached_engine
from dashboard.cached_engine import fit_key, opened
from engine.audit.audit import audit_of
from engine.audit.matrix import stage_scan
from engine.audit.settings import AuditSettings
from engine.metrics.worst_groups import Finding
from engine.scenario import Scenario

__all__ = ["stage_scans"]

Scans = dict[str, dict[tuple[str, str], Finding]]


def stage_scans(settings: AuditSettings, k: int) -> Scans:
    """Return stage → (attribute, group) → how it stands there against everyone else."""
    return _stage_scans(*fit_key(), settings, k)


@st.cache_resource(max_entries=16, show_spinner=False)
def _stage_scans(name: str, fit: str, settings: AuditSettings, k: int) -> Scans:
    neutral = Scenario(k=k)
    found = cached_engine.evaluation(neutral).evaluation
    stages = partial(cached_engine.stage_metrics, k)
    return stage_scan(audit_of(opened(name, fit), found, settings, neutral, stage_metrics=stages))
