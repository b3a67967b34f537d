"""What is known of a group held against its reference, and how many random deals that takes."""

from __future__ import annotations

from math import nan

from engine.metrics.statistics.evidence import Evidence
from engine.metrics.statistics.group_test import Contrast

__all__ = ["evidence_of", "n_deals_for"]

LEAST_DEALS, MOST_DEALS = 4999, 29_999


def n_deals_for(n_tests: int) -> int:
    """Return how many random deals are enough for p values that so many tests correct.

    Of each tail, at the corrected level, some 25 deals are left, or (of very many groups) few.
    """
    return min(max(LEAST_DEALS, 1000 * n_tests - 1), MOST_DEALS)


def evidence_of(
    held: Contrast | None,
    counts: tuple[int, float],
    direction: str,
    target: float,
    *,
    is_small: bool = False,
) -> Evidence:
    """Return what is known of one group.

    ``counts`` are its people and, of them, those who would be expected to have anything but the
    usual value.
    """
    if held is None:
        value = 0.0 if is_small else nan
        return Evidence(value, nan, lambda _alpha: (nan, nan), counts[0])
    if held.null is None:  # nobody differs from anybody
        return Evidence(0.0, 1.0, lambda _alpha: (0.0, 0.0), counts[0])
    return Evidence(
        held.difference,
        held.p,
        held.ends,
        *counts,
        direction,
        before=held.reference,
        target=target,
        is_exact=True,
    )
