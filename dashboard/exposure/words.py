"""Concentration and movement in sentences."""

from __future__ import annotations

import itertools

from dashboard.exposure.view import ExposureView
from dashboard.formats import COUNT, PLAIN, SHARE, Style, interval, number, signed
from engine.metrics.figures import Figure

__all__ = ["STAGE_NAMES", "concentration_sentences", "stage_sentence"]

STAGE_NAMES = {"reranked": "re-ranked"}
"""Stages whose name in text differs from the one in code."""


def _change(figure: Figure, style: Style) -> str:
    if figure.difference == 0:
        return "as in the baseline"
    ends = interval(figure.difference_low, figure.difference_high, style)
    judged = f"{figure.verdict}, " if figure.verdict != "no clear change" else ""
    words = f"{judged}{signed(figure.difference, style)}, 95 % interval {ends}"
    return words if judged else f"no clear change ({words})"


def concentration_sentences(view: ExposureView) -> list[str]:
    """Return coverage, n90, Gini and the stage at which most is lost, each one sentence."""
    figures, n_items = view.found.figures, view.artifacts.n_items
    n90, coverage, gini = (figures[name] for name in ("n90", "coverage", "gini"))
    return [
        f"{number(n90.value, COUNT)} of {n_items:,} items fill 90 % of all places "
        f"({interval(n90.low, n90.high, COUNT)}); {_change(n90, COUNT)}.",
        f"{number(coverage.value, SHARE)} of the catalogue is in somebody's list "
        f"({interval(coverage.low, coverage.high, SHARE)}); {_change(coverage, SHARE)}.",
        f"Gini of exposure is {number(gini.value, PLAIN)} "
        f"({interval(gini.low, gini.high, PLAIN)}), 0 being equal and 1 one item only; "
        f"{_change(gini, PLAIN)}.",
        stage_sentence(view),
    ]


def stage_sentence(view: ExposureView) -> str:
    """Name the step that narrows what is seen most, by items shown at all."""
    shown = {
        STAGE_NAMES.get(stage, stage): int((measured.slots > 0).sum())
        for stage, measured in view.stages.items()
    }
    stages = list(shown)
    steps = {
        f"from {first} to {second}": shown[second] - shown[first]
        for first, second in itertools.pairwise(stages)
    }
    worst = min(steps, key=lambda step: steps[step])
    listed = ", ".join(f"{stage} {count:,}" for stage, count in shown.items())
    lead = f"Items shown at all: {listed}."
    if steps[worst] >= 0:
        return f"{lead} No step narrows it."
    return f"{lead} The step {worst} narrows it most ({steps[worst]:+,})."
