"""Concentration and movement in sentences."""

from __future__ import annotations

from math import isnan

import numpy as np

from dashboard.exposure.view import ExposureView
from engine.data.wording import counted, verb
from engine.formats import COUNT, PLAIN, SHARE, Style, change, confidence, interval, number
from engine.metrics.figures import Figure
from engine.metrics.stage_concentration import StageConcentration

__all__ = ["concentration_sentences", "stage_name", "stage_sentence"]

STAGE_NAMES = {"reranked": "re-ranked"}
"""Stages whose name in text differs from the one in code."""


def stage_name(stage: str) -> str:
    """Return the name of a stage for people."""
    return STAGE_NAMES.get(stage, stage)


def _change(figure: Figure, style: Style) -> str:
    if isnan(figure.difference_low):
        return f"{figure.verdict} ({figure.change_reason})"
    if figure.difference == 0:
        return str(figure.verdict)
    ends = (figure.difference_low, figure.difference_high)
    moved = change(figure.difference, figure.before, style, ends)
    return f"{figure.verdict}: {moved}, {confidence(figure.confidence)} interval"


def concentration_sentences(view: ExposureView) -> list[str]:
    """Return n90, coverage, and the stage that concentrates most, each one sentence."""
    figures, n_items = view.figures, view.artifacts.n_items
    n90, coverage = figures["n90"], figures["coverage"]
    if isnan(coverage.value):
        return [coverage.reason, stage_sentence(view.by_stage)]
    n_shown = coverage.value * n_items
    return [
        f"{number(n90.value, COUNT)} of {counted(n_items, 'item')} "
        f"({number(n90.value / n_items, SHARE)}) {verb(int(n90.value), 'fills')} 90 % of all "
        f"places, 95 % interval {interval(n90.low, n90.high, COUNT)}; "
        f"{_change(n90, COUNT)}.",
        f"{counted(round(n_shown), 'item')}, {number(coverage.value, SHARE)} of the catalogue, "
        f"{verb(round(n_shown))} in "
        f"somebody's list, 95 % interval {interval(coverage.low, coverage.high, SHARE)}; "
        f"{_change(coverage, SHARE)}. Nobody is shown the other "
        f"{number(n_items - n_shown, COUNT)}.",
        stage_sentence(view.by_stage),
    ]


def stage_sentence(found: StageConcentration) -> str:
    """Name the step that concentrates exposure most, by its Gini."""
    at = found.column("gini")
    steps = [row[at] for row in found.steps]
    clear = [one.value if one.is_clear else 0.0 for one in steps]
    worst = int(np.argmax(clear))
    step = steps[worst]
    if not clear[worst] > 0:
        return (
            "No step between stages that could hold the same items concentrates exposure beyond "
            "the noise."
        )
    return (
        f"Exposure narrows most from {stage_name(found.stages[worst - 1])} to "
        f"{stage_name(found.stages[worst])}: Gini "
        f"{change(step.value, step.before, PLAIN, (step.low, step.high))}, "
        f"{confidence(step.confidence)} interval."
    )
