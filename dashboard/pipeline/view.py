"""What the page shows now: the lists under the setting, what they reach, whose funnel."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import cached_engine, cached_pipeline, session
from dashboard.cached_pipeline import ListReport
from dashboard.person_picker import chosen_person
from dashboard.pipeline import keys
from engine.artifacts import Artifacts
from engine.scenario import Scenario

__all__ = ["STAGE_WORDS", "PipelineView", "current_view"]

STAGE_WORDS = {
    "catalogue": "Catalogue",
    "retrieved": "Retrieved",
    "filtered": "Filtered",
    "ranked": "Ranked, first {k}",
    "reranked": "Re-ranked, {k} (now)",
}
"""Stage → its words, with the length of the lists."""


@dataclass(frozen=True, eq=False)
class PipelineView:
    """One fit under one setting; ``user`` is the row of the person chosen."""

    artifacts: Artifacts
    scenario: Scenario
    report: ListReport
    user: int
    attribute: str
    seconds: float

    @property
    def k(self) -> int:
        """Length of the lists."""
        return self.report.reach.k

    @property
    def person(self) -> str:
        """The id of the person chosen."""
        return str(self.artifacts.users["user_id"].iloc[self.user])

    def stage(self, name: str) -> str:
        """Name a stage for people."""
        return STAGE_WORDS[name].format(k=self.k)


def current_view() -> PipelineView:
    """Measure the setting in force."""
    artifacts, scenario = cached_engine.artifacts(), session.scenario()
    attribute = st.session_state.get(keys.BY)
    if attribute not in artifacts.attributes:
        attribute = next(iter(artifacts.attributes))
    return PipelineView(
        artifacts,
        scenario,
        cached_pipeline.lists_report(scenario),
        chosen_person(artifacts),
        attribute,
        cached_engine.evaluation(scenario).seconds,
    )
