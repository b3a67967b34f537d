"""The audited metric at every stage of the pipeline, for the same people and groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.audit.audit import Audit
from engine.audit.comparison import findings_of
from engine.audit.finding import Finding
from engine.audit.stages import stage_findings, stage_frame, step_findings, step_frame
from engine.metrics.registry import COLUMN, METRICS
from engine.metrics.stages import are_alike, has_full_history, retrieval_recall

__all__ = ["RERANKED", "StageView", "retrieval_words", "stage_values", "stage_view"]

HISTORY, RERANKED = "history", "re-ranked"


@dataclass(frozen=True, eq=False)
class StageView:
    """Findings at every stage, as a table, and what each step does.

    ``retrieval`` is the recall of all candidates by group, as a table: what retrieval is judged by.
    """

    found: dict[str, tuple[Finding, ...]]
    frame: pd.DataFrame
    step_found: dict[str, tuple[Finding, ...]]
    steps: pd.DataFrame
    retrieval: pd.DataFrame


def stage_values(audit: Audit) -> dict[str, NDArray[np.floating]]:
    """Return the metric of every person at every stage where groups can be compared by it.

    All lists have the length of the scenario's: of the history, the latest items, and no value
    where it is shorter. The retrieved list is left out, unless items come again: it still holds
    what a person has met, more of it for those who met much. Relevance starts at a list, for the
    history is no guess of what comes.
    """
    column = COLUMN[audit.settings.metric]
    matrices = audit.stage_metrics()
    values = {
        stage: matrix[:, column]
        for stage, matrix in matrices.items()
        if are_alike(stage, "reranked", again=audit.artifacts.offers_again)
    }
    if audit.metric.family != "relevance":
        is_full = has_full_history(audit.artifacts, audit.scenario.k)
        history = np.where(is_full, matrices[HISTORY][:, column], np.nan)
        values = {HISTORY: history, **values}
    values[RERANKED] = audit.after
    return {stage: one for stage, one in values.items() if np.isfinite(one).any()}


def stage_view(audit: Audit) -> StageView:
    """Compare the groups at every stage, against the same reference."""
    values = stage_values(audit)
    about = (audit.groups, audit.settings, audit.metric, audit.comparison.reference)
    found = stage_findings(values, *about)
    alike = {stage: one for stage, one in values.items() if stage != HISTORY}
    steps = step_findings(alike, *about)
    return StageView(found, stage_frame(found), steps, step_frame(steps), _retrieval(audit))


def _retrieval(audit: Audit) -> pd.DataFrame:
    """Compare the groups by the recall of all their candidates."""
    recall = retrieval_recall(audit.artifacts)[audit.evaluation.measured.users]
    reference = audit.comparison.reference
    found = findings_of(recall, audit.groups, audit.settings, METRICS["recall"], reference)
    name = retrieval_words(audit)
    return stage_frame({name: found}).rename(columns={"value": name}).drop(columns="stage")


def retrieval_words(audit: Audit) -> str:
    """Name the recall of all candidates: ``recall@200``."""
    return f"recall@{audit.artifacts.filtered.shape[1]}"
