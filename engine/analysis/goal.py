"""A goal's settings, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.analysis.aims import Aim
from engine.analysis.constraints import Part
from engine.analysis.goal_search import Attempt
from engine.analysis.shortfall import Shortfall
from engine.errors import ScenarioError
from engine.scenario import Scenario

__all__ = ["CONFIRM", "Offer", "Solution", "SolveConfig"]

CONFIRM = ("half", "everyone")


@dataclass(frozen=True)
class SolveConfig:
    """How a goal is sought.

    Parameters
    ----------
    n_settings : int
        Settings tried in the search.
    n_people : int
        The search looks at no more than this many of its half.
    n_offers : int
        At most so many are confirmed.
    confidence : float
        That all limits hold, together.
    confirm : str
        ``half``: on the people that the search did not look at. ``everyone``: on all of them, the
        searched ones too, which is surer of each figure but knows the winner's curse.
    seed : int
    """

    n_settings: int = 240
    n_people: int = 2_000
    n_offers: int = 12
    confidence: float = 0.95
    confirm: str = "half"
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0.5 <= self.confidence < 1:
            raise ScenarioError(
                f"The confidence must be from 50 % to below 100 %; got {100 * self.confidence:g} %."
            )
        if self.confirm not in CONFIRM:
            raise ScenarioError(f"Confirm on one of {', '.join(CONFIRM)}; got {self.confirm!r}.")


@dataclass(frozen=True, eq=False)
class Offer:
    """A setting with what it reached where it was searched and where it was confirmed.

    Attributes
    ----------
    scenario : Scenario
    searched, confirmed : Attempt
    """

    scenario: Scenario
    searched: Attempt
    confirmed: Attempt

    @property
    def optimism(self) -> float:
        """What the search promised of the aim beyond what was confirmed, as changes."""
        return float(self.searched.reached.change[0] - self.confirmed.reached.change[0])


@dataclass(frozen=True, eq=False)
class Solution:
    """The answer to a goal.

    Attributes
    ----------
    aim : Aim
    sign : float
        1 for most, -1 for least.
    parts : tuple of Part
        The limits, one by one.
    shown : Offer or None
        The best setting that is shown to keep all limits.
    estimated : Offer or None
        The best setting that keeps them by estimate on both halves, where it reaches more than
        ``shown``. Its limits are not shown to hold: testing stopped at a surer offer, even where
        this one's own bounds happen to clear the limits.
    nearest : Offer or None
        Where nothing keeps all limits, what comes nearest.
    shortfalls : tuple of Shortfall
        Where nothing keeps all limits: by how much each would have to give, the others kept.
    notes : tuple of str
        Sentences: groups left out and the like.
    n_searched, n_confirmed, n_settings : int
        People of each step, and settings tried.
    confidence : float
    confirm : str
    fit_id : str
    """

    aim: Aim
    sign: float
    parts: tuple[Part, ...]
    shown: Offer | None
    estimated: Offer | None
    nearest: Offer | None
    shortfalls: tuple[Shortfall, ...]
    notes: tuple[str, ...]
    n_searched: int
    n_confirmed: int
    n_settings: int
    confidence: float
    confirm: str
    fit_id: str

    @property
    def binding(self) -> Part | None:
        """The limit that stands nearest to being broken by the answer."""
        offer = self.shown or self.estimated
        if offer is None or not self.parts:
            return None
        found = offer.searched.margins
        with np.errstate(divide="ignore", invalid="ignore"):
            sure = np.where(found.error > 0, found.margin / found.error, np.inf)
        return self.parts[int(np.argmin(sure))]
