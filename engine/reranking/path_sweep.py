"""A person's list as a function of one number: exactly where it changes, and how.

Given the list so far, the score of every candidate is a + b·x in any one weight x. So the choices
that are made at x stay the same until some candidate overtakes at a place, and the next x at which
that happens is the smallest crossing of two straight lines. From crossing to crossing, the sweep
meets every list there is: a parametric, exact search rather than a grid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.reranking.person import Person

__all__ = ["SMALLEST_STEP", "Lines", "Stretch", "stretches"]

SMALLEST_STEP = 1e-7
"""Settings closer than this are not told apart."""

Lines = Callable[[Sequence[int]], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""The list so far → a and b of every candidate: its score at x is a + b·x."""


@dataclass(frozen=True)
class Stretch:
    """One list, and the settings ``low`` to ``high`` at which it is made."""

    low: float
    high: float
    picks: tuple[int, ...]


def stretches(person: Person, lines: Lines, start: float, end: float) -> Iterator[Stretch]:
    """Walk from ``start`` to ``end`` (up or down) over every list on the way.

    Each stretch costs O(k · n) for the lines and the crossings.
    """
    direction = 1.0 if end >= start else -1.0
    x = start
    while (end - x) * direction >= 0.0:
        picks, reach = _path(person, lines, x, direction)
        edge = x + direction * reach
        if (end - edge) * direction < 0.0:
            edge = end
        yield Stretch(min(x, edge), max(x, edge), picks)
        x = edge + direction * SMALLEST_STEP


def _path(
    person: Person, lines: Lines, x: float, direction: float
) -> tuple[tuple[int, ...], float]:
    """Return the choices at ``x`` and how far in ``direction`` they stay the same."""
    picks = list(person.pinned[: person.plan.scenario.k])
    reach = np.inf
    n_live = int((~person.is_hidden).sum())
    while len(picks) < min(person.plan.scenario.k, n_live):
        base, slope = lines(picks)
        is_open = person.is_open(picks)
        score = np.where(is_open, base + slope * x, -np.inf)
        best = int(np.argmax(score))
        gap = score[best] - score
        closing = np.where(is_open, (slope - slope[best]) * direction, 0.0)
        overtaken = np.divide(gap, closing, out=np.full(len(gap), np.inf), where=closing > 0.0)
        reach = min(reach, float(overtaken.min()))
        picks.append(best)
    return tuple(picks), reach
