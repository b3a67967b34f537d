"""One group's standing against the reference: what the words, the table and the chart read."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.metrics.reference_disparity import Verdict

__all__ = ["Finding", "Span", "lowest"]


@dataclass(frozen=True)
class Span:
    """A figure with its 95 % interval; NaN where undefined."""

    value: float
    low: float
    high: float

    @property
    def is_known(self) -> bool:
        """True where the figure and both ends are finite."""
        return all(math.isfinite(end) for end in (self.value, self.low, self.high))

    def inverse(self) -> Span:
        """Return the interval of the inverse, for a positive figure."""
        return Span(1 / self.value, 1 / self.high, 1 / self.low)


@dataclass(frozen=True)
class Finding:
    """One group of people against the reference.

    Attributes
    ----------
    group, reference : str
        Names; the reference's reads after "than for".
    n, n_undefined : int
        People with a value, and without.
    value : Span
        The group's mean.
    reference_value : float
        The reference's mean.
    ratio, difference : Span
        Group over, and minus, reference.
    p_holm : float
        Corrected over ``n_compared`` groups.
    n_compared : int
    verdict : Verdict
    higher_is_better : bool or None
        None where neither direction is better.
    """

    group: str
    reference: str
    n: int
    n_undefined: int
    value: Span
    reference_value: float
    ratio: Span
    difference: Span
    p_holm: float
    n_compared: int
    verdict: Verdict
    higher_is_better: bool | None = True

    @property
    def is_lower(self) -> bool:
        """True where the group's mean is below the reference's."""
        return self.difference.value < 0

    @property
    def standing(self) -> str:
        """How the group is served: "clearly worse", "clearly better" or "not clear"."""
        if not self.verdict.is_clear or self.higher_is_better is None:
            return "not clear"
        return "clearly worse" if self.is_lower == self.higher_is_better else "clearly better"

    @property
    def judgement(self) -> str:
        """The verdict as one would say it of this metric: worse and better where it has them."""
        if not self.verdict.is_clear or self.higher_is_better is None:
            return str(self.verdict)
        is_beyond = self.verdict in (Verdict.BELOW_BAND, Verdict.ABOVE_BAND)
        return f"{self.standing}, beyond the band" if is_beyond else self.standing


def lowest(findings: tuple[Finding, ...]) -> Finding | None:
    """Return the group with the lowest ratio to the reference."""
    known = [finding for finding in findings if finding.ratio.is_known]
    return min(known, key=lambda finding: finding.ratio.value, default=None)
