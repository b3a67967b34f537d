"""The search of a goal: settings with much of the aim that keep the limits, by estimate."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.analysis.aims import Aim
from engine.analysis.constraints import Part
from engine.analysis.front import is_on_front
from engine.analysis.margins import Margins, margins
from engine.analysis.panel import Panel
from engine.analysis.readings import Readings, read
from engine.analysis.space import Space
from engine.analysis.trials import Told
from engine.scenario import Scenario

__all__ = ["Attempt", "GoalTrials", "ladder", "search"]


@dataclass(frozen=True, eq=False)
class Attempt:
    """What one setting reached.

    Attributes
    ----------
    reached : Readings
        Of the aim alone.
    margins : Margins
        Of every part of the limits.
    """

    reached: Readings
    margins: Margins


@dataclass
class GoalTrials:
    """Settings tried on one panel for one goal, each once.

    Attributes
    ----------
    panel : Panel
    aim : Aim
    sign : float
        1 to have most of the aim, -1 to have least.
    parts : tuple of Part
    found : dict
    """

    panel: Panel
    aim: Aim
    sign: float
    parts: tuple[Part, ...]
    found: dict[Scenario, Attempt] = field(default_factory=dict)

    def of(self, scenario: Scenario) -> Attempt:
        """Try a setting, or take what was found before."""
        known = self.found.get(scenario)
        if known is None:
            metrics = {self.aim.metric, *(part.constraint.metric for part in self.parts)}
            measured = self.panel.measure(scenario, metrics)
            known = Attempt(
                read(self.panel, measured, (self.aim,)), margins(self.panel, measured, self.parts)
            )
            self.found[scenario] = known
        return known

    def goods(self) -> NDArray[np.float64]:
        """Return what each setting reached, more is better, float64 of shape (n_settings,)."""
        values = [attempt.reached.value[0] for attempt in self.found.values()]
        return self.sign * np.array(values)

    def sureties(self) -> NDArray[np.float64]:
        """Least margin of each in standard errors, float64 of shape (n_settings,)."""
        return np.array([attempt.margins.surety for attempt in self.found.values()])


def search(
    trials: GoalTrials, space: Space, n: int, *, seed: int, tell: Told = lambda _: None
) -> None:
    """Try up to ``n`` settings: spread ones, then next to the best, nearer each round.

    Few settings of a wide space keep tight limits, and those lie near the origin: half of the first
    ones are drawn towards it. What counts as best is taken at several sureties, since those that
    barely keep the limits here may break them on other people.

    Parameters
    ----------
    trials : GoalTrials
    space : Space
    n : int
    seed : int
    tell : callable
        Hears the share done, and may stop the search by raising.
    """
    rng = np.random.default_rng([seed, 2])
    n = min(n, space.size)
    for scenario in _first(space, max(4, n // 3), seed=seed):
        tell(min(1.0, len(trials.found) / n))
        trials.of(scenario)
    reach = 0.2
    while len(trials.found) < n:
        fresh = _next(trials, space, min(16, n - len(trials.found)), reach=reach, rng=rng)
        if not fresh:
            break
        for scenario in fresh:
            tell(len(trials.found) / n)
            trials.of(scenario)
        reach = max(0.03, 0.8 * reach)
    tell(1.0)


def _first(space: Space, n: int, *, seed: int) -> list[Scenario]:
    origin, found = space.point(space.origin), {space.origin: None}
    for axis in range(len(space.axes)):
        for place in np.linspace(0, 1 - 1e-9, 6):
            point = origin.copy()
            point[axis] = place
            found.setdefault(space.scenario(point), None)
    for number, scenario in enumerate(space.design(n, seed=seed)):
        pull = (1.0, 0.5, 1.0, 0.2)[number % 4]
        found.setdefault(space.scenario(origin + pull * (space.point(scenario) - origin)), None)
    return list(found)[: max(n, 1 + 6 * len(space.axes))]


AT_SURETIES = (3.0, 2.0, 1.0, 0.0)


def _next(
    trials: GoalTrials, space: Space, n: int, *, reach: float, rng: np.random.Generator
) -> list[Scenario]:
    """Neighbours of the best at each surety, or of what comes nearest to keeping the limits."""
    known = list(trials.found)
    goods, sure = trials.goods(), trials.sureties()
    parents = []
    for least in AT_SURETIES:
        is_sure = (sure >= least) & ~np.isnan(goods)
        if is_sure.any():
            order = np.argsort(-np.where(is_sure, goods, -np.inf), kind="stable")
            parents += order[: min(3, int(is_sure.sum()))].tolist()
    if not parents:
        parents = np.argsort(-sure, kind="stable")[:4].tolist()
    fresh: dict[Scenario, None] = {}
    for number in range(60 * n):
        if len(fresh) >= n:
            break
        at = space.point(known[parents[number % len(parents)]])
        # few axes at a time, so that one can be given up for another
        moved = rng.random(len(at)) < max(0.5, 1 / len(at))
        step = rng.normal(0, reach * (1 + number // (10 * n)), len(at))
        child = space.scenario(np.clip(at + moved * step, 0, 1 - 1e-9))
        if child not in trials.found:
            fresh.setdefault(child, None)
    return list(fresh)


def ladder(trials: GoalTrials, n: int) -> list[Scenario]:
    """List the settings to confirm, the surest first, each reaching more than the one before it."""
    known = list(trials.found)
    goods, sure = trials.goods(), np.minimum(trials.sureties(), 1e6)
    both = np.column_stack([goods, sure])
    rows = np.flatnonzero(is_on_front(both) & (sure >= 0))
    rows = rows[np.argsort(goods[rows], kind="stable")]
    if len(rows) > n:
        rows = rows[np.unique(np.linspace(0, len(rows) - 1, n).round().astype(int))]
    return [known[row] for row in rows]
