"""Effort: what a weight costs, as the share of the ranker's relevance that it gives up.

The same weight means very different things in different controls, and in different methods of one.
Effort is one scale for all: at 10 % effort, lists hold 10 % less relevance than the ranker's own
top k, whatever the control. Each map is measured on the audience at hand, once, with that control
alone turned on, and made monotone; between measured weights it is interpolated without overshoot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import ScenarioError
from engine.reranking.audience import Audience, audience_of
from engine.reranking.lists import kept_of
from engine.reranking.plan import make_plan
from engine.scenario import WEIGHTS as WEIGHTS_OF_SCENARIO
from engine.scenario import Scenario

__all__ = [
    "MOST_PEOPLE",
    "WITH_EFFORT",
    "EffortCurve",
    "EffortMap",
    "effort_curve",
    "effort_map",
]

WITH_EFFORT = ("diversity", "freshness", "item_fairness", "calibration", "popularity_penalty")
"""Weights that cost relevance by themselves; fairness for people only scales the others."""

MOST_PEOPLE = 8192
"""Larger audiences are measured on so many people, evenly spaced."""

WEIGHTS = (np.arange(17) / 16.0) ** 2
"""Weights measured: denser where they are small, since there some methods cost most."""

BETWEEN = (np.array([2.5, 6.5, 10.5, 14.5]) / 16.0) ** 2
"""Weights at which the interpolation is checked."""


@dataclass(frozen=True, eq=False)
class EffortCurve:
    """The map of one control (or method).

    Attributes
    ----------
    weights, efforts : float64 arrays of shape (17,)
        What was measured; both rise, from 0.
    error : float
        Largest error found, at weights between those measured and at every second measured weight
        as predicted from the others: so much the map may be off.
    sampling_error : float
        Largest standard error of an effort, from measuring on some of the people; 0 for all.
    n_people : int
        People measured.
    """

    weights: NDArray[np.float64]
    efforts: NDArray[np.float64]
    error: float
    sampling_error: float
    n_people: int

    def effort(self, weight: float) -> float:
        """Return the share of relevance that a weight costs."""
        return float(_curve(self.weights, self.efforts)(np.sqrt(weight)))

    def weight(self, effort: float) -> float:
        """Return the smallest weight that costs this much; 1 where none does."""
        if effort >= self.efforts[-1]:
            return 1.0
        low, high = 0.0, 1.0
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (low, middle) if self.effort(middle) >= effort else (middle, high)
        return high


@dataclass(frozen=True, eq=False)
class EffortMap:
    """Weight ↔ effort for every diversity method, measured when first asked for.

    Attributes
    ----------
    audience : Audience
    scenario : Scenario
        Its list length, likeness and window apply.
    """

    audience: Audience
    scenario: Scenario

    def curve(self, method: str) -> EffortCurve:
        """Return a method's map; 21 re-rankings the first time."""
        part = Scenario(
            k=self.scenario.k,
            diversity_method=method,
            likeness=self.scenario.likeness,
            likeness_mix=self.scenario.likeness_mix,
            diversity_window=self.scenario.diversity_window,
        )
        return self.audience.efforts.get(part, lambda: _measure(self.audience, part))

    def effort_for_weight(self, method: str, weight: float) -> float:
        """Return the share of relevance that a weight costs, in [0, 1]."""
        return self.curve(method).effort(weight)

    def weight_for_effort(self, method: str, effort: float) -> float:
        """Return the weight that costs this share of relevance; 1 where even that costs less."""
        return self.curve(method).weight(effort)

    def highest_effort(self, method: str) -> float:
        """Return what the weight 1 costs: no slider position of the method costs more."""
        return float(self.curve(method).efforts[-1])


def effort_map(artifacts: Artifacts, scenario: Scenario) -> EffortMap:
    """Return the effort map of an audience for the scenario's list length and likeness.

    Raises
    ------
    ScoreError
        The ranker's scores cannot be used.
    """
    return EffortMap(audience_of(artifacts), scenario)


def effort_curve(artifacts: Artifacts, scenario: Scenario, control: str) -> EffortCurve:
    """Return the map of one control; 21 re-rankings the first time.

    Parameters
    ----------
    artifacts : Artifacts
    scenario : Scenario
        Its list length and the control's finer settings apply; other weights, caps and rules do
        not.
    control : str
        One of :data:`WITH_EFFORT`.

    Raises
    ------
    ScenarioError
        The control has no effort of its own.
    ScoreError
        The ranker's scores cannot be used.
    """
    if control not in WITH_EFFORT:
        raise ScenarioError(f"{control!r} has no effort of its own; {', '.join(WITH_EFFORT)} have.")
    if control == "diversity":
        return effort_map(artifacts, scenario).curve(scenario.diversity_method)
    audience = audience_of(artifacts)
    off: dict[str, Any] = dict.fromkeys(WEIGHTS_OF_SCENARIO, 0.0)
    alone = replace(scenario, **off, caps=(), rules=(), name="")
    return audience.efforts.get((control, alone), lambda: _measure(audience, alone, control))


def _measure(audience: Audience, part: Scenario, control: str = "diversity") -> EffortCurve:
    n_people = min(audience.n_users, MOST_PEOPLE)
    users = np.arange(n_people) * audience.n_users // max(n_people, 1)

    def cost(weight: float) -> tuple[float, float]:
        """Mean share of relevance lost, and its standard error."""
        turned: dict[str, Any] = {control: float(weight)}
        plan = make_plan(audience, replace(part, **turned))
        kept = kept_of(audience, plan.run(users), users).astype(np.float64)
        known = kept[~np.isnan(kept)]
        if len(known) == 0:
            return 0.0, 0.0
        return max(0.0, 1.0 - known.mean()), known.std() / np.sqrt(len(known))

    costs, spreads = np.array([cost(weight) for weight in WEIGHTS]).T
    efforts = np.maximum.accumulate(costs)
    curve, coarse = _curve(WEIGHTS, efforts), _curve(WEIGHTS[::2], efforts[::2])
    between = np.array([cost(weight)[0] for weight in BETWEEN])
    errors = (
        np.abs(curve(np.sqrt(BETWEEN)) - between),
        np.abs(coarse(np.sqrt(WEIGHTS)) - costs),
    )
    return EffortCurve(
        weights=WEIGHTS,
        efforts=efforts,
        error=float(np.concatenate(errors).max()),
        sampling_error=float(spreads.max()) if n_people < audience.n_users else 0.0,
        n_people=n_people,
    )


def _curve(
    weights: NDArray[np.float64], efforts: NDArray[np.float64]
) -> Callable[[Any], NDArray[np.float64]]:
    from scipy.interpolate import PchipInterpolator  # slow to import, and not needed to re-rank

    return PchipInterpolator(np.sqrt(weights), efforts)
