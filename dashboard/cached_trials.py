"""Bandits side by side, as a job, kept by fit, setting and what is tried."""

from __future__ import annotations

from dataclasses import replace

from dashboard import jobs
from dashboard.cached_engine import fit_key, opened
from dashboard.presets import PRESETS
from engine.analysis.trials import Told
from engine.online.bandits.arms import arm_table
from engine.online.bandits.trial import Trial, TrialConfig, run_trial
from engine.scenario import Scenario
from engine.simulate.world import world_of

__all__ = ["trial_job"]


def trial_job(
    own: Scenario, assumption: str, kind: str, config: TrialConfig, new_lift: float = 0.0
) -> jobs.Job:
    """Return the job that runs every policy on the same visitors; it begins by itself."""
    own = replace(own, name="")
    # what the arms do not depend on does not begin the work anew
    settings = () if kind != "settings" else _settings(own)
    key = ("trial", fit_key(), assumption, kind, config, settings, new_lift)
    fitted = opened(*fit_key())

    def work(tell: Told) -> Trial:
        world = world_of(fitted, assumption)
        table = arm_table(fitted, world, kind, settings, new_lift=new_lift)
        return run_trial(table, config, tell=tell)

    return jobs.find(key) or jobs.start(key, "Letting policies learn", work)


def _settings(own: Scenario) -> tuple[tuple[str, Scenario], ...]:
    presets = tuple((name, replace(one, k=own.k)) for name, one in PRESETS.items())
    known = {replace(one, name="") for _, one in presets}
    return presets if own in known else (*presets, ("Your setting", own))
