"""As good as the baseline: shown within a margin, which "no clear change" is not.

Of a metric with a better direction it is shown that it is at most so much worse (non-inferiority);
of one without, that it is at most so much lower and at most so much higher (two one-sided tests,
Schuirmann 1987).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from engine.analysis.answer import people_needed
from engine.analysis.margins import ROUNDING, Margins, Row, margin_row, stacked
from engine.analysis.panel import Panel
from engine.decision.answers import Answer
from engine.metrics.registry import METRICS
from engine.metrics.user_matrix import Measured

__all__ = ["Equivalence", "equivalences"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Equivalence:
    """What can be said of a metric's change against a margin.

    Attributes
    ----------
    metric : str
    share : float
        The margin, as a share of the baseline's value.
    is_one_sided : bool
        Only worse counts, not better.
    answer : Answer
        ``PASS``: within the margin, shown. ``FAIL``: beyond it, shown.
    needed : int or None
        People that would show what the estimate says.
    """

    metric: str
    share: float
    is_one_sided: bool
    answer: Answer
    needed: int | None

    @property
    def words(self) -> str:
        """Say it: ``at most 1 % worse: shown``."""
        share = f"{100 * self.share:.3g} %"
        if self.answer is Answer.FAIL:
            return f"more than {share} {'worse' if self.is_one_sided else 'off'}: shown"
        if self.answer is Answer.PASS:
            return f"{f'at most {share} worse' if self.is_one_sided else f'within {share}'}: shown"
        if self.needed is None:
            return "cannot tell; the estimate is beyond it"
        return f"cannot tell: {self.needed:,} people would be needed"


def equivalences(
    panel: Panel,
    measured: Measured,
    metrics: Sequence[str],
    *,
    share: float,
    confidence: float,
    together: int,
) -> dict[str, Equivalence]:
    """Hold each metric's change against a margin; O(people) a metric.

    Parameters
    ----------
    panel : Panel
        Everyone, with the baseline.
    measured : Measured
        The lists of the same people.
    metrics : sequence of str
    share : float
        The margin.
    confidence : float
        Of all that is said to be shown, together.
    together : int
        How much is judged together (Bonferroni).
    """
    found = {}
    for name in metrics:
        is_one_sided = bool(METRICS[name].good_way)
        rows = _rows(panel, measured, name, share)
        sides = stacked(rows, together)
        worst = int(np.argmin(sides.certain(confidence)))  # both have to hold
        found[name] = Equivalence(
            name,
            share,
            is_one_sided,
            _answer(sides, confidence),
            people_needed(sides, worst, confidence, len(panel.users)),
        )
    return found


def _rows(panel: Panel, measured: Measured, name: str, share: float) -> list[Row]:
    """Measure how far the change is from each end of the margin that counts."""
    before = margin_row(panel, measured, name, lambda now, _old: now)[4]
    room = share * (-1.0 if before < 0 else 1.0)

    def above_the_lower(now: Floats, old: Floats) -> Floats:
        return now - (1 - room) * old

    def below_the_upper(now: Floats, old: Floats) -> Floats:
        return (1 + room) * old - now

    sides = {"higher": [above_the_lower], "lower": [below_the_upper]}
    counted = sides.get(METRICS[name].good_way, [above_the_lower, below_the_upper])
    return [margin_row(panel, measured, name, side) for side in counted]


def _answer(sides: Margins, confidence: float) -> Answer:
    if any(isnan(margin) for margin in sides.margin):
        return Answer.OPEN
    if (sides.certain(confidence) >= -ROUNDING).all():
        return Answer.PASS
    return Answer.FAIL if sides.is_broken(confidence).any() else Answer.OPEN
