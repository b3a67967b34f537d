"""What feedback says of a decision, as a job, kept by fit, scenario, baseline and parts."""

from __future__ import annotations

from dataclasses import replace

from dashboard import jobs
from dashboard.cached_engine import fit_key, opened
from engine.decision.feedback import find_feedback
from engine.scenario import Scenario

__all__ = ["feedback_job"]


def feedback_job(scenario: Scenario, baseline: Scenario, parts: tuple[str, ...]) -> jobs.Job:
    """Return the job that finds the parts with their usual settings; it begins by itself."""
    key = ("feedback", fit_key(), scenario, replace(baseline, name=""), parts)
    fitted = opened(*fit_key())
    asked: dict[str, dict[str, object]] = {name: {} for name in parts}
    return jobs.find(key) or jobs.start(
        key,
        "Finding what feedback says",
        lambda tell: find_feedback(fitted, scenario, baseline, asked, tell=tell),
    )
