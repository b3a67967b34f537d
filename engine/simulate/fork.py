"""Where the years of two settings part: the paired difference at the end, with a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.metrics.statistics.evidence import Evidence, student
from engine.metrics.statistics.policy import POLICY, Policy
from engine.metrics.statistics.verdict import Verdict, judge
from engine.simulate.measures import MEASURES
from engine.simulate.year import Year

__all__ = [
    "LAST_SHARE",
    "SEED_POLICY",
    "GroupUnseen",
    "Parting",
    "at_the_end",
    "paired",
    "partings",
    "unseen_by_group",
]

LAST_SHARE = 0.2
"""The end of a year: the mean of this last share of its rounds, at least one."""

SEED_POLICY: Policy = replace(
    POLICY, least_n=2, least_events=0, family="the measures shown together"
)
"""Repetitions in place of people: few, and each is a mean over everybody."""


@dataclass(frozen=True)
class Parting:
    """One measure of one arm at the end, against the first arm.

    Attributes
    ----------
    measure : str
    before, after : float
        Means over repetitions, of the first arm and of this one.
    verdict : Verdict
        Of the paired difference over repetitions; its interval covers the luck of who notices and
        plays what, and no doubt about the preferences or the model of attention.
    n : int
        Repetitions.
    """

    measure: str
    before: float
    after: float
    verdict: Verdict
    n: int


def at_the_end(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average the last rounds (second to last axis of groups, if any, stays).

    Parameters
    ----------
    values : float64 array of shape (n_arms, n_seeds, n_rounds, ...)

    Returns
    -------
    float64 array of shape (n_arms, n_seeds, ...)
    """
    n_last = max(1, round(LAST_SHARE * values.shape[2]))
    return values[:, :, -n_last:].mean(axis=2)


def partings(year: Year, arm: int, attribute: str) -> list[Parting]:
    """Compare an arm with the first, measure by measure, judged as one family.

    Parameters
    ----------
    year : Year
    arm : int
    attribute : str
        Whose groups the gap lies between.
    """
    ends = {name: at_the_end(year.of(name, attribute)) for name in MEASURES}
    family = [paired(own[arm], own[0], MEASURES[name].direction) for name, own in ends.items()]
    return [
        Parting(name, float(own[0].mean()), float(own[arm].mean()), verdict, own.shape[1])
        for (name, own), verdict in zip(ends.items(), judge(family, SEED_POLICY), strict=True)
    ]


def paired(after: NDArray[np.float64], before: NDArray[np.float64], direction: str) -> Evidence:
    """Return what is known of a difference between repetitions of the same luck, by Student's t.

    Parameters
    ----------
    after, before : float64 arrays of shape (n_seeds,)
    direction : str
        Of :class:`engine.simulate.measures.Measure`.
    """
    change = after - before
    n = len(change)
    error = float(change.std(ddof=1) / np.sqrt(n)) if n > 1 else np.nan
    p, ends = student(float(change.mean()), error, n - 1)
    why = "One repetition has no spread." if n < 2 else "Fewer than two groups have 20 people."
    return Evidence(
        float(change.mean()),
        p,
        ends,
        max(n, SEED_POLICY.least_n),  # too few repetitions are undefined, with their own reason
        direction=direction,
        before=float(before.mean()),
        reason=why,
    )


@dataclass(frozen=True)
class GroupUnseen:
    """True likes of one group that no list has shown, at the last round of each arm.

    ``change`` is from the first arm to the second, judged with the other groups.
    """

    label: str
    n: int
    shares: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    change: Verdict


def unseen_by_group(year: Year, attribute: str) -> list[GroupUnseen]:
    """Return the share of true likes never shown in the whole year, by group of an attribute.

    Lowest and highest of the repetitions stand beside the mean.
    """
    rows = year.groups.of(attribute)
    last = year.by_group["unseen"][:, :, -1]
    way = MEASURES["unseen"].direction
    changes = judge([paired(last[1, :, row], last[0, :, row], way) for row in rows], SEED_POLICY)
    return [
        GroupUnseen(
            year.groups.labels[row],
            int(year.groups.sizes[row]),
            _each(last[..., row].mean(axis=1)),
            _each(last[..., row].min(axis=1)),
            _each(last[..., row].max(axis=1)),
            change,
        )
        for row, change in zip(rows, changes, strict=True)
    ]


def _each(values: Sequence[float] | NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
