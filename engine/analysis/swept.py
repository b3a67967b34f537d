"""What a sweep is asked, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass

from engine.analysis.aims import Aim, better_sign
from engine.analysis.panel import ENOUGH
from engine.analysis.readings import Readings
from engine.analysis.space import Space
from engine.errors import ScenarioError
from engine.scenario import Scenario

__all__ = ["Mapped", "Sweep", "SweepConfig"]


@dataclass(frozen=True)
class SweepConfig:
    """How a space is searched.

    Parameters
    ----------
    n_settings : int
        Settings tried on the sample, at least 8.
    n_people : int
        People of the sample; with fewer in the data, everything is exact at once.
    share_of_design : float
        Part of the settings that are spread evenly; the others refine the front.
    n_rounds : int
        Rounds of refinement.
    n_confirmed : int
        At most so many settings are measured again.
    n_confirming : int
        On everyone, where these are not more people; else on a sample of so many.
    near : float
        A setting is near the front if no other is better by this many standard errors of the
        paired change in every axis.
    seed : int
    """

    n_settings: int = 300
    n_people: int = 2_000
    share_of_design: float = 0.4
    n_rounds: int = 6
    n_confirmed: int = 60
    n_confirming: int = ENOUGH
    near: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.n_settings < 8:
            raise ScenarioError(f"A sweep tries at least 8 settings; got {self.n_settings}.")


@dataclass(frozen=True, eq=False)
class Mapped:
    """One setting of a sweep.

    Attributes
    ----------
    scenario : Scenario
    readings : Readings
        Of those who confirm where ``is_confirmed``, else of the sample.
    is_confirmed : bool
    sampled : Readings or None
        What the sample had said, where it was measured again after that.
    is_on_front : bool
        Among the confirmed ones, no other is better in both axes.
    """

    scenario: Scenario
    readings: Readings
    is_confirmed: bool
    sampled: Readings | None
    is_on_front: bool


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a sweep found.

    Attributes
    ----------
    aims : tuple of Aim
        The first two are the axes of the front; the others were measured along.
    space : Space
    settings : tuple of Mapped
        In the order tried: the space's origin first.
    baseline : Scenario
    n_people, n_sampled, n_confirming : int
        Of everyone, of the sample, and of those on whom the front was measured again.
    """

    aims: tuple[Aim, ...]
    space: Space
    settings: tuple[Mapped, ...]
    baseline: Scenario
    n_people: int
    n_sampled: int
    n_confirming: int

    @property
    def front(self) -> tuple[Mapped, ...]:
        """The confirmed settings that none dominates, best in the first aim first."""
        sign = better_sign(self.aims[0])
        found = [mapped for mapped in self.settings if mapped.is_on_front]
        return tuple(sorted(found, key=lambda m: -sign * m.readings.value[0]))
