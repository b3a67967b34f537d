"""What the Tune page shows: everybody's lists and figures under the current controls."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import cached_engine, session
from dashboard.trail import trail
from engine.artifacts import Artifacts
from engine.evaluation import Evaluation
from engine.metrics.figures import Figure
from engine.scenario import Scenario

__all__ = ["View", "current_view"]

Figures = dict[str, Figure]


@dataclass(frozen=True, eq=False)
class View:
    """One setting against its baseline.

    Attributes
    ----------
    artifacts : Artifacts
    scenario : Scenario
    found : Evaluation
    seconds : float
        What measuring took.
    trail : tuple of (Scenario, figures)
        The last settings, the current one last.
    """

    artifacts: Artifacts
    scenario: Scenario
    found: Evaluation
    seconds: float
    trail: tuple[tuple[Scenario, Figures], ...]


def current_view() -> View:
    """Measure the setting of the controls (or take what was measured before)."""
    scenario = session.scenario()
    artifacts = cached_engine.artifacts()
    measured = cached_engine.evaluation(scenario)
    found = measured.evaluation
    stops = trail((artifacts.fit_id, scenario.k), scenario, found.figures)
    return View(artifacts, scenario, found, measured.seconds, stops)
