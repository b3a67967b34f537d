"""What the Tune page keeps: what each control and cap does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import cached_engine
from dashboard.cached_engine import fit_key, opened
from engine.analysis.removal import Removal, remove_each
from engine.metrics.user_matrix import measure
from engine.reranking import CapReport, EffortCurve, Lists, cap_report, effort_curve
from engine.scenario import Scenario

__all__ = ["cap_reports", "effort_of", "removals"]


def removals(scenario: Scenario) -> tuple[Removal, ...]:
    """Return what turning each control off alone would change."""
    return _removals(*fit_key(), replace(scenario, name=""))


@st.cache_resource(max_entries=32, show_spinner=False)
def _removals(name: str, fit: str, scenario: Scenario) -> tuple[Removal, ...]:
    found = cached_engine.evaluation(scenario).evaluation
    return remove_each(opened(name, fit), scenario, found)


def effort_of(control: str, scenario: Scenario) -> EffortCurve:
    """Return what each weight of a control alone costs (kept by the engine)."""
    return effort_curve(opened(*fit_key()), scenario, control)


def cap_reports(scenario: Scenario) -> tuple[CapReport, ...]:
    """Return where each cap binds, what it costs in NDCG, and whether it can be kept."""
    return _cap_reports(*fit_key(), replace(scenario, name=""))


@st.cache_resource(max_entries=32, show_spinner=False)
def _cap_reports(name: str, fit: str, scenario: Scenario) -> tuple[CapReport, ...]:
    found = cached_engine.evaluation(scenario).evaluation

    def ndcg(lists: Lists) -> NDArray[np.floating]:
        settings = found.measured.settings
        some = measure(found.audience, lists.items, settings=settings, metrics=("ndcg",))
        return some.column("ndcg")

    return cap_report(opened(name, fit), scenario, found.lists, metric=ndcg)
