"""The only module that caches: fitted pipelines, lists and evaluations, by fit and scenario."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import session
from dashboard.bytes_kept import kept
from dashboard.data_in_use import DataInUse, data_in_use
from engine.artifacts import Artifacts, open_artifacts
from engine.audit.audit import metrics_at_stages
from engine.estimate import estimate_scenario
from engine.evaluation import Evaluation, evaluate_scenario
from engine.fit_reading import fit_in_use
from engine.metrics.settings import Settings
from engine.scenario import Scenario

__all__ = [
    "Measured",
    "Shown",
    "artifacts",
    "baseline",
    "baseline_of",
    "estimate",
    "evaluation",
    "fallback_reason",
    "fit_key",
    "held",
    "is_known",
    "opened",
    "shown",
    "stage_metrics",
]

PLAIN = Settings()  # how metrics are measured where nothing else is asked for


@dataclass(frozen=True, eq=False)
class Measured:
    """An evaluation and the seconds that it took (the first time; it is kept)."""

    evaluation: Evaluation
    seconds: float


def _in_use() -> DataInUse:
    return data_in_use(st.session_state.get(session.DATA))


@dataclass(frozen=True)
class Shown:
    """What a page is about: the names of its data set and fit, and the baseline."""

    fit: tuple[str, str]
    baseline: Scenario


_HELD: ContextVar[Shown | None] = ContextVar("held", default=None)


def shown() -> Shown:
    """Return what the page being drawn is about, to be :func:`held` later."""
    return Shown(fit_key(), baseline())


@contextmanager
def held(about: Shown) -> Iterator[None]:
    """Have :func:`fit_key` and the baseline be ``about``'s, for what is made outside of a run.

    There is no session there to ask which data set it shows, and a new fit may have been published
    since the page was drawn.
    """
    token = _HELD.set(about)
    try:
        yield
    finally:
        _HELD.reset(token)


def fit_key() -> tuple[str, str]:
    """Return the names of the data set and of the fit in use: the key of all that is kept."""
    about = _HELD.get()
    if about is not None:
        return about.fit
    in_use = _in_use()
    return in_use.name, fit_in_use(in_use.folder).name


def baseline() -> Scenario:
    """Return the baseline in force, without its name: a part of the key of what hangs on it."""
    about = _HELD.get()
    return replace(session.baseline(), name="") if about is None else about.baseline


def baseline_of(scenario: Scenario) -> Scenario:
    """Return the baseline in force with lists as long as the setting's."""
    return replace(baseline(), k=scenario.k)


def artifacts() -> Artifacts:
    """Return the fitted pipeline in use; a new fit is picked up at the next run.

    Raises
    ------
    ArtifactError
        Nothing is fitted, or it is damaged or of another version.
    """
    return opened(*fit_key())


def fallback_reason() -> str:
    """Say why the data set shown is not the one asked for; empty where it is."""
    return _in_use().reason


@st.cache_resource(max_entries=4, show_spinner="Opening the fitted pipeline …")
def opened(name: str, fit: str) -> Artifacts:  # noqa: ARG001 -- the fit is part of the key
    """Open a fit of a data set, once; for what is kept by :func:`fit_key`."""
    return open_artifacts(DataInUse(name).folder)


def evaluation(
    scenario: Scenario, against: Scenario | None = None, settings: Settings = PLAIN
) -> Measured:
    """Return everybody's lists, metrics, groups and exposure under ``scenario``; read-only.

    Changes are from ``against``: by default the baseline in force, at the same list length.
    """
    before = replace(against or baseline_of(scenario), name="")
    return _evaluate(*fit_key(), replace(scenario, name=""), before, settings)


def is_known(scenario: Scenario, settings: Settings = PLAIN) -> bool:
    """Whether everybody was measured under ``scenario`` already, so that nobody has to wait."""
    before = baseline_of(scenario)
    return _evaluate.has(*fit_key(), replace(scenario, name=""), before, settings)


def estimate(scenario: Scenario, settings: Settings = PLAIN) -> Measured:
    """Return the same of some of the people, for while everybody's is made; read-only."""
    start = time.perf_counter()
    before = baseline_of(scenario)
    found = estimate_scenario(artifacts(), scenario, baseline=before, settings=settings)
    return Measured(found, time.perf_counter() - start)


@kept(24)
def _evaluate(
    name: str, fit: str, scenario: Scenario, baseline: Scenario, settings: Settings
) -> Measured:
    start = time.perf_counter()
    result = evaluate_scenario(opened(name, fit), scenario, baseline=baseline, settings=settings)
    return Measured(result, time.perf_counter() - start)


def stage_metrics(k: int) -> dict[str, NDArray[np.float32]]:
    """Return every per-user metric of the first ``k`` items at each stage before re-ranking."""
    return _stage_metrics(*fit_key(), k)


@kept(8)
def _stage_metrics(name: str, fit: str, k: int) -> dict[str, NDArray[np.float32]]:
    return metrics_at_stages(opened(name, fit), k)
