"""What the Tune page shows: everybody's lists and figures under the current controls."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import cached_engine, session
from engine.artifacts import Artifacts
from engine.evaluation import Evaluation
from engine.scenario import Scenario

__all__ = ["View", "current_view"]


@dataclass(frozen=True, eq=False)
class View:
    """One setting against its baseline; ``seconds`` is what measuring took."""

    artifacts: Artifacts
    scenario: Scenario
    found: Evaluation
    seconds: float


def current_view() -> View:
    """Measure the setting of the controls (or take what was measured before)."""
    scenario = session.scenario()
    measured = cached_engine.evaluation(scenario)
    return View(cached_engine.artifacts(), scenario, measured.evaluation, measured.seconds)
