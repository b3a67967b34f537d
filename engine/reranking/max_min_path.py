"""The lifts of providers for every weight of max-min at once, and how good they can be.

For a weight w the task is to maximise, over everyone's lists, R + w · min over p of x_p, with R the
mean relevance and x_p the exposure of provider p for its size. Its dual is to choose lifts
l_p ≥ 0 with Σ size_p · l_p = w so that the best lists for R + Σ size_p · l_p · x_p are worth least;
that worth, which greedy lists reach exactly where nothing but relevance and lifts counts, is an
upper bound for w. The lifts of the providers with most exposure fall, those of the least exposed
rise, and a step that overshoots (the exposure turns against it) is halved.

Weights are walked upwards, and each starts from the lifts of the one before, raised all alike:
that changes no list, so nothing that was reached is lost. All lists met on the way are kept as
points (R, min x), and any weight takes the point that is best for it: so no weight does worse in
its own objective than another weight's lists would, and the smallest exposure never falls as the
weight rises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRID", "MaxMinPath", "Point", "walk"]

GRID = (0.025, *(np.arange(1, 21) / 20.0))
"""Weights walked."""

CLOSE_ENOUGH = 1.5e-3
"""A gap to the upper bound that is no more than this part of it ends the search at a weight."""

N_TRIALS = 6
FIRST_STEP = 0.1
SMALLEST = 0.02
"""An exposure below this part of the equal one counts as this, where its logarithm is taken."""

Outcome = tuple[float, NDArray[np.float64]]
"""Mean relevance of everyone's lists, and the exposure of each provider for its size."""


@dataclass(frozen=True, eq=False)
class Point:
    """Lifts that were tried, and what came of them.

    Attributes
    ----------
    lift : float64 array of shape (n_providers,)
    relevance, smallest : float
        Mean relevance, and the smallest exposure for its size.
    """

    lift: NDArray[np.float64]
    relevance: float
    smallest: float

    def value(self, weight: float) -> float:
        """Return the objective at a weight."""
        return self.relevance + weight * self.smallest


@dataclass(frozen=True, eq=False)
class MaxMinPath:
    """Everything met on the way from weight 0 to 1.

    Attributes
    ----------
    unlifted : Point
        No lift at all.
    points : tuple of Point
        Those that are best at some weight in [0, 1], by rising smallest exposure.
    bounds : float64 array of shape (len(GRID) + 1,)
        Upper bound of the objective at weight 0 and at each of :data:`GRID`; NaN where the lists
        were made by more than relevance and lifts.
    n_trials : int
        How often everyone was re-ranked.
    """

    unlifted: Point
    points: tuple[Point, ...]
    bounds: NDArray[np.float64]
    n_trials: int

    def best(self, weight: float) -> Point:
        """Return the point with the highest objective at a weight."""
        return max(self.points, key=lambda point: point.value(weight))

    def bound(self, weight: float) -> float:
        """Return an upper bound of the objective; it is convex in the weight, so chords hold."""
        return float(np.interp(weight, (0.0, *GRID), self.bounds))

    @property
    def levels(self) -> tuple[float, ...]:
        """Weights from which another point is best, in (0, 1]: between them nothing moves."""
        pairs = zip(self.points[:-1], self.points[1:], strict=True)
        return tuple(_crossing(low, high) for low, high in pairs)


def walk(
    outcome_at: Callable[[NDArray[np.float64]], Outcome],
    size: NDArray[np.float64],
    *,
    is_exact: bool,
    starts: MaxMinPath | None = None,
) -> MaxMinPath:
    """Walk the weights upwards.

    Parameters
    ----------
    outcome_at : callable
        Lift per provider → outcome.
    size : float64 array of shape (n_providers,)
        Share of the catalogue; sums to 1.
    is_exact : bool
        Whether lists are the best for relevance plus lifts, so that their worth is a bound.
    starts : MaxMinPath, optional
        Lifts found for a like problem: they are tried as they are, with one step more each.
    """
    walker = _Walker(outcome_at, size, is_exact)
    lift = np.zeros(len(size))
    if starts is not None:
        return _walk_again(walker, starts)
    before = 0.0
    for weight in GRID:
        lift = walker.search(weight, lift + (weight - before), n_trials=N_TRIALS)
        before = weight
    return walker.path()


