"""How long the loop runs, how often it learns, and what runs in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors import ScenarioError
from engine.scenario import NEUTRAL, Scenario
from engine.simulate.choice_models import FROM_LOG, POSITION, choice_model

__all__ = ["MOST_SLOTS", "Arm", "LoopConfig"]

MOST_SLOTS = 5
LIMITS = {"rounds": (1, 520), "seeds": (1, 50), "refit_every": (1, 520)}


@dataclass(frozen=True)
class Arm:
    """One way of making lists, run through the loop.

    Attributes
    ----------
    label : str
    scenario : Scenario
    slots : int
        Exploration places at the end of each list.
    """

    label: str
    scenario: Scenario = field(default=NEUTRAL)
    slots: int = 0

    def __post_init__(self) -> None:
        most = min(MOST_SLOTS, self.scenario.k)
        if not 0 <= self.slots <= most:
            raise ScenarioError(
                f"A list of {self.scenario.k} has from 0 to {most} exploration places; got "
                f"{self.slots}."
            )


@dataclass(frozen=True)
class LoopConfig:
    """Settings of a simulated year.

    Attributes
    ----------
    rounds : int
        Visits of everybody; 50 are about a year of weeks.
    seeds : int
        Repetitions, each with its own luck, shared by all arms.
    refit_every : int
        Rounds after which popularity and factors are learned anew.
    attention : str
        Key of :data:`engine.simulate.choice_models.CHOICE_MODELS`, or ``log``.
    assumption : str or None
        Key of :data:`engine.simulate.world.ASSUMPTIONS`; None takes the best founded one.
    first_seed : int
    """

    rounds: int = 50
    seeds: int = 5
    refit_every: int = 10
    attention: str = POSITION
    assumption: str | None = None
    first_seed: int = 0

    def __post_init__(self) -> None:
        if self.attention != FROM_LOG:
            choice_model(self.attention)
        for name, (least, most) in LIMITS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise ScenarioError(
                    f"`{name}` of a simulated year must be from {least} to {most}; got {value}."
                )
