"""What the page shows now: the evaluation, the stages, the choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import cached_engine, cached_exposure, cached_names, session
from dashboard.exposure import keys
from dashboard.exposure.choices import TARGET_LABELS, settings
from dashboard.exposure.thinning import Curve, curve_of
from engine.artifacts import Artifacts
from engine.evaluation import Evaluation
from engine.metrics.figures import Figure, judge_together
from engine.metrics.settings import Settings
from engine.metrics.stage_concentration import StageConcentration, concentration_by_stage
from engine.metrics.targets import tail_targets
from engine.metrics.user_matrix import Measured
from engine.scenario import Scenario

__all__ = ["CARDS", "ExposureView", "current_view"]


CARDS = {
    "Concentration": {"gini": "Gini", "top_item_share": "Top item"},
    "Breadth": {"coverage": "Coverage", "n90": "Items for 90 %"},
    "Popularity": {"aplt": "Long tail", "arp": "Mean popularity"},
    "Against a target": {
        "exposure_parity": "Band parity",
        "attention_inequity": "Gap to likes",
    },
}
"""Heading → metrics with their short names: the family that is judged together.

Parity compares exposure per item of the popularity bands, whatever was liked; inequity compares
items' shares of attention with their shares of held-out likes."""


@dataclass(frozen=True, eq=False)
class ExposureView:
    """One setting seen through one attention model.

    ``stages`` maps each stage to its measured lists of one length, in the order of the pipeline,
    the history's latest items first. ``by_stage`` is how concentrated each of them is; ``curves``
    are their Lorenz curves, thinned to what a screen can show. ``item`` is the index of the chosen
    item; ``items_by_title`` indexes those to choose from, and labels them.
    """

    artifacts: Artifacts
    scenario: Scenario
    settings: Settings
    found: Evaluation
    seconds: float
    stages: Mapping[str, Measured]
    by_stage: StageConcentration
    curves: Mapping[str, Curve]
    grouping: str
    target: str
    item: int | None
    items_by_title: Mapping[int, str]

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Figures of the cards, judged together, the long tail against the target chosen."""
        shown = tuple(name for cards in CARDS.values() for name in cards)
        aims = tail_targets(self.found.audience, self.target, self.scenario.k)
        unjudged = self.found.unjudged
        rows = {
            name: unjudged[name].aimed_at(aims[name]) if name in aims else unjudged[name]
            for name in shown
        }
        return judge_together(rows, shown)[0]

    def exposure_of(self, stage: str) -> NDArray[np.float64]:
        """Exposure of each item at a stage, shape (n_items,)."""
        return self.stages[stage].exposure


def current_view() -> ExposureView:
    """Measure the setting in force."""
    artifacts = cached_engine.artifacts()
    scenario, how = session.scenario(), settings()
    timed = cached_engine.evaluation(scenario, settings=how)
    found = timed.evaluation
    groupings = found.audience.item_groups
    grouping = st.session_state.get(keys.GROUPING)
    stages = {**cached_exposure.stages(scenario.k, how), "reranked": found.measured}
    replicates = {name: measured.replicates for name, measured in stages.items()}
    return ExposureView(
        artifacts,
        scenario,
        how,
        found,
        timed.seconds,
        stages,
        concentration_by_stage(replicates, found.n_users, again=artifacts.offers_again),
        {
            **cached_exposure.fitted_curves(scenario.k, how),
            "reranked": curve_of(found.measured.exposure),
        },
        grouping if grouping in groupings else next(iter(groupings)),
        st.session_state.get(keys.TARGET) or next(iter(TARGET_LABELS)),
        artifacts.item_index.get(session.item()),
        cached_names.items_by_title(),
    )
