"""Many settings tried on the same people: the base of sweeps and searches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.analysis.aims import Aim, check_aim
from engine.analysis.panel import Panel, make_panel
from engine.analysis.readings import Readings, read
from engine.artifacts import Artifacts
from engine.errors import ScenarioError, StudioError
from engine.metrics.registry import METRICS
from engine.metrics.user_matrix import Settings
from engine.scenario import NEUTRAL, Scenario

__all__ = ["CancelledError", "Told", "Trials", "checked_aims", "evaluate_many"]

Told = Callable[[float], None]
"""Hears the share done in [0, 1]; raises :class:`CancelledError` to stop."""


class CancelledError(StudioError):
    """Somebody stopped a sweep or a search; what was found until then is kept by the caller."""


@dataclass
class Trials:
    """Settings tried on one panel, each once.

    Attributes
    ----------
    panel : Panel
    aims : tuple of Aim
    found : dict
        Setting → :class:`Readings`, in the order in which they were tried.
    """

    panel: Panel
    aims: tuple[Aim, ...]
    found: dict[Scenario, Readings] = field(default_factory=dict)

    def of(self, scenario: Scenario) -> Readings:
        """Try a setting, or take what was found before."""
        known = self.found.get(scenario)
        if known is None:
            measured = self.panel.measure(scenario, {aim.metric for aim in self.aims})
            known = read(self.panel, measured, self.aims)
            self.found[scenario] = known
        return known

    def run(self, scenarios: Iterable[Scenario], tell: Told = lambda _: None) -> None:
        """Try settings one after the other; between two, ``tell`` may stop it."""
        todo = [scenario for scenario in scenarios if scenario not in self.found]
        for number, scenario in enumerate(todo):
            tell(number / len(todo))
            self.of(scenario)
        tell(1.0)

    def values(self, scenarios: Sequence[Scenario] | None = None) -> NDArray[np.float64]:
        """Values of all aims, float64 of shape (n_settings, n_aims)."""
        chosen = self.found if scenarios is None else scenarios
        rows = [self.found[scenario].value for scenario in chosen]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.aims))


def evaluate_many(
    artifacts: Artifacts,
    scenarios: Iterable[Scenario],
    aims: Sequence[Aim | str],
    *,
    users: NDArray[np.integer] | None = None,
    baseline: Scenario = NEUTRAL,
    settings: Settings | None = None,
    tell: Told = lambda _: None,
) -> Trials:
    """Measure many settings against one baseline, and keep only the numbers asked for.

    Parameters
    ----------
    artifacts : Artifacts
    scenarios : iterable of Scenario
    aims : sequence of Aim or text
        What to keep of each; see :class:`engine.analysis.aims.Aim`.
    users : integer array, optional
        Only these people.
    baseline : Scenario
    settings : Settings, optional
        How to measure.
    tell : callable
        Hears the share done.

    Raises
    ------
    ScenarioError
        An aim or a setting does not fit the data.
    """
    panel = make_panel(artifacts, users=users, baseline=baseline, settings=settings)
    trials = Trials(panel, checked_aims(panel, aims))
    trials.run(scenarios, tell)
    return trials


def checked_aims(panel: Panel, aims: Sequence[Aim | str]) -> tuple[Aim, ...]:
    """Read aims and refuse those that these people have no value of."""
    parsed = tuple(aim if isinstance(aim, Aim) else Aim.parse(aim) for aim in aims)
    for aim in parsed:
        check_aim(panel.audience, aim)
    for aim, value in zip(parsed, read(panel, panel.before, parsed).value, strict=True):
        if np.isnan(value):
            why = METRICS[aim.metric].undefined
            if aim.over != "everyone":
                why = f"the groups of {aim.attribute} are too small, or {why}"
            raise ScenarioError(f"{aim.words} is undefined on these data: {why}.")
    return parsed
