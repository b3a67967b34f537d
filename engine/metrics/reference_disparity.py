"""How far each group lies from a reference, and what can be said of it.

Source: Aequitas (Saleiro et al. 2018) for the disparity to a reference group and the band of 0.8
to 1.25 around it; Holm (1979) over the groups compared.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from engine.metrics.group_contrast import REST, Estimate, compare, group_moments
from engine.metrics.intervals import CONFIDENCE, mean_interval
from engine.metrics.verdicts import holm

__all__ = ["BAND", "Disparities", "Verdict", "disparities", "largest_group"]

BAND = (0.8, 1.25)
"""Default band around the reference, as ratios: four fifths and its inverse."""

Floats = NDArray[np.float64]


class Verdict(StrEnum):
    """What can be said of a group against the reference."""

    REFERENCE = "reference"
    BELOW_BAND = "clearly below the band"
    LOWER = "clearly lower"
    NOT_CLEAR = "no clear difference"
    HIGHER = "clearly higher"
    ABOVE_BAND = "clearly above the band"
    SUPPRESSED = "too few people"
    UNTESTABLE = "cannot be tested"

    @property
    def is_clear(self) -> bool:
        """True where a difference was found beyond the noise."""
        return self in (Verdict.BELOW_BAND, Verdict.LOWER, Verdict.HIGHER, Verdict.ABOVE_BAND)


@dataclass(frozen=True, eq=False)
class Disparities:
    """Every group against the reference; arrays of shape (n_groups,), NaN where undefined.

    Attributes
    ----------
    n, n_undefined : int64 arrays
        People with a value, and without one.
    value, low, high : float64 arrays
        Group mean with Student's t interval; NaN for suppressed groups.
    reference_value : float64 array
        Mean of what the group is compared with.
    ratio, difference : Estimate
        Group mean over, and minus, the reference mean, each with interval and p.
    p_holm : float64 array
        The p behind the verdict, corrected over the groups compared.
    verdicts : tuple of Verdict
    """

    n: NDArray[np.int64]
    n_undefined: NDArray[np.int64]
    value: Floats
    low: Floats
    high: Floats
    reference_value: Floats
    ratio: Estimate
    difference: Estimate
    p_holm: Floats
    verdicts: tuple[Verdict, ...]


def largest_group(values: NDArray[np.floating], codes: NDArray[np.integer], n_groups: int) -> int:
    """Group with the most people who have a value; the first of equals."""
    is_counted = ~np.isnan(values) & (codes >= 0)
    return int(np.argmax(np.bincount(codes[is_counted], minlength=n_groups)))


def disparities(
    values: NDArray[np.floating],
    codes: NDArray[np.integer],
    n_groups: int,
    *,
    reference: int = REST,
    band: tuple[float, float] = BAND,
    min_n: int = 20,
    is_signed: bool = False,
    bounds: tuple[float, float] | None = None,
) -> Disparities:
    """Compare every group with the reference. O(n_users + n_groups²).

    Parameters
    ----------
    values : float array of shape (n_users,)
        A metric, one value per person; NaN where undefined, counted and left out.
    codes : integer array of shape (n_users,)
        Group of each person in [0, n_groups); -1 for a person in none, who counts nowhere.
    n_groups : int
    reference : int
        A group's code, ``REST`` (everyone outside the group) or ``EVERYONE``.
    band : (float, float)
        Ratios between which a disparity counts as small; 1 lies between them.
    min_n : int
        Groups with fewer people who have a value are suppressed; at least 2.
    is_signed : bool
        Values may be negative (changes, say): ratios have no meaning and stay undefined.
    bounds : (float, float), optional
        The metric's range, which the intervals of the means keep to.

    Returns
    -------
    Disparities
        A verdict is "clear" where p after Holm is below 5 %, and "beyond the band" where
        the ratio's interval lies beyond it as well. It rests on the log-ratio or, where a mean is
        not above zero, on the difference.

    Examples
    --------
    >>> codes = np.repeat([0, 1], 200)
    >>> values = np.random.default_rng(0).uniform(0, 1, 400) / (1 + codes)
    >>> [str(verdict) for verdict in disparities(values, codes, 2, reference=0).verdicts]
    ['reference', 'clearly below the band']
    """
    own = group_moments(values, codes, n_groups)
    least = max(min_n, 2)
    is_shown = own.n >= least
    is_compared = is_shown & (np.arange(n_groups) != reference)
    if reference >= 0:
        is_compared &= is_shown[reference]
    ratio, difference, reference_value = compare(own, reference, CONFIDENCE)
    ratio, difference = _only(ratio, is_compared & (not is_signed)), _only(difference, is_compared)
    p_holm = holm(np.where(np.isnan(ratio.p), difference.p, ratio.p))
    sd = np.sqrt(own.squared_error * own.n)
    low, high = mean_interval(own.n, own.mean, sd, bounds=bounds)
    return Disparities(
        n=own.n,
        n_undefined=np.bincount(codes[np.isnan(values) & (codes >= 0)], minlength=n_groups),
        value=np.where(is_shown, own.mean, np.nan),
        low=np.where(is_shown, low, np.nan),
        high=np.where(is_shown, high, np.nan),
        reference_value=reference_value,
        ratio=ratio,
        difference=difference,
        p_holm=p_holm,
        verdicts=_verdicts(ratio, difference, p_holm, band, 1 - CONFIDENCE, (is_shown, reference)),
    )


def _only(estimate: Estimate, is_kept: NDArray[np.bool_]) -> Estimate:
    kept = {f.name: np.where(is_kept, getattr(estimate, f.name), np.nan) for f in fields(estimate)}
    return replace(estimate, **kept)


def _verdicts(
    ratio: Estimate,
    difference: Estimate,
    p_holm: Floats,
    band: tuple[float, float],
    level: float,
    shown: tuple[NDArray[np.bool_], int],
) -> tuple[Verdict, ...]:
    is_shown, reference = shown
    conditions = [
        ~is_shown,
        np.arange(len(p_holm)) == reference,
        np.isnan(p_holm),
        p_holm >= level,
        ratio.high < band[0],
        ratio.low > band[1],
        difference.value < 0,
    ]
    choices = [
        Verdict.SUPPRESSED,
        Verdict.REFERENCE,
        Verdict.UNTESTABLE,
        Verdict.NOT_CLEAR,
        Verdict.BELOW_BAND,
        Verdict.ABOVE_BAND,
        Verdict.LOWER,
    ]
    first = np.argmax(np.stack([*conditions, np.ones_like(is_shown)]), axis=0)
    return tuple([*choices, Verdict.HIGHER][index] for index in first)
