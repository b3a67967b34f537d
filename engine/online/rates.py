"""Click-through, conversion and view time: by policy, by group of people, by place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.formats import SHARE, Style, interval, number
from engine.metrics.statistics.policy import POLICY
from engine.online.log import Log
from engine.online.spread import Spread, spread_of_sums

__all__ = ["MEASURED", "Rate", "rate_frame", "rates"]

Floats = NDArray[np.float64]
MOST_PLACES = 20


@dataclass(frozen=True)
class Measured:
    """One thing measured of every place: its name, how it is written, and its value a place."""

    label: str
    words: str
    style: Style
    of: Callable[[Log], Floats | None]


MEASURED: dict[str, Measured] = {
    "click-through": Measured(
        "Click-through", "places chosen of those shown", SHARE, lambda log: log.reward
    ),
    "conversion": Measured(
        "Conversion",
        "places bought or finished of those shown",
        SHARE,
        lambda log: log.is_converted if log.is_converted.any() else None,
    ),
    "view time": Measured(
        "View time", "seconds a place shown, where the log says", Style(1), lambda log: log.seconds
    ),
}
"""Name → what is measured; None where the log does not say."""


@dataclass(frozen=True)
class Rate:
    """A mean over places, with its 95 % interval over people.

    Attributes
    ----------
    measure, policy, by, part : str
        What, whose lists, and of which part: ``by`` is ``all``, ``place`` or an attribute.
    n, n_people : int
        Places shown with a value, and the people behind them.
    value, low, high : float
    """

    measure: str
    policy: str
    by: str
    part: str
    n: int
    n_people: int
    value: float
    low: float
    high: float


def rates(log: Log, artifacts: Artifacts | None = None) -> list[Rate]:
    """Measure everything that the log says, by policy and part.

    Parameters
    ----------
    log : Log
    artifacts : Artifacts, optional
        Whose attributes give the groups; without, there are none. Groups of fewer than 20 people
        are left out.
    """
    person, people = pd.factorize(log.user_ids)
    parts = [("all", np.zeros(len(log), np.int64), ["all places"])]
    parts.append(("place", *_places(log)))
    if artifacts is not None:
        parts += _groups(artifacts, people, person)
    found = []
    for name, measured in MEASURED.items():
        values = measured.of(log)
        if values is None:
            continue
        for policy in pd.unique(log.policy):
            is_own = (log.policy == policy) & np.isfinite(values)
            for by, code, labels in parts:
                kept = is_own & (code >= 0)
                rows = _means(values[kept], code[kept], person[kept], len(labels))
                least = POLICY.least_n if by not in ("all", "place") else 1
                found += [
                    Rate(name, str(policy), by, labels[at], *row)
                    for at, row in enumerate(rows)
                    if row[1] >= least
                ]
    return found


def _places(log: Log) -> tuple[NDArray[np.int64], list[str]]:
    n = min(int(log.position.max(initial=-1)) + 1, MOST_PLACES)
    code = np.where(log.position < n, log.position, -1)
    return code, [str(place + 1) for place in range(n)]


def _groups(
    artifacts: Artifacts, people: NDArray[Any], person: NDArray[np.int64]
) -> list[tuple[str, NDArray[np.int64], list[str]]]:
    row = pd.Index(artifacts.users["user_id"].astype(str)).get_indexer(pd.Index(people))
    groups = np.asarray(artifacts.user_groups).astype(np.int64)
    found = []
    for column, (name, labels) in enumerate(artifacts.attributes.items()):
        own = np.where(row >= 0, groups[np.maximum(row, 0), column], -1)
        found.append((name, own[person], list(labels)))
    return found


def _means(
    values: Floats, code: NDArray[np.int64], person: NDArray[np.int64], n_parts: int
) -> list[tuple[int, int, float, float, float]]:
    """Return n, people, mean and interval of each part; those of one person are not independent."""
    n = np.bincount(code, minlength=n_parts)
    total = np.bincount(code, weights=values, minlength=n_parts)
    mean = np.divide(total, n, out=np.full(n_parts, np.nan), where=n > 0)
    width = int(person.max(initial=0)) + 1
    pair, index = np.unique(code * width + person, return_inverse=True)
    sums = np.bincount(index, weights=values - mean[code], minlength=len(pair)).astype(np.float64)
    sizes = np.bincount(index, minlength=len(pair)).astype(np.float64)
    edges = np.searchsorted(pair, np.arange(n_parts + 1) * width)
    rows = []
    for at, (start, stop) in enumerate(pairwise(edges)):
        spread = spread_of_sums([(sums[start:stop], sizes[start:stop])], int(n[at]))
        low, high = _ends(float(mean[at]), spread)
        rows.append((int(n[at]), spread.n, float(mean[at]), low, high))
    return rows


def _ends(mean: float, spread: Spread) -> tuple[float, float]:
    """Return the interval; where all are 0 or all 1, of what so many people would have hidden.

    A share below ``1 - .05^(1/g)`` shows nothing among g people one time in 20 or more (the rule
    of three, Hanley & Lippman-Hand 1983).
    """
    low, high = spread.interval(mean)
    if low == high and mean in (0.0, 1.0):
        unseen = 1 - (1 - POLICY.confidence) ** (1 / spread.n)
        return max(mean - unseen, 0.0), min(mean + unseen, 1.0)
    return low, high


def rate_frame(found: list[Rate], measure: str, by: str) -> pd.DataFrame:
    """Return the rates of one measure by one thing as a table."""
    style = MEASURED[measure].style
    return pd.DataFrame(
        [
            {
                "policy": one.policy,
                by: one.part,
                MEASURED[measure].label: number(one.value, style),
                "95 % interval": interval(one.low, one.high, style),
                "n, places": one.n,
                "n, people": one.n_people,
            }
            for one in found
            if one.measure == measure and one.by == by
        ]
    )
