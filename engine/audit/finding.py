"""One group's standing against the reference: what the words, the table and the chart read."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from pandas.api.typing import NAType

from engine.metrics.statistics.evidence import is_rounding
from engine.metrics.statistics.verdict import Verdict, Word

__all__ = ["NOT_CLEAR", "Finding", "Span", "lowest"]

NOT_CLEAR = "not clear"
"""The standing of a group that does not clearly differ."""

UNCLEAR = {
    Word.NOT_CLEAR: "no clear difference",
    Word.AS_BEFORE: "no difference",
    Word.UNDEFINED: "cannot be compared",
}
"""Words of a verdict that is about a change → about a difference between groups."""


@dataclass(frozen=True)
class Span:
    """A figure with its interval; NaN where undefined."""

    value: float
    low: float
    high: float

    @property
    def is_known(self) -> bool:
        """True where the figure and both ends are finite."""
        return all(math.isfinite(end) for end in (self.value, self.low, self.high))

    def inverse(self) -> Span:
        """Return the interval of the inverse, for a positive figure."""
        return Span(
            1 / self.value,
            1 / self.high if self.high else math.inf,
            1 / self.low if self.low else math.inf,
        )


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
        The group's mean with its 95 % interval.
    reference_value : float
        The reference's mean.
    ratio, difference : Span
        Group over, and minus, reference, with the intervals of the test behind the verdict.
    verdict : Verdict
        Corrected over ``n_compared`` groups.
    n_compared : int
    detectable : float
        The difference that the test would have found four times in five.
    is_reference, is_hidden, is_beyond : bool
        The reference itself; suppressed; clear and beyond the band.
    """

    group: str
    reference: str
    n: int
    n_undefined: int
    value: Span
    reference_value: float
    ratio: Span
    difference: Span
    verdict: Verdict
    n_compared: int
    detectable: float = math.nan
    is_reference: bool = False
    is_hidden: bool = False
    is_beyond: bool = False

    @property
    def people(self) -> int | NAType:
        """People with a value as outputs tell them: not of a group that is not shown.

        Of one that is too small its size says who is in it as well as its mean does; of one that
        gives a smaller one away, by what is left of everybody.
        """
        return pd.NA if self.is_hidden else self.n

    @property
    def without_value(self) -> int | NAType:
        """People without a value, told as :attr:`people` are."""
        return pd.NA if self.is_hidden else self.n_undefined

    @property
    def is_clear(self) -> bool:
        """True where a difference was found beyond the noise."""
        return self.verdict.is_clear

    @property
    def is_judged(self) -> bool:
        """True where the difference was tested."""
        return not math.isnan(self.verdict.p_adjusted)

    @property
    def is_lower(self) -> bool:
        """True where the group's mean is below the reference's."""
        return self.difference.value < 0

    @property
    def standing(self) -> str:
        """How the group is served: "clearly worse", "clearly higher" … or "not clear"."""
        return f"clearly {self.verdict.word}" if self.is_clear else NOT_CLEAR

    @property
    def judgement(self) -> str:
        """The verdict as one would say it of a group."""
        if self.is_reference:
            return "reference"
        if self.is_hidden:
            return (
                str(Word.TOO_FEW_PEOPLE) if self.verdict.word is Word.TOO_FEW_PEOPLE else "hidden"
            )
        if not self.is_clear:
            return UNCLEAR.get(self.verdict.word, str(self.verdict.word))
        return f"{self.standing}, beyond the band" if self.is_beyond else self.standing


def lowest(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the groups with the lowest mean, the reference included; several where they tie."""
    shown = [one for one in findings if not one.is_hidden and math.isfinite(one.value.value)]
    least = min((one.value.value for one in shown), default=math.nan)
    return tuple(one for one in shown if is_rounding(one.value.value - least, least))
