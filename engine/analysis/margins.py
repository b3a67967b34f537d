"""How far a setting is on the right side of each limit, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from engine.analysis.constraints import Part
from engine.analysis.panel import Panel
from engine.metrics.intervals import jackknife_error
from engine.metrics.registry import AUDIENCE_METRICS, METRICS
from engine.metrics.user_matrix import Measured

__all__ = ["ROUNDING", "Margins", "margins"]

Floats = NDArray[np.float64]

ROUNDING = 1e-9
"""Less than this beyond a limit is no breach."""


@dataclass(frozen=True, eq=False)
class Margins:
    """Distances from the limits, in the metrics' units; arrays of shape (n_parts,).

    Attributes
    ----------
    margin : float64 array
        Positive on the right side; NaN where undefined, which keeps nothing.
    error : float64 array
        Its standard error over people.
    freedom : int64 array
        Degrees of freedom of the error.
    value, before : float64 arrays
        Now and in the baseline.
    """

    margin: Floats
    error: Floats
    freedom: NDArray[np.int64]
    value: Floats
    before: Floats

    def certain(self, confidence: float) -> Floats:
        """Lower bounds of the margins that hold all at once with this confidence.

        One-sided Student's t, each at ``(1 − confidence) / n_parts`` (Bonferroni).
        """
        level = 1 - (1 - confidence) / max(1, len(self.margin))
        t = special.stdtrit(np.maximum(self.freedom, 1).astype(float), level)
        return np.where(self.error > 0, self.margin - t * self.error, self.margin)

    def holds(self, confidence: float) -> bool:
        """Whether every limit is kept with this confidence."""
        return bool((self.certain(confidence) >= -ROUNDING).all())

    @property
    def is_kept(self) -> bool:
        """Whether every limit is kept by the estimate."""
        return bool((self.margin >= -ROUNDING).all())

    @property
    def surety(self) -> float:
        """The least margin in standard errors; infinite where nothing is uncertain."""
        with np.errstate(divide="ignore", invalid="ignore"):
            sure = np.where(self.error > 0, self.margin / self.error, np.inf * np.sign(self.margin))
        sure = np.where((self.error == 0) & (np.abs(self.margin) <= ROUNDING), np.inf, sure)
        return float(np.min(np.where(np.isnan(self.margin), -np.inf, sure), initial=np.inf))


def margins(panel: Panel, measured: Measured, parts: Sequence[Part]) -> Margins:
    """Measure lists against limits; O(people) a part.

    A loss of at most a share P of a metric that should be high is kept where the mean of
    ``now − (1 − P) · before`` over people is at least 0: one paired mean, so no ratio is estimated.

    Parameters
    ----------
    panel : Panel
    measured : Measured
        Lists of the panel's people.
    parts : sequence of Part
    """
    codes = {
        part.constraint.attribute: panel.audience.codes(part.constraint.attribute)[panel.users]
        for part in parts
        if part.label
    }
    rows = [
        _of_audience(panel, measured, part)
        if METRICS[part.constraint.metric].scope == "audience"
        else _of_people(panel, measured, part, codes)
        for part in parts
    ]
    table = np.array(rows, dtype=np.float64).reshape(len(parts), 5).T
    return Margins(table[0], table[1], table[2].astype(np.int64), table[3], table[4])


def _sides(part: Part, now: Floats, before: Floats) -> Floats:
    """Value minus limit, positive on the right side; works on arrays of any shape."""
    one = part.constraint
    if one.kind == "at_least":
        return now - one.limit
    if one.kind == "at_most":
        return one.limit - now
    if METRICS[one.metric].good_way == "lower":
        return (1 + one.limit) * before - now
    return now - (1 - one.limit) * before


Row = tuple[float, float, float, float, float]


def _of_people(
    panel: Panel, measured: Measured, part: Part, codes: dict[str, NDArray[np.int16]]
) -> Row:
    one = part.constraint
    now = measured.column(one.metric).astype(np.float64)
    before = panel.before.column(one.metric).astype(np.float64)
    sides = _sides(part, now, before)
    chosen = ~np.isnan(sides)
    if part.label:
        labels = panel.audience.attributes[one.attribute]
        chosen &= codes[one.attribute] == labels.index(part.label)
    n = int(chosen.sum())
    if n < 2:
        return (np.nan, np.nan, 0, np.nan, np.nan)
    sides = sides[chosen]
    error = sides.std(ddof=1) / np.sqrt(n)
    return (sides.mean(), error, n - 1, now[chosen].mean(), before[chosen].mean())


def _of_audience(panel: Panel, measured: Measured, part: Part) -> Row:
    at = AUDIENCE_METRICS.index(part.constraint.metric)
    now, before = measured.replicates[:, at], panel.before.replicates[:, at]
    sides = _sides(part, now, before)
    error, freedom = jackknife_error(sides[:, None])
    if freedom < 1 or np.isnan(sides[0]):
        return (np.nan, np.nan, 0, now[0], before[0])
    return (sides[0], error[0], freedom, now[0], before[0])
