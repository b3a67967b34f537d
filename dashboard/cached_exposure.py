"""What the Popularity & exposure page keeps: evaluations and stages under an attention model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from dashboard import cached_engine
from dashboard.bytes_kept import kept
from dashboard.exposure.thinning import Curve, curve_of
from engine.metrics.audience import audience_of
from engine.metrics.item_movement import ItemMovement, item_movement
from engine.metrics.settings import Settings
from engine.metrics.stages import LIST_STAGES, stage_lists
from engine.metrics.user_matrix import Measured, measure
from engine.scenario import Scenario

__all__ = [
    "fitted_curves",
    "movement",
    "stages",
]


def stages(k: int, settings: Settings) -> Mapping[str, Measured]:
    """Return the measured lists of ``k`` of each stage before re-ranking; read-only.

    Of the history, the latest ``k``: as many as a list holds.
    """
    return _stages(*cached_engine.fit_key(), k, settings)


@kept(8)
def _stages(name: str, fit: str, k: int, settings: Settings) -> dict[str, Measured]:
    fitted = cached_engine.opened(name, fit)
    audience = audience_of(fitted)
    return {
        stage: measure(audience, stage_lists(fitted, stage, k), settings=settings)
        for stage in LIST_STAGES
    }


def fitted_curves(k: int, settings: Settings) -> Mapping[str, Curve]:
    """Return the Lorenz curves of what no control moves."""
    return _curves(*cached_engine.fit_key(), k, settings)


@st.cache_resource(max_entries=8, show_spinner=False)
def _curves(name: str, fit: str, k: int, settings: Settings) -> dict[str, Curve]:
    measured = _stages(name, fit, k, settings)
    return {stage: curve_of(found.exposure) for stage, found in measured.items()}


def movement(scenario: Scenario, settings: Settings) -> ItemMovement:
    """Count who gained and who lost each item under a scenario; read-only."""
    before = cached_engine.baseline_of(scenario)
    return _movement(*cached_engine.fit_key(), replace(scenario, name=""), before, settings)


@kept(16)
def _movement(
    name: str, fit: str, scenario: Scenario, baseline: Scenario, settings: Settings
) -> ItemMovement:
    found = cached_engine.evaluation(scenario, baseline, settings).evaluation
    n_items = cached_engine.opened(name, fit).n_items
    return item_movement(found.baseline.items, found.measured.items, n_items)
