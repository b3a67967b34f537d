"""Whether a log can answer at all: looked at before any estimate."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from engine.data.wording import counted
from engine.formats import percent

__all__ = ["LEAST_EFFECTIVE", "Support", "effective", "support_of"]

RARE = 0.001
"""Propensities below it are counted."""

FAR, SURE = 0.1, 4.0
"""How far from 1 weights may average, and in how many standard errors, before it is said."""

LEAST_EFFECTIVE = 50.0
"""Fewer effective contexts, and no estimate is given."""

LEAST_SHARE = 0.005
"""And no smaller share of the log."""


@dataclass(frozen=True)
class Support:
    """How much of a log speaks of a policy.

    Attributes
    ----------
    n : int
        Contexts.
    effective : float
        ``(Σ w)² / Σ w²``: as many even weights would be as sure (Kish 1965).
    largest : float
        Largest weight.
    mean_weight : float
        1 where the propensities are right and all that the policy does was logged.
    rare : float
        Share of contexts whose propensity is below :data:`RARE`.
    outside : float
        Share of the policy's chances that lies on what was never logged; NaN where unknown.
    """

    n: int
    effective: float
    largest: float
    mean_weight: float
    rare: float
    outside: float = np.nan

    @property
    def refusal(self) -> str:
        """Why the log cannot answer; empty where it can."""
        if self.effective < LEAST_EFFECTIVE or self.effective < LEAST_SHARE * self.n:
            return (
                f"The log cannot answer: its {counted(self.n, 'context')} are worth "
                f"{self.effective:.0f} for this policy, and at least {LEAST_EFFECTIVE:.0f} (and "
                f"{percent(LEAST_SHARE, 1)} of them) are needed; raise the temperature, take a "
                "setting nearer to what was logged, or log more."
            )
        return ""

    @property
    def words(self) -> str:
        """The same in a sentence."""
        said = (
            f"{counted(self.n, 'context')}, worth {self.effective:,.0f} for this policy; largest "
            f"weight {self.largest:.3g}, mean {self.mean_weight:.3f}; {percent(self.rare, 1)} of "
            f"contexts have a propensity below {RARE:g}."
        )
        if self.outside > 0:
            said += f" {percent(self.outside, 1)} of what the policy does was never logged."
        if self.is_off:
            said += (
                f" Weights average {self.mean_weight:.3f} and not 1, by more than chance: "
                "the propensities are not those that these people were shown titles with, or much "
                "of what the policy does was not logged. IPW is off by as much."
            )
        return said

    @property
    def is_off(self) -> bool:
        """Whether weights do not average 1: by more than a tenth, and than chance would."""
        if not self.effective > 0:
            return False
        error = self.mean_weight * sqrt(max(1 / self.effective - 1 / self.n, 0.0))
        away = abs(self.mean_weight - 1)
        return away > FAR and away > SURE * error


def effective(weight: NDArray[np.float64]) -> float:
    """Return the effective sample size; 0 where no weight is above 0.

    >>> effective(np.array([1.0, 1.0, 0.0, 0.0]))
    2.0
    """
    squares = float((weight**2).sum())
    return float(weight.sum()) ** 2 / squares if squares else 0.0


def support_of(
    weight: NDArray[np.float64], propensity: NDArray[np.float64], *, outside: float = np.nan
) -> Support:
    """Measure the support of a policy in a log; arrays of shape (n,)."""
    return Support(
        n=len(weight),
        effective=effective(weight),
        largest=float(weight.max(initial=0.0)),
        mean_weight=float(weight.mean()) if len(weight) else np.nan,
        rare=float((propensity < RARE).mean()) if len(propensity) else np.nan,
        outside=outside,
    )
