"""The audited metric at every stage of the pipeline, for the same people and groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.audit.finding import Finding
from dashboard.audit.stages import stage_findings, stage_frame, step_frame
from dashboard.audit.view import AuditView
from engine.metrics.registry import COLUMN

__all__ = ["StageView", "stage_values", "stage_view"]

HISTORY, RERANKED = "history", "re-ranked"


@dataclass(frozen=True, eq=False)
class StageView:
    """Findings at every stage, as a table, and what each step does."""

    found: dict[str, tuple[Finding, ...]]
    frame: pd.DataFrame
    steps: pd.DataFrame


def stage_values(view: AuditView) -> dict[str, NDArray[np.floating]]:
    """Return the metric of every person at every stage where it means something.

    The history holds no held-out like by construction, so relevance starts at the retrieved list.
    """
    column = COLUMN[view.choice.metric]
    skipped = HISTORY if view.metric.family == "relevance" else ""
    values = {
        stage: matrix[:, column]
        for stage, matrix in view.stage_metrics().items()
        if stage != skipped
    }
    values[RERANKED] = view.after
    return {stage: one for stage, one in values.items() if np.isfinite(one).any()}


def stage_view(view: AuditView) -> StageView:
    """Compare the groups at every stage, against the same reference."""
    values = stage_values(view)
    about = (view.groups, view.choice, view.metric, view.comparison.reference)
    found = stage_findings(values, *about)
    return StageView(found, stage_frame(found), step_frame(values, *about))
