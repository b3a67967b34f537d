"""Why no setting keeps all limits: by how much each would have to give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.constraints import Part
from engine.analysis.goal_search import GoalTrials
from engine.metrics.registry import METRICS
from engine.scenario import Scenario

__all__ = ["Shortfall", "shortfalls"]


@dataclass(frozen=True)
class Shortfall:
    """One limit that stands in the way.

    Attributes
    ----------
    part : Part
    needed : float
        The limit that could be kept with all others: a share lost, or the metric's value.
    scenario : Scenario
        The setting that keeps it, and the others, by the search's estimate.
    """

    part: Part
    needed: float
    scenario: Scenario


def shortfalls(trials: GoalTrials) -> tuple[Shortfall, ...]:
    """Loosen each limit alone until some setting tried keeps them all, the least needed first.

    Parameters
    ----------
    trials : GoalTrials
        Settings that were tried, none of which keeps all limits.

    Returns
    -------
    tuple of Shortfall
        Empty where no single limit is the only one in the way.
    """
    known = list(trials.found)
    margin = np.array([attempt.margins.margin for attempt in trials.found.values()])
    found = []
    for column, part in enumerate(trials.parts):
        others = np.delete(margin, column, axis=1)
        keeps = (others >= 0).all(axis=1) & ~np.isnan(margin[:, column])
        if not keeps.any():
            continue
        row = int(np.argmax(np.where(keeps, margin[:, column], -np.inf)))
        if margin[row, column] >= 0:
            continue
        attempt = trials.found[known[row]]
        one = part.constraint
        value = float(attempt.margins.value[column])
        before = float(attempt.margins.before[column])
        lost = (before - value) / before if before else np.nan
        if METRICS[one.metric].good_way == "lower":
            lost = -lost
        needed = lost if one.kind == "loss" else value
        found.append((_relative(margin[row, column], before, value), part, needed, known[row]))
    found.sort(key=lambda entry: entry[0])
    return tuple(Shortfall(part, needed, scenario) for _, part, needed, scenario in found)


def _relative(margin: float, before: float, value: float) -> float:
    return abs(margin) / max(abs(before), abs(value), 1e-12)
