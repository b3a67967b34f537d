"""A search for the smallest change of one control that brings an item into a list."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from engine.reranking.path_sweep import SMALLEST_STEP, Lines, stretches
from engine.reranking.person import Person
from engine.reranking.plan import make_plan
from engine.scenario import Scenario

__all__ = ["EVERY_LIST", "EVERY_VALUE", "IN_STEPS", "Change", "Search", "sweep", "sweep_one_way"]

EVERY_LIST = "every list that the control can make was looked at"
EVERY_VALUE = "every value of the control was tried"
IN_STEPS = "values were tried in steps; one between two steps might do"


@dataclass(frozen=True)
class Change:
    """The smallest change of one control that brings an item into a list.

    Attributes
    ----------
    control : str
        Name of the control; ``caps[0]``, ``rules[0]`` for parts; ``boost`` for a new rule.
    current, needed
        Its value now, and the nearest one that brings the item in; ``None`` if none does.
    scenario : Scenario or None
        The scenario with that change; its list holds the item.
    place : int or None
        Where the item then stands, from 1.
    search : str
        How far one can rely on it: :data:`EVERY_LIST`, :data:`EVERY_VALUE`, :data:`IN_STEPS`.
    """

    control: str
    current: Any
    needed: Any
    scenario: Scenario | None
    place: int | None
    search: str


@dataclass(frozen=True, eq=False)
class Search:
    """An item to bring into a person's list."""

    scenario: Scenario
    person: Person
    item: int

    @property
    def place(self) -> int:
        """Where the item stands in the ranker's order, from 0."""
        return int(np.flatnonzero(self.person.items == self.item)[0])

    def place_in(self, scenario: Scenario) -> int | None:
        """Where the item stands in the person's list, from 1; None if it does not."""
        plan = make_plan(self.person.plan.pool, scenario)
        row = plan.run(np.array([self.person.user])).items[0]
        found = np.flatnonzero(row == self.item)
        return int(found[0]) + 1 if len(found) else None

    def first(
        self, control: str, current: Any, tries: Iterable[tuple[Any, Scenario]], search: str
    ) -> Change:
        """Return the first of ``tries``, value and scenario, that brings the item in."""
        for value, scenario in tries:
            place = self.place_in(scenario)
            if place is not None:
                return Change(control, current, value, scenario, place, search)
        return Change(control, current, None, None, None, search)


def sweep(search: Search, lines: Lines, current: float, low: float, high: float) -> Iterator[float]:
    """Yield settings at which the item is in the list, nearest to the current one first.

    See :func:`sweep_one_way`.
    """
    up, down = (sweep_one_way(search, lines, current, end) for end in (high, low))
    above, below = next(up, None), next(down, None)
    while above is not None or below is not None:
        if below is None or (above is not None and above - current <= current - below):
            yield above if above is not None else current
            above = next(up, None)
        else:
            yield below
            below = next(down, None)


def sweep_one_way(search: Search, lines: Lines, current: float, end: float) -> Iterator[float]:
    """Yield settings from ``current`` to ``end`` with the item in the list, nearest first.

    One for each run of stretches with the item in it: the nearest thousandth, where the run holds
    one, so that what is shown suffices; then a value just inside.
    """
    sign = 1.0 if end >= current else -1.0
    walk = stretches(search.person, lines, current, end)
    for is_in, run in groupby(walk, key=lambda stretch: search.place in stretch.picks):
        if not is_in:
            continue
        first = next(run)
        near, far = (first.low, first.high) if sign > 0 else (first.high, first.low)
        thousandth = math.ceil(sign * near * 1000) / 1000 * sign
        while (thousandth - far) * sign > 0 and (more := next(run, None)) is not None:
            far = more.high if sign > 0 else more.low
        if (thousandth - far) * sign <= 0:
            yield thousandth
        yield near + sign * min(10 * SMALLEST_STEP, (first.high - first.low) / 2)