def _walk_again(walker: _Walker, starts: MaxMinPath) -> MaxMinPath:
    """Try the points of a like problem; where all come out as they did, it is the same problem."""
    for point in starts.points:
        walker.attempt(point.lift, float(walker.size @ point.lift))
    is_same = all(
        (new.relevance, new.smallest) == (old.relevance, old.smallest)
        for new, old in zip(walker.points[1:], starts.points, strict=True)
    )
    if is_same:
        return replace(starts, unlifted=walker.points[0], n_trials=len(walker.points))
    shift = np.zeros(len(walker.size))
    for point in starts.points[1:]:
        weight = float(walker.size @ point.lift)
        shift = walker.search(weight, point.lift + shift, n_trials=3) - point.lift
    return walker.path()


class _Walker:
    """Keeps what was tried while the weights are walked."""

    def __init__(
        self,
        outcome_at: Callable[[NDArray[np.float64]], Outcome],
        size: NDArray[np.float64],
        is_exact: bool,
    ) -> None:
        self.outcome_at = outcome_at
        self.size = size
        self.is_exact = is_exact
        self.step = FIRST_STEP
        self.points: list[Point] = []
        self.bounds: list[tuple[float, float]] = []
        self.attempt(np.zeros(len(size)), 0.0)

    def attempt(self, lift: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
        """Return the exposures under a lift, and remember the point and the bound it gives."""
        relevance, ratio = self.outcome_at(lift)
        self.points.append(Point(lift, relevance, float(ratio.min())))
        self.bounds.append((weight, relevance + float((self.size * lift) @ ratio)))
        return ratio

    def bound(self, weight: float) -> float:
        """One more unit of weight is worth at most 1, since the mean exposure for size is 1."""
        return min(value + weight - at for at, value in self.bounds if at <= weight)

    def is_close(self, weight: float) -> bool:
        if not self.is_exact:
            return False
        best = max(point.value(weight) for point in self.points)
        return self.bound(weight) - best <= CLOSE_ENOUGH * best

    def search(
        self, weight: float, start: NDArray[np.float64], n_trials: int
    ) -> NDArray[np.float64]:
        """Improve the lifts of a weight; return where the search ended."""
        lift = _onto(start, self.size, weight)
        if self.is_close(weight):
            return lift
        ratio = self.attempt(lift, weight)
        for _ in range(n_trials - 1):
            if self.is_close(weight):
                break
            new = _onto(lift - self.step * np.log(np.maximum(ratio, SMALLEST)), self.size, weight)
            new_ratio = self.attempt(new, weight)
            if (self.size * new_ratio) @ (new - lift) <= 0.0:
                lift, ratio = new, new_ratio
                self.step *= 1.2
            else:
                self.step = max(self.step / 2, FIRST_STEP / 64)
        return lift

    def path(self) -> MaxMinPath:
        bounds = [self.bound(weight) for weight in (0.0, *GRID)]
        return MaxMinPath(
            unlifted=self.points[0],
            points=_hull(self.points),
            bounds=np.array(bounds) if self.is_exact else np.full(len(bounds), np.nan),
            n_trials=len(self.points),
        )


def _onto(
    lift: NDArray[np.float64], size: NDArray[np.float64], weight: float
) -> NDArray[np.float64]:
    """Lower, or raise, all lifts alike, none below 0, until Σ size · lift is the weight."""
    falling = np.argsort(-lift, kind="stable")
    sorted_, sizes = lift[falling], size[falling]
    surplus = (np.cumsum(sizes * sorted_) - weight) / np.cumsum(sizes)
    last = int(np.flatnonzero(sorted_ > surplus)[-1])
    return np.maximum(0.0, lift - surplus[last])


def _crossing(low: Point, high: Point) -> float:
    """Return the weight at which two points are level."""
    return float((low.relevance - high.relevance) / (high.smallest - low.smallest))


def _hull(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return the points that are best at some weight from 0 to 1, by rising smallest exposure."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda point: (point.smallest, point.relevance)):
        while kept and kept[-1].relevance <= point.relevance:
            kept.pop()
        if kept and point.smallest <= kept[-1].smallest:
            continue
        while len(kept) > 1 and _crossing(kept[-1], point) <= _crossing(kept[-2], kept[-1]):
            kept.pop()
        kept.append(point)
    while len(kept) > 1 and _crossing(kept[-2], kept[-1]) > 1.0:
        kept.pop()
    return tuple(kept)
