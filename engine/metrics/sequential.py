"""Looking again and again: an interval that holds at every sample size at once, approximately."""

from __future__ import annotations

import math

__all__ = ["sequential_radius"]


def sequential_radius(sd: float, n: int, *, alpha: float = 0.05) -> float:
    """Return half the width of an always-valid interval of a mean.

    ``√(2 σ² (ln ln n + ln(2/α)) / n)``, from the law of the iterated logarithm. Radii of two
    independent means combine as the root of the sum of their squares. Approximate: σ is taken as
    known.

    Parameters
    ----------
    sd : float
        Standard deviation of one value, at least 0.
    n : int
        Values seen so far; infinite below 3, where ln ln n is not above 0.
    alpha : float
        Chance of ever missing the mean, in (0, 1).

    Source: cicerone's guardrails; Darling & Robbins 1967.

    Examples
    --------
    >>> round(sequential_radius(1.0, 1000), 3)
    0.106
    """
    if n < 3:
        return math.inf
    return math.sqrt(2 * sd**2 * (math.log(math.log(n)) + math.log(2 / alpha)) / n)
