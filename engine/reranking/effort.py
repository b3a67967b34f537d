"""Effort: what a weight costs, as the share of the ranker's relevance that it gives up.

The same weight means very different things in different controls, and in different methods of one.
Effort is one scale for all: at 10 % effort, lists hold 10 % less relevance than the ranker's own
top k, whatever the control. It is always measured, with that control alone turned on, never read
off a curve: between two weights a control may move in a step. So an asked effort is searched for
among weights that are measured, and the answer is the measured effort of the weight found, which
says whether it is the one asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import ScenarioError
from engine.reranking.candidate_pool import CandidatePool, pool_of
from engine.reranking.lists import kept_of
from engine.reranking.plan import make_plan
from engine.scenario import Scenario
from engine.terms import TERMS, WEIGHTS, WITH_EFFORT

__all__ = [
    "MOST_PEOPLE",
    "TOLERANCE",
    "EffortCurve",
    "EffortSetting",
    "effective_weights",
    "effort_curve",
]

MOST_PEOPLE = 8192
"""Larger audiences are measured on so many people, evenly spaced."""

TOLERANCE = 5e-4
"""An effort no further than this from the one asked for is that one."""

STEP = 1e-3
"""Weights are set, and so measured, in whole thousandths."""

MOST_TRIALS = 12
"""Weights measured at most in search of an effort."""

GRID = tuple(np.round((np.arange(17) / 16.0) ** 2, 3))
"""Weights measured first: denser where they are small, since there some methods cost most."""


@dataclass(frozen=True)
class EffortSetting:
    """The weight found for an asked effort.

    Attributes
    ----------
    asked, effort : float
        What was asked for, and what the weight was measured to cost.
    weight : float
        In whole thousandths, but where two levels are closer than that.
    """

    asked: float
    effort: float
    weight: float

    @property
    def is_reached(self) -> bool:
        """Whether the effort is the one asked for; if not, it is the nearest that was found."""
        return abs(self.effort - self.asked) <= TOLERANCE


@dataclass(frozen=True, eq=False)
class EffortCurve:
    """What the weights of one control cost.

    Attributes
    ----------
    cost_at : callable
        Weight → share of relevance lost; measured when first asked for, then kept.
    weights, efforts : float64 arrays of shape (n,)
        What is measured beforehand, by rising weight. For a control that moves in steps, one
        weight of each step: it reaches these efforts and no others.
    is_stepped : bool
    sampling_error : float
        Largest standard error of an effort, from measuring on some of the people; 0 for all.
    n_people : int
        People measured.
    """

    cost_at: Callable[[float], float]
    weights: NDArray[np.float64]
    efforts: NDArray[np.float64]
    is_stepped: bool
    sampling_error: float
    n_people: int

    @property
    def highest(self) -> float:
        """The most that any weight measured costs."""
        return float(self.efforts.max())

    def effort(self, weight: float) -> float:
        """Return the share of relevance that a weight costs, measured."""
        return self.cost_at(weight)

    def find(self, effort: float) -> EffortSetting:
        """Return the weight whose measured effort is nearest to the one asked for.

        The smallest of several. Re-ranks everyone at most :data:`MOST_TRIALS` times.
        """
        tried = dict(zip(self.weights.tolist(), self.efforts.tolist(), strict=True))
        if not self.is_stepped:
            self._search(effort, tried)
        weight = min(tried, key=lambda weight: (round(abs(tried[weight] - effort), 9), weight))
        return EffortSetting(effort, tried[weight], weight)

    def _search(self, effort: float, tried: dict[float, float]) -> None:
        """Close in on the first place where the effort is passed, measuring on the way."""
        above = int(np.argmax(self.efforts >= effort))
        if above == 0:  # reached at weight 0, or nowhere
            return
        low, high = float(self.weights[above - 1]), float(self.weights[above])
        for trial in range(MOST_TRIALS):
            if high - low <= 1.5 * STEP or abs(tried[low] - effort) <= TOLERANCE / 2:
                return
            part = (effort - tried[low]) / max(tried[high] - tried[low], 1e-12)
            part = 0.5 if trial % 3 == 2 else min(max(part, 0.05), 0.95)
            middle = round(low + (high - low) * part, 3)
            middle = min(max(middle, round(low + STEP, 3)), round(high - STEP, 3))
            tried[middle] = self.cost_at(middle)
            if abs(tried[middle] - effort) <= TOLERANCE / 2:
                return
            low, high = (low, middle) if tried[middle] >= effort else (middle, high)


def effort_curve(artifacts: Artifacts, scenario: Scenario, control: str) -> EffortCurve:
    """Return what the weights of one control cost; up to 17 re-rankings the first time.

    Parameters
    ----------
    artifacts : Artifacts
    scenario : Scenario
        Its list length and the control's finer settings apply; other weights, caps and rules do
        not.
    control : str
        One of :data:`engine.terms.WITH_EFFORT`.

    Raises
    ------
    ScenarioError
        The control has no effort of its own.
    ScoreError
        The ranker's scores cannot be used.
    """
    if control not in WITH_EFFORT:
        raise ScenarioError(f"{control!r} has no effort of its own; {', '.join(WITH_EFFORT)} have.")
    pool = pool_of(artifacts)
    off: dict[str, Any] = dict.fromkeys(WEIGHTS, 0.0)
    alone = replace(scenario, **off, **_others(control), caps=(), rules=(), name="")
    return pool.efforts.get((control, alone), lambda: _measure(pool, alone, control))


def _others(control: str) -> dict[str, Any]:
    """Return the finer settings of all other controls at their defaults: they do not matter."""
    others = (term for name, term in TERMS.items() if name != control)
    return {finer.name: finer.default for term in others for finer in term.finer}


@dataclass(frozen=True, eq=False)
class _Costs:
    """Measures weights of one control, and keeps what was measured."""

    pool: CandidatePool
    alone: Scenario
    control: str
    users: NDArray[np.int64]
    known: dict[float, tuple[float, float]] = field(default_factory=dict)

    def at(self, weight: float) -> float:
        return self.both(weight)[0]

    def both(self, weight: float) -> tuple[float, float]:
        """Return the mean share of relevance lost, and its standard error."""
        if weight not in self.known:
            turned: dict[str, Any] = {self.control: float(weight)}
            plan = make_plan(self.pool, replace(self.alone, **turned))
            kept = kept_of(self.pool, plan.run(self.users), self.users).astype(np.float64)
            lost = 1.0 - kept[~np.isnan(kept)]
            mean = float(lost.mean()) if len(lost) else 0.0
            error = float(lost.std() / np.sqrt(len(lost))) if len(lost) else 0.0
            self.known[weight] = (max(0.0, mean), error)
        return self.known[weight]


def _measure(pool: CandidatePool, alone: Scenario, control: str) -> EffortCurve:
    n_people = min(pool.n_users, MOST_PEOPLE)
    users = np.arange(n_people) * pool.n_users // max(n_people, 1)
    costs = _Costs(pool, alone, control, users)
    turned: dict[str, Any] = {control: 1.0}
    steps = make_plan(pool, replace(alone, **turned)).group.steps
    weights = np.array([0.0, *steps] if steps else GRID)
    both = np.array([costs.both(float(weight)) for weight in weights])
    return EffortCurve(
        cost_at=costs.at,
        weights=weights,
        efforts=both[:, 0],
        is_stepped=bool(steps),
        sampling_error=float(both[:, 1].max()) if n_people < pool.n_users else 0.0,
        n_people=n_people,
    )


def effective_weights(scenario: Scenario) -> dict[str, float]:
    """Return the share of every weight in the sum of weights, relevance counting 1.

    Weights are used as they stand; this only says what they amount to beside each other. People
    fairness is not a term but scales the others; item fairness is a term only by weight: FA*IR is
    a constraint, and the lifts of target and max-min are solved for, see ``RerankPlan.group``.

    Returns
    -------
    dict of str to float
        Term → share; they sum to 1.

    Examples
    --------
    >>> effective_weights(Scenario(diversity=0.6, freshness=0.4))["relevance"]
    0.5
    """
    weights = {"relevance": 1.0} | {
        name: getattr(scenario, name) if term.is_in_sum(scenario) else 0.0
        for name, term in TERMS.items()
        if term.part
    }
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}
