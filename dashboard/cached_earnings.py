"""What a setting would have earned, as a job, kept by fit, setting and how the log is made."""

from __future__ import annotations

from dataclasses import replace

from dashboard import jobs, session
from dashboard.cached_engine import fit_key, opened
from engine.analysis.trials import Told
from engine.online.answers import Answer
from engine.online.earned import earned
from engine.online.experiment import DesignConfig, design_of, simulate_log
from engine.scenario import Scenario
from engine.simulate.world import world_of

__all__ = ["earned_job"]


def earned_job(
    scenario: Scenario, assumption: str, config: DesignConfig, attribute: str
) -> jobs.Job:
    """Return the job that simulates a log and asks it; it begins by itself."""
    base, own = session.baseline(), replace(scenario, name="")
    key = ("earned", fit_key(), base, own, assumption, config, attribute)
    fitted = opened(*fit_key())

    def work(tell: Told) -> Answer:
        world = world_of(fitted, assumption)
        tell(0.3)
        design = design_of(fitted, world, base, own, config)
        tell(0.6)
        logged = simulate_log(design)
        tell(0.8)
        return earned(fitted, logged, attribute)

    return jobs.find(key) or jobs.start(key, "Asking the log", work)
