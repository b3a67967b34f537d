"""Maps and goals as jobs, kept by data, fit, setting and what was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from dashboard import cached_engine, jobs
from dashboard.cached_engine import baseline_of, fit_key, opened
from engine.analysis.advice import Advice, advise
from engine.analysis.goal import SolveConfig
from engine.analysis.kept_sweeps import kept_sweep
from engine.analysis.method_lines import method_lines
from engine.analysis.panel import ENOUGH, Panel, confirming, make_panel, panel_about
from engine.analysis.readings import Readings, read
from engine.analysis.solve import solve
from engine.analysis.space import Space, idle_sentences, make_space
from engine.analysis.swept import Sweep, SweepConfig
from engine.analysis.trials import Told, checked_aims
from engine.artifacts import Artifacts
from engine.metrics.audience import audience_of
from engine.scenario import Scenario

__all__ = ["Goal", "advice", "goal_job", "idle", "lines_job", "map_job", "read_here", "space_of"]

Aims = tuple[str, ...]

SETTINGS = 300
"""Settings that a map tries."""


@dataclass(frozen=True)
class Goal:
    """What is sought: most (or least) of an aim, under limits."""

    aim: str
    limits: tuple[str, ...]
    controls: tuple[str, ...]
    confirm: str = "half"


def space_of(scenario: Scenario, controls: tuple[str, ...]) -> Space:
    """Return the space about a setting, wherever the controls that move stand now."""
    return make_space(scenario, controls, from_zero=True)


def idle(scenario: Scenario, controls: tuple[str, ...]) -> list[str]:
    """Say which of the controls that move can do nothing here, and why."""
    return idle_sentences(opened(*fit_key()), space_of(scenario, controls))


def map_job(scenario: Scenario, aims: Aims, controls: tuple[str, ...]) -> jobs.Job:
    """Return the job of a map; it begins the first time."""
    fit, space, baseline = fit_key(), space_of(scenario, controls), baseline_of(scenario)
    key = ("map", fit, space, aims, baseline)
    fitted, config = opened(*fit), SweepConfig(n_settings=SETTINGS)
    known = jobs.find(key)
    if known is not None:
        return known

    def work(tell: Told) -> Sweep | None:
        return kept_sweep(
            fitted,
            space,
            aims,
            config=config,
            baseline=baseline,
            tell=tell,
            show=partial(jobs.hand_out, key),
        )

    return jobs.start(key, f"Mapping {config.n_settings} settings", work)


def lines_job(scenario: Scenario, aims: Aims) -> jobs.Job:
    """Return the job of the methods compared; it begins the first time."""
    fit, origin = fit_key(), replace(scenario, name="", diversity=0.0, diversity_method="mmr")
    baseline = baseline_of(scenario)
    key = ("lines", fit, origin, aims, baseline)
    fitted = opened(*fit)
    return jobs.find(key) or jobs.start(
        key,
        "Comparing methods",
        lambda tell: method_lines(fitted, origin, aims, baseline=baseline, tell=tell),
    )


def goal_job(scenario: Scenario, goal: Goal, *, begin: bool = False) -> jobs.Job | None:
    """Return the job of a goal; it begins only when that is asked for."""
    fit, space, baseline = fit_key(), space_of(scenario, goal.controls), baseline_of(scenario)
    key = ("goal", fit, space, goal, baseline)
    known = jobs.find(key)
    if not begin or (known is not None and not known.error):
        return known
    config = SolveConfig(confirm=goal.confirm)
    work = partial(
        solve, opened(*fit), space, goal.aim, goal.limits, config=config, baseline=baseline
    )
    return jobs.start(key, "Searching", lambda tell: work(tell=tell))


def read_here(scenario: Scenario, aims: Aims) -> Readings:
    """Return the aims of one setting, of those on whom a map is confirmed."""
    return _read_here(*fit_key(), replace(scenario, name=""), baseline_of(scenario), aims)


@st.cache_resource(max_entries=64, show_spinner=False)
def _read_here(name: str, fit: str, scenario: Scenario, baseline: Scenario, aims: Aims) -> Readings:
    fitted = opened(name, fit)
    if fitted.n_users > ENOUGH:
        panel = _some_people(fitted, baseline)
        return read(panel, panel.measure(scenario), checked_aims(panel, aims))
    found = cached_engine.evaluation(scenario, baseline).evaluation
    assert found.baseline_scenario is not None
    panel = panel_about(fitted, found.baseline_scenario, found.baseline)
    return read(panel, found.measured, checked_aims(panel, aims))


def _some_people(fitted: Artifacts, baseline: Scenario) -> Panel:
    """Return those on whom a map of very many people is confirmed."""
    return make_panel(fitted, users=confirming(audience_of(fitted)), baseline=baseline)


def advice(found: Sweep, scenario: Scenario, controls: tuple[str, ...]) -> Advice:
    """Return what a map has against a setting."""
    here = replace(scenario, name="")
    aims, baseline = tuple(map(str, found.aims)), baseline_of(scenario)
    return _advice(*fit_key(), aims, controls, baseline, here, found)


@st.cache_resource(max_entries=64, show_spinner=False)
def _advice(
    name: str,
    fit: str,
    aims: Aims,  # noqa: ARG001 -- part of the key, like the next two: they stand for the map
    controls: tuple[str, ...],  # noqa: ARG001
    baseline: Scenario,  # noqa: ARG001
    scenario: Scenario,
    _found: Sweep,
) -> Advice:
    fitted = opened(name, fit)
    if fitted.n_users > ENOUGH:
        return advise(_some_people(fitted, scenario), _found)
    lists = cached_engine.evaluation(scenario).evaluation.measured
    return advise(panel_about(fitted, scenario, lists), _found)
