"""Bandits on a log of one's own: they learn from the visits at which they chose what was shown.

Events are thinned first so that every arm is equally likely at each: one whose title had the chance
p stays with chance ``c / p``, c being the least chance. Among what stays, the visits at which a
policy's choice is the title shown are a fair sample of what it would meet, in order. Source: Li,
Chu, Langford & Wang 2011, "Unbiased offline evaluation of contextual-bandit-based news article
recommendation algorithms"; thinning as in its remark on logs that are not even.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.analysis.trials import Told
from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.errors import DataError
from engine.formats import SHARE, interval, number
from engine.online.bandits.arms import MOST_ARMS, people_read
from engine.online.bandits.bandit import Bandit, Sizes, Visit
from engine.online.bandits.policies import BY_PERSON, HANDED_DOWN, POLICIES
from engine.online.estimators import LEAST_MATCHES, mean_of
from engine.online.log import Log
from engine.online.spread import spread_of

__all__ = ["REPLAYED", "Replayed", "replay_bandits", "replayed_lines"]

MOST_EVENTS = 20_000
"""Events, after thinning, that are replayed; later ones are left out."""

REPLAYED = tuple(name for name in POLICIES if name not in (HANDED_DOWN, BY_PERSON))
"""Policies that can be replayed: handed-down priors need an even log of their own."""


@dataclass(frozen=True)
class Replayed:
    """What a policy would have earned a visit, by the visits that it shares with the log.

    Attributes
    ----------
    name : str
    n_events, n_matched, n_people : int
        Events after thinning, those at which it chose what was shown, and the people behind them.
    value, low, high : float
        Share of choices, with its 95 % interval over people; NaN below 20 matches.
    """

    name: str
    n_events: int
    n_matched: int
    n_people: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class _Events:
    labels: tuple[str, ...]
    arm: NDArray[np.int64]
    reward: NDArray[np.float64]
    person: NDArray[np.int64]


def replay_bandits(
    log: Log,
    artifacts: Artifacts,
    *,
    names: Sequence[str] = REPLAYED,
    seed: int = 0,
    tell: Told = lambda _: None,
) -> tuple[tuple[str, ...], list[Replayed]]:
    """Replay policies whose arms are the titles that stood on top most often.

    Parameters
    ----------
    log : Log
    artifacts : Artifacts
        For what contextual policies read of people.
    names : sequence of str
        Some of :data:`REPLAYED`.
    seed : int
        Thins the events, and is the policies' own luck.
    tell : callable
        Hears the share done.

    Returns
    -------
    labels : tuple of str
        Titles that are the arms.
    found : list of Replayed

    Raises
    ------
    DataError
        Fewer than two titles of known chance, or hardly any event stays.
    """
    events = _events(log, artifacts, np.random.default_rng((seed, 5)))
    features, cell, _ = people_read(artifacts, np.arange(artifacts.n_users))
    found = []
    for number_, name in enumerate(names):
        n_cells = int(cell.max(initial=0)) + 1
        policy = POLICIES[name](Sizes(1, len(events.labels), features.shape[1], n_cells))
        is_same = _matches(policy, events, features, cell, np.random.default_rng((seed, 6)))
        found.append(_result(name, events, is_same))
        tell((number_ + 1) / len(names))
    return events.labels, found


def _events(log: Log, artifacts: Artifacts, rng: np.random.Generator) -> _Events:
    person = pd.Index(artifacts.users["user_id"].astype(str)).get_indexer(pd.Index(log.user_ids))
    is_asked = (log.position == 0) & np.isfinite(log.propensity) & (person >= 0)
    frequent = pd.Series(log.item_ids[is_asked]).value_counts().index[:MOST_ARMS]
    arm = pd.Index(frequent).get_indexer(pd.Index(log.item_ids))
    is_asked &= arm >= 0
    if len(frequent) < 2:
        raise DataError(
            "The log names fewer than two titles of known chance at the top: there is nothing to "
            "choose between; log more."
        )
    chance = log.propensity[is_asked]
    stays = np.flatnonzero(is_asked)[rng.random(len(chance)) < chance.min() / chance]
    if log.day is not None:
        stays = stays[np.argsort(log.day[stays], kind="stable")]
    if len(stays) < LEAST_MATCHES * len(frequent):
        raise DataError(
            f"{counted(len(stays), 'event')} of {counted(len(frequent), 'title')} would be equally "
            f"likely, and at least {LEAST_MATCHES * len(frequent):,} are needed to replay bandits; "
            "log more, or fewer titles."
        )
    stays = stays[:MOST_EVENTS]
    titles = artifacts.items.set_index(artifacts.items["item_id"].astype(str))["title"]
    labels = tuple(str(titles.get(one, one)) for one in frequent)
    return _Events(labels, arm[stays], log.reward[stays], person[stays])


def _matches(
    policy: Bandit,
    events: _Events,
    features: NDArray[np.float64],
    cell: NDArray[np.int64],
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """Let a policy go through the events; tell where it chose what was shown, and learned."""
    is_same = np.zeros(len(events.arm), bool)
    for at, who in enumerate(events.person):
        visit = Visit(features[who][None], cell[who][None])
        if int(policy.scores(visit, rng)[0].argmax()) == events.arm[at]:
            is_same[at] = True
            policy.learn(events.arm[at : at + 1], events.reward[at : at + 1], visit)
    return is_same


def _result(name: str, events: _Events, is_same: NDArray[np.bool_]) -> Replayed:
    n, who = int(is_same.sum()), events.person[is_same]
    value = low = high = np.nan
    if n >= LEAST_MATCHES:
        own = events.reward[is_same]
        mean = mean_of(own)
        value, (low, high) = mean.value, spread_of(mean, who).interval(mean.value)
    return Replayed(name, len(is_same), n, len(np.unique(who)), value, low, high)


def replayed_lines(labels: Sequence[str], found: Sequence[Replayed]) -> list[str]:
    """Say what came of it."""
    lines = [
        f"{counted(len(labels), 'title')} on top, {counted(found[0].n_events, 'event')} at which "
        "each was equally likely; a policy is judged by those at which it chose what was shown:"
    ]
    for one in found:
        ends = interval(one.low, one.high, SHARE)
        lines.append(
            f"{one.name:38}{number(one.value, SHARE)} chosen ({ends}), "
            f"n = {one.n_matched:,} visits of {one.n_people:,} people"
        )
    return lines
