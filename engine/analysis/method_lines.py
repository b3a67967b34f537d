"""Methods of diversity as lines: what each buys at every weight, on the same two axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.analysis.aims import Aim
from engine.analysis.panel import confirming
from engine.analysis.readings import Readings
from engine.analysis.trials import Told, evaluate_many
from engine.artifacts import Artifacts
from engine.controls import CONTROLS, Choice
from engine.metrics.audience import audience_of
from engine.scenario import NEUTRAL, Scenario

__all__ = ["MethodLine", "method_lines"]

WEIGHTS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, eq=False)
class MethodLine:
    """One method at rising weights.

    Attributes
    ----------
    method : str
    label : str
    scenarios : tuple of Scenario
        The weight 0 first.
    readings : tuple of Readings
    """

    method: str
    label: str
    scenarios: tuple[Scenario, ...]
    readings: tuple[Readings, ...]

    def at_cost(self, level: float) -> float:
        """First aim where the second has this value, between the settings tried; NaN beyond them.

        Weights of different methods mean different things; what they buy at the same price can be
        compared.
        """
        bought = np.array([one.value[0] for one in self.readings])
        price = np.array([one.value[1] for one in self.readings])
        order = np.argsort(price, kind="stable")
        found = np.interp(level, price[order], bought[order], left=np.nan, right=np.nan)
        return float(found)


def method_lines(
    artifacts: Artifacts,
    origin: Scenario,
    aims: Sequence[Aim | str],
    *,
    baseline: Scenario = NEUTRAL,
    tell: Told = lambda _: None,
) -> tuple[MethodLine, ...]:
    """Try every method of diversity at rising weights on everyone, or on so many as confirm a map.

    Parameters
    ----------
    artifacts : Artifacts
    origin : Scenario
        Has all other controls.
    aims : sequence of Aim or text
        What is bought, then what it costs.
    baseline : Scenario
        At the origin's list length.
    tell : callable
        Hears the share done.
    """
    control = CONTROLS["diversity_method"]
    assert isinstance(control, Choice)
    off = replace(origin, name="", diversity=0.0)
    ladders = {
        method: (off, *(replace(off, diversity=w, diversity_method=method) for w in WEIGHTS))
        for method in control.options
    }
    everything = [scenario for ladder in ladders.values() for scenario in ladder]
    baseline = replace(baseline, k=origin.k)
    users = confirming(audience_of(artifacts))
    trials = evaluate_many(artifacts, everything, aims, users=users, baseline=baseline, tell=tell)
    found = trials.found
    return tuple(
        MethodLine(method, label, ladders[method], tuple(found[s] for s in ladders[method]))
        for method, label in control.options.items()
    )
