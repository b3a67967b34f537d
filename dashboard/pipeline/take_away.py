"""What the page hands out: its tables as CSV."""

from __future__ import annotations

import pandas as pd

from dashboard.downloads import downloads
from dashboard.pipeline.cold_items_panel import cold_items_frame
from dashboard.pipeline.cold_panel import cold_frame
from dashboard.pipeline.filter_panel import filter_frame
from dashboard.pipeline.fit_panel import fit_frame, seconds_frame
from dashboard.pipeline.frames import (
    calibration_frame,
    funnel_frame,
    gain_frame,
    group_frame,
    importance_frame,
    ranker_frame,
    source_frame,
)
from dashboard.pipeline.group_panel import group_models_frame
from dashboard.pipeline.learning_panel import learning_frame, reliability_frame
from dashboard.pipeline.map_panel import most_alike_frame
from dashboard.pipeline.search_panel import search_frame
from dashboard.pipeline.stability_panel import stability_frame
from dashboard.pipeline.view import PipelineView

__all__ = ["take_away"]


def take_away(view: PipelineView) -> None:
    """Draw the download button for what is shown; call it in the live part."""
    artifacts = view.artifacts

    def by_group() -> pd.DataFrame:
        tables = {name: group_frame(view, name) for name in artifacts.attributes}
        return pd.concat(tables, names=["attribute"]).reset_index(level=0)

    downloads(
        {
            "funnel": lambda: funnel_frame(view),
            "ceiling_by_group": by_group,
            "sources": source_frame,
            "index": lambda: search_frame(artifacts),
            "rankers": lambda: ranker_frame(artifacts),
            "models_of_groups": lambda: group_models_frame(artifacts),
            "gains_over_baselines": lambda: gain_frame(artifacts),
            "feature_importance": lambda: importance_frame(artifacts),
            "filters": filter_frame,
            "cold_start": cold_frame,
            "new_items": cold_items_frame,
            "most_alike": lambda: most_alike_frame(view),
            "scores_and_likes": calibration_frame,
            "learning_curve": lambda: learning_frame(artifacts),
            "reliability": lambda: reliability_frame(artifacts),
            "stability": lambda: stability_frame(artifacts),
            "fits": fit_frame,
            "seconds_of_the_fit": lambda: seconds_frame(artifacts),
        },
        view.scenario,
    )
