"""What the Scenarios page shows: the scenarios chosen, against the baseline chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from dashboard import cached_comparisons, cached_engine
from dashboard.scenarios import keys
from dashboard.scenarios.candidates import Candidate, Shelf, candidates, shelf
from dashboard.scenarios.choices import chosen, chosen_baseline, settings_of
from engine.artifacts import Artifacts
from engine.decision.comparison import Comparison
from engine.scenario import Scenario, neutral

__all__ = ["ScenariosView", "current_view"]


@dataclass(frozen=True, eq=False)
class ScenariosView:
    """A comparison and what belongs to it.

    Attributes
    ----------
    artifacts : Artifacts
    shelf : Shelf
        What is saved.
    known : dict
        All that can be compared, by key.
    found : Comparison
    seconds : float
        What re-ranking and measuring took.
    """

    artifacts: Artifacts
    shelf: Shelf
    known: dict[str, Candidate]
    found: Comparison
    seconds: float

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Those compared, under their names."""
        return tuple(rival.scenario for rival in self.found.rivals)

    def overlaps(self) -> pd.DataFrame:
        """Return how much the lists of each pair have in common."""
        return cached_comparisons.overlaps(self.scenarios, self.found.baseline)


def current_view() -> ScenariosView | None:
    """Compare what is chosen; ``None`` where nothing is."""
    artifacts, on_shelf = cached_engine.artifacts(), shelf()
    known = candidates(on_shelf.saved)
    rivals = chosen(known)
    if not rivals:
        return None
    scenarios = tuple(replace(one.scenario, name=one.label) for one in rivals)
    baseline = chosen_baseline()
    if baseline.is_neutral:
        baseline = neutral(scenarios[0].k)
    attributes = list(artifacts.attributes)
    attribute = st.session_state.get(keys.BY) or (attributes[0] if attributes else "")
    timed = cached_comparisons.comparison(scenarios, baseline, settings_of(attribute))
    return ScenariosView(artifacts, on_shelf, known, timed.found, timed.seconds)
