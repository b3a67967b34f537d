"""What is known of one difference: its value, its p, and its interval at any error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import inf, isfinite, isnan, nan

from scipy import special

__all__ = ["Ends", "Evidence", "is_rounding", "student"]

ROUNDING = 1e-10
"""A difference below this share of the figures is what adding up in another order does."""

Ends = Callable[[float], tuple[float, float]]


@dataclass(frozen=True)
class Evidence:
    """What is known of one difference before it is judged.

    Attributes
    ----------
    value : float
        The difference; NaN where it is undefined.
    p : float
        Two-sided, of no difference; NaN where nothing can be tested.
    ends : callable
        Error (0.05, say) → ends of the interval by the same procedure as ``p``: 0 lies outside
        exactly where ``p`` is below the error.
    n : int
        People behind it.
    n_events : float
        Those of them with anything but the usual value, or who would be expected to have it;
        infinite where that does not matter.
    direction : str
        ``higher``, ``lower``, ``target`` or ``neither`` of :class:`engine.metrics.metric.Metric`.
    before : float
        What it is a difference from; needed for a target, and to know what is rounding.
    target : float
        Of a metric with one.
    reason : str
        Why it is undefined.
    is_exact : bool
        ``p`` holds however few the events are: what is clear is said even of few.
    """

    value: float
    p: float
    ends: Ends
    n: int
    n_events: float = inf
    direction: str = "neither"
    before: float = nan
    target: float = nan
    reason: str = ""
    is_exact: bool = False


def is_rounding(difference: float, *figures: float) -> bool:
    """Whether a difference is no more than rounding of the figures that it is between.

    >>> is_rounding(2e-16, 0.73), is_rounding(1e-6, 0.73)
    (True, False)
    """
    scale = max((abs(figure) for figure in figures if isfinite(figure)), default=0.0)
    return abs(difference) <= ROUNDING * scale or difference == 0


@lru_cache(maxsize=4096)
def _quantile(freedom: float, alpha: float) -> float:
    return float(special.stdtrit(freedom, 1 - alpha / 2))


def student(value: float, error: float, freedom: float) -> tuple[float, Ends]:
    """Return p and interval of a difference by Student's t; O(1).

    Parameters
    ----------
    value, error : float
        The difference and its standard error.
    freedom : float
        Degrees of freedom; below 1 nothing is known.

    Returns
    -------
    p : float
        Where every person changed by the same (error 0), that of the sign-flip test,
        ``2^-freedom``.
    ends : callable
        Error → ends of the interval.
    """
    if not freedom >= 1 or isnan(value) or isnan(error):
        return nan, lambda _alpha: (nan, nan)
    if error <= ROUNDING * abs(value) or error == 0:
        return (1.0 if value == 0 else 2.0**-freedom), lambda _alpha: (value, value)
    p = float(2 * special.stdtr(freedom, -abs(value) / error))

    def ends(alpha: float) -> tuple[float, float]:
        half = _quantile(freedom, alpha) * error
        return value - half, value + half

    return p, ends
