"""How far a setting is on the right side of each limit, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import special

from engine.analysis.constraints import Part
from engine.analysis.panel import Panel
from engine.metrics.intervals import jackknife_error
from engine.metrics.registry import AUDIENCE_METRICS, METRICS
from engine.metrics.user_matrix import Measured

__all__ = ["ROUNDING", "Margins", "Row", "margin_row", "margins", "stacked"]

Floats = NDArray[np.float64]

Sides = Callable[[Floats, Floats], Floats]
"""Values now and before → how far each is on the right side; works on arrays of any shape."""

Row = tuple[float, float, float, float, float]
"""Margin, error, degrees of freedom, value now, value before."""

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
    together : int
        Limits that are judged together, these among them; these alone by default.
    """

    margin: Floats
    error: Floats
    freedom: NDArray[np.int64]
    value: Floats
    before: Floats
    together: int = 0

    @property
    def n_judged(self) -> int:
        """Limits that the correction is for."""
        return max(1, self.together or len(self.margin))

    def certain(self, confidence: float) -> Floats:
        """Lower bounds of the margins that hold all at once with this confidence.

        One-sided Student's t, each at ``(1 − confidence) / n_judged`` (Bonferroni).
        """
        return self.margin - self._half(confidence)

    def is_broken(self, confidence: float) -> NDArray[np.bool_]:
        """Whether each limit is broken, all of those said at once with this confidence."""
        return self.margin + self._half(confidence) < -ROUNDING

    def _half(self, confidence: float) -> Floats:
        level = 1 - (1 - confidence) / self.n_judged
        t = special.stdtrit(np.maximum(self.freedom, 1).astype(float), level)
        return np.where(self.error > 0, t * self.error, 0.0)

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
    return stacked(
        margin_row(
            panel, measured, part.constraint.metric, partial(_sides, part), _who(panel, part)
        )
        for part in parts
    )


def stacked(rows: Iterable[Row], together: int = 0) -> Margins:
    """Return margins that were measured one by one."""
    table = np.array(list(rows), dtype=np.float64).reshape(-1, 5).T
    freedom = table[2].astype(np.int64)
    return Margins(table[0], table[1], freedom, table[3], table[4], together)


def margin_row(
    panel: Panel,
    measured: Measured,
    metric: str,
    sides: Sides,
    who: NDArray[np.bool_] | None = None,
) -> Row:
    """Measure one metric of lists against one limit; O(people).

    Parameters
    ----------
    panel : Panel
    measured : Measured
        Lists of the panel's people.
    metric : str
        Key of ``METRICS``.
    sides : callable
        Values now and before → how far on the right side; linear in both.
    who : bool array of shape (n_people,), optional
        Of these people alone; everyone by default.
    """
    if METRICS[metric].scope == "audience":
        return _of_audience(panel, measured, metric, sides)
    return _of_people(panel, measured, metric, sides, who)


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


def _who(panel: Panel, part: Part) -> NDArray[np.bool_] | None:
    if not part.label:
        return None
    attribute = part.constraint.attribute
    code = panel.audience.attributes[attribute].index(part.label)
    return panel.audience.codes(attribute)[panel.users] == code


def _of_people(
    panel: Panel, measured: Measured, metric: str, sides: Sides, who: NDArray[np.bool_] | None
) -> Row:
    now = measured.column(metric).astype(np.float64)
    before = panel.before.column(metric).astype(np.float64)
    side = sides(now, before)
    chosen = ~np.isnan(side)
    if who is not None:
        chosen &= who
    n = int(chosen.sum())
    if n < 2:
        return (np.nan, np.nan, 0, np.nan, np.nan)
    side = side[chosen]
    error = side.std(ddof=1) / np.sqrt(n)
    return (side.mean(), error, n - 1, now[chosen].mean(), before[chosen].mean())


def _of_audience(panel: Panel, measured: Measured, metric: str, sides: Sides) -> Row:
    at = AUDIENCE_METRICS.index(metric)
    now, before = measured.replicates[:, at], panel.before.replicates[:, at]
    side = sides(now, before)
    error, freedom = jackknife_error(side[:, None])
    if freedom < 1 or np.isnan(side[0]):
        return (np.nan, np.nan, 0, now[0], before[0])
    return (side[0], error[0], freedom, now[0], before[0])
