"""How the answer of a simulated year changes with what is assumed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from engine.analysis.trials import Told
from engine.artifacts import Artifacts
from engine.simulate.choice_models import CASCADE, POSITION
from engine.simulate.fork import Parting, partings
from engine.simulate.loop import run_year
from engine.simulate.loop_config import Arm, LoopConfig
from engine.simulate.world import assumptions_for, world_of
from engine.simulate.year import Year

__all__ = ["Assumed", "partings_assumed", "run_assumptions"]


@dataclass(frozen=True, eq=False)
class Assumed:
    """One year under one assumption and one model of attention."""

    assumption: str
    attention: str
    year: Year


def run_assumptions(
    artifacts: Artifacts,
    arms: tuple[Arm, Arm],
    config: LoopConfig,
    *,
    tell: Told = lambda _: None,
) -> tuple[Assumed, ...]:
    """Run the baseline and a setting under every assumption, with two models of attention each."""
    cases = list(product(assumptions_for(artifacts), (POSITION, CASCADE)))
    found: list[Assumed] = []
    worlds = {}
    for number, (assumption, attention) in enumerate(cases):

        def heard(share: float, number: int = number) -> None:
            tell((number + share) / len(cases))

        if assumption not in worlds:
            worlds = {assumption: world_of(artifacts, assumption)}
        case = replace(config, assumption=assumption, attention=attention)
        year = run_year(artifacts, arms, case, world=worlds[assumption], tell=heard)
        found.append(Assumed(assumption, attention, year))
    return tuple(found)


def partings_assumed(
    found: tuple[Assumed, ...], attribute: str
) -> list[tuple[Assumed, list[Parting]]]:
    """Return how the setting parts from the baseline in each case."""
    return [(one, partings(one.year, 1, attribute)) for one in found]
