"""Simulated years as jobs, kept by data, fit, setting and what is assumed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from functools import partial

import streamlit as st

from dashboard import jobs, session
from dashboard.cached_engine import fit_key, opened
from engine.analysis.trials import Told
from engine.simulate.bending import run_probes
from engine.simulate.loop import run_year
from engine.simulate.loop_config import Arm, LoopConfig
from engine.simulate.sensitivity import run_assumptions
from engine.simulate.world import assumptions_for
from engine.simulate.year import Year

__all__ = ["assumptions", "bends_job", "sensitivity_job", "year_job"]

_OWN = "_years_begun"


def assumptions() -> tuple[str, ...]:
    """Return what can be assumed of preferences for the data shown, the best founded first."""
    return _assumptions(*fit_key())


@st.cache_resource(max_entries=8, show_spinner=False)
def _assumptions(name: str, fit: str) -> tuple[str, ...]:
    return assumptions_for(opened(name, fit))


def _key(kind: str, own: Arm, config: LoopConfig) -> tuple[Hashable, ...]:
    return (kind, fit_key(), replace(own.scenario, name=""), own.slots, config)


def year_job(own: Arm, config: LoopConfig, *, anew: bool = False) -> jobs.Job:
    """Return the job of a year of a setting and of the baseline; it begins by itself.

    A year that this session began for a setting that was left again is stopped; one that somebody
    stopped here begins again only where ``anew`` asks for it.
    """
    base = session.baseline()
    key = (*_key("year", own, config), base)
    begun: dict[Hashable, jobs.Job] = st.session_state.setdefault(_OWN, {})
    for other in [one for one in begun if one != key]:
        job = begun.pop(other)
        if not job.is_done:
            job.cancel()
    known = jobs.find(key)
    is_own = any(known is job for job in begun.values())
    if known is not None and not anew and (is_own or not known.was_cancelled):
        return known
    fitted = opened(*fit_key())
    arms = (Arm("Baseline", base), own)

    def work(tell: Told) -> Year:
        return run_year(fitted, arms, config, tell=tell, show=partial(jobs.hand_out, key))

    name = f"Simulating {config.rounds} rounds, {config.seeds} times"
    job = begun[key] = jobs.start(key, name, work)
    return job


def bends_job(own: Arm, config: LoopConfig, *, begin: bool = False) -> jobs.Job | None:
    """Return the job that runs every control through the year; it begins when asked for."""
    key = _key("bends", own, config)
    known = jobs.find(key)
    if not begin or (known is not None and not known.error):
        return known
    fitted = opened(*fit_key())
    return jobs.start(
        key, "Trying each control", lambda tell: run_probes(fitted, own, config, tell=tell)
    )


def sensitivity_job(own: Arm, config: LoopConfig, *, begin: bool = False) -> jobs.Job | None:
    """Return the job that runs the year under every assumption; it begins when asked for."""
    base = session.baseline()
    key = (*_key("sensitivity", own, config), base)
    known = jobs.find(key)
    if not begin or (known is not None and not known.error):
        return known
    fitted = opened(*fit_key())
    return jobs.start(
        key,
        "Trying each assumption",
        lambda tell: run_assumptions(fitted, (Arm("Baseline", base), own), config, tell=tell),
    )
