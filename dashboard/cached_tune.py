"""What the Tune page keeps: what each control does, what chance does to a gap, effort maps."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import cached_engine
from dashboard.cached_engine import fit_key, opened
from dashboard.tune.removal import Removal, remove_each
from engine.metrics.gap_null import GapNull, gap_null
from engine.reranking import effort_map
from engine.scenario import NEUTRAL, Scenario

__all__ = ["gap_by_chance", "removals", "weight_for_effort"]


def removals(scenario: Scenario) -> tuple[Removal, ...]:
    """Return what turning each control off alone would change."""
    return _removals(*fit_key(), replace(scenario, name=""))


@st.cache_resource(max_entries=32, show_spinner=False)
def _removals(name: str, fit: str, scenario: Scenario) -> tuple[Removal, ...]:
    found = cached_engine.evaluation(scenario).evaluation
    return remove_each(opened(name, fit), scenario, found)


def gap_by_chance(attribute: str, metric: str, k: int) -> GapNull:
    """Return how wide a gap between groups of that size chance alone makes, in the baseline."""
    return _gap_by_chance(*fit_key(), attribute, metric, k)


@st.cache_resource(max_entries=64, show_spinner=False)
def _gap_by_chance(name: str, fit: str, attribute: str, metric: str, k: int) -> GapNull:  # noqa: ARG001 -- part of the key
    found = cached_engine.evaluation(replace(NEUTRAL, k=k)).evaluation
    groups = found.groups(attribute)
    values = found.measured.values[:, groups.now.column(metric)]
    return gap_null(values, groups.codes, len(groups.labels))


def weight_for_effort(scenario: Scenario, effort: float) -> float:
    """Return the diversity weight that costs this share of relevance, for the method in use."""
    fitted = opened(*fit_key())
    return effort_map(fitted, scenario).weight_for_effort(scenario.diversity_method, effort)
