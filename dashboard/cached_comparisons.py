"""Scenarios side by side, kept by fit, scenarios, baseline and what decides the verdicts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from dashboard.cached_engine import evaluation, fit_key, opened
from engine.decision.comparison import Comparison, compare
from engine.decision.overlap import overlap_frame
from engine.decision.settings import DecisionSettings
from engine.decision.winners import winners_frame
from engine.decision.words import baseline_words
from engine.metrics.registry import METRICS
from engine.scenario import Scenario

__all__ = ["Timed", "comparison", "overlaps", "winners"]

Scenarios = tuple[Scenario, ...]


@dataclass(frozen=True, eq=False)
class Timed:
    """A comparison, and the seconds that its lists and figures took."""

    found: Comparison
    seconds: float


def comparison(scenarios: Scenarios, baseline: Scenario, settings: DecisionSettings) -> Timed:
    """Return scenarios, under their names, against a baseline; read-only."""
    return _comparison(*fit_key(), scenarios, baseline, settings)


@st.cache_resource(max_entries=16, show_spinner=False)
def _comparison(
    name: str, fit: str, scenarios: Scenarios, baseline: Scenario, settings: DecisionSettings
) -> Timed:
    before = replace(baseline, name="")
    measured = [evaluation(replace(one, name=""), before) for one in scenarios]
    found = compare(
        opened(name, fit),
        [one.evaluation for one in measured],
        [one.name for one in scenarios],
        baseline,
        settings,
    )
    return Timed(found, sum(one.seconds for one in measured))


def overlaps(scenarios: Scenarios, baseline: Scenario) -> pd.DataFrame:
    """Return how much the lists of each pair have in common, the baseline's among them."""
    return _overlaps(*fit_key(), scenarios, baseline)


@st.cache_resource(max_entries=16, show_spinner=False)
def _overlaps(
    name: str,  # noqa: ARG001 -- part of the key, as is the fit
    fit: str,  # noqa: ARG001
    scenarios: Scenarios,
    baseline: Scenario,
) -> pd.DataFrame:
    before = replace(baseline, name="")
    found = [evaluation(replace(one, name=""), before).evaluation for one in scenarios]
    lists = [found[0].baseline.items, *(one.measured.items for one in found)]
    names = [baseline_words(baseline), *(one.name for one in scenarios)]
    return overlap_frame(names, lists)


def winners(found: Comparison, one: int, other: int, metric: str) -> pd.DataFrame:
    """Return who is better and worse off with ``other`` than with ``one``.

    Both are places: 0 is the baseline, then the scenarios.
    """
    sides = [found.rivals[0].evaluation.baseline]
    sides += [rival.evaluation.measured for rival in found.rivals]
    audience = found.rivals[0].evaluation.audience
    attribute = found.settings.attribute
    return winners_frame(audience, sides[one], sides[other], METRICS[metric], attribute)
