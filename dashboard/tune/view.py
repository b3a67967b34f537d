"""What the Tune page shows: everybody's lists and figures under the current controls."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TypeVar

import streamlit as st

from dashboard import cached_engine, session
from engine.artifacts import Artifacts
from engine.evaluation import Evaluation
from engine.metrics.figures import Figure
from engine.scenario import Scenario

__all__ = ["View", "current_view", "trail"]

_TRAIL = "_trail"
TRAIL_LENGTH = 12

Note = TypeVar("Note")


def trail(about: Hashable, here: Scenario, note: Note) -> tuple[tuple[Scenario, Note], ...]:
    """Return the last settings with what was noted of each, oldest first, ``here`` last.

    Parameters
    ----------
    about : hashable
        What the notes are comparable within (the fit, the list length): a change starts anew.
    here : Scenario
    note : any
        What to remember of it.
    """
    known = st.session_state.get(_TRAIL)
    if known is None or known[0] != about:
        known = st.session_state[_TRAIL] = (about, [])
    stops: list[tuple[Scenario, Note]] = known[1]
    if not stops or stops[-1][0] != here:
        stops.append((here, note))
        del stops[:-TRAIL_LENGTH]
    return tuple(stops)


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
    stops = trail((artifacts.fit_id, scenario.k, found.baseline_scenario), scenario, found.figures)
    return View(artifacts, scenario, found, measured.seconds, stops)
