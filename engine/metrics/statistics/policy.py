"""One policy for every verdict: level, correction, and how little is too little to judge.

Pages, report and command line all judge by it, so that no two of them can disagree.

>>> POLICY.adjust(np.array([0.01, 0.04, np.nan, 0.03])).round(2).tolist()
[0.03, 0.06, nan, 0.06]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

__all__ = ["CORRECTIONS", "POLICY", "Policy", "benjamini_hochberg", "holm"]

Floats = NDArray[np.float64]

WHAT_IS_SHOWN = "what is on the screen together"


def holm(p: Floats) -> Floats:
    """Adjust p values for looking at all of them at once (Holm 1979); NaN stays NaN.

    Parameters
    ----------
    p : float64 array
        NaN values are not tests and do not count.
    """
    adjusted = np.full(len(p), np.nan)
    order = np.argsort(p, kind="stable")[: int((~np.isnan(p)).sum())]
    stepped = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def benjamini_hochberg(p: Floats) -> Floats:
    """Return the least false-discovery rate at which each is a finding (1995); NaN stays NaN.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    adjusted, is_test = np.full(len(p), np.nan), ~np.isnan(p)
    if is_test.any():
        adjusted[is_test] = false_discovery_control(np.minimum(p[is_test], 1.0))
    return adjusted


def _as_they_are(p: Floats) -> Floats:
    return np.array(p, dtype=np.float64)


CORRECTIONS: dict[str, tuple[str, Callable[[Floats], Floats]]] = {
    "holm": ("Holm", holm),
    "fdr": ("Benjamini and Hochberg", benjamini_hochberg),
    "none": ("no correction", _as_they_are),
}
"""Name → whose correction it is, and the correction."""


@dataclass(frozen=True)
class Policy:
    """When a difference is called clear.

    Attributes
    ----------
    level : float
        Chance of a false "clear", in (0, 1): of any in the family (``holm``), of each (``none``),
        or the expected share among those called clear (``fdr``).
    correction : str
        Key of :data:`CORRECTIONS`.
    least_n : int
        Fewer people with a value are neither shown nor judged.
    least_events : int
        Fewer people than this with a value other than the usual one (most often 0: no hit, no
        change), and there is too little to tell.
    family : str
        What is corrected together, in words.
    """

    level: float = 0.05
    correction: str = "holm"
    least_n: int = 20
    least_events: int = 5
    family: str = WHAT_IS_SHOWN

    def __post_init__(self) -> None:
        assert 0 < self.level < 1, self.level
        assert self.correction in CORRECTIONS, self.correction
        assert self.least_n >= 2, self.least_n
        assert self.least_events >= 0, self.least_events

    @property
    def confidence(self) -> float:
        """Of an interval that no correction widens."""
        return 1 - self.level

    def adjust(self, p: Floats) -> Floats:
        """Correct the p values of one family; NaN values are not tests and do not count."""
        return CORRECTIONS[self.correction][1](np.asarray(p, dtype=np.float64))

    def alpha(self, p: Floats, adjusted: Floats) -> float:
        """Return the error at which the intervals of one family are made.

        It is one for all of them, and each leaves 0 out exactly where its difference is clear: the
        step of Holm's procedure at which it last called something clear (its first, where nothing
        is), the share of discoveries (Benjamini & Yekutieli 2005), or the level itself.
        """
        n = int((~np.isnan(p)).sum())
        n_clear = int((adjusted < self.level).sum())
        if self.correction == "none" or n == 0:
            return self.level
        if self.correction == "fdr":
            return self.level * max(n_clear, 1) / n
        return self.level / (n - max(n_clear, 1) + 1)

    def in_words(self, n_tests: int | None = None) -> str:
        """Say the policy in a sentence.

        >>> Policy().in_words(12)
        'Clear: p below 0.05 after correction for 12 comparisons (Holm).'
        """
        if self.correction == "none":
            return f"Clear: p below {self.level:g}, each comparison by itself."
        over = self.family if n_tests is None else f"{n_tests} comparisons"
        name = CORRECTIONS[self.correction][0]
        return f"Clear: p below {self.level:g} after correction for {over} ({name})."


POLICY = Policy()
"""The policy in force unless a page says otherwise."""
