"""Estimates with intervals, differences from what was logged, and groups, judged together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.metrics.statistics.evidence import Evidence
from engine.metrics.statistics.verdict import Verdict, judge
from engine.online.estimators import Actions, Estimate, mean_of
from engine.online.spread import spread_of
from engine.online.support import LEAST_EFFECTIVE, Support, effective
from engine.simulate.groups import groups_of

__all__ = ["SHOWN_BY_GROUP", "Answer", "Earned", "GroupEarned", "answers", "by_group"]

SHOWN_BY_GROUP = "DR"
"""The estimator that groups are answered with."""


@dataclass(frozen=True)
class Earned:
    """One estimator's answer.

    Attributes
    ----------
    name : str
    value, low, high : float
        Plays a list, with its interval at 95 %.
    change : Verdict
        Of the difference from what was logged.
    """

    name: str
    value: float
    low: float
    high: float
    change: Verdict


@dataclass(frozen=True)
class GroupEarned:
    """The answer of one group, judged with the others of its attribute."""

    label: str
    n_people: int
    n: int
    logged: float
    value: float
    change: Verdict


@dataclass(frozen=True, eq=False)
class Answer:
    """What the log says.

    Attributes
    ----------
    support, slate_support : Support
        Of the first place, and of whole lists.
    logged, logged_list : float
        Plays at the first place, and on the whole list, as logged.
    first, lists : tuple of Earned
        Estimators of the first place, and of the whole list; empty where the log cannot answer.
    groups : tuple of GroupEarned
    truth, truth_list : float
        What the policy earns in this world; NaN where preferences are assumed, not known.
    n_people, n_visits : int
    """

    support: Support
    slate_support: Support
    logged: float
    logged_list: float
    first: tuple[Earned, ...]
    lists: tuple[Earned, ...]
    groups: tuple[GroupEarned, ...]
    truth: float
    truth_list: float
    n_people: int
    n_visits: int


def answers(
    estimates: Mapping[str, Estimate], reward: NDArray[np.float64], cluster: NDArray[np.int64]
) -> tuple[Earned, ...]:
    """Return each estimate with its interval and its difference from the mean logged reward.

    Parameters
    ----------
    estimates : mapping of str to Estimate
    reward : float64 array of shape (n,)
        As logged, context by context.
    cluster : int64 array of shape (n,)
        Contexts with one number are not independent.
    """
    base = mean_of(reward)
    verdicts = judge([_evidence(one, base, cluster) for one in estimates.values()])
    found = []
    for (name, one), verdict in zip(estimates.items(), verdicts, strict=True):
        low, high = spread_of(one, cluster).interval(one.value)
        found.append(Earned(name, one.value, low, high, verdict))
    return tuple(found)


FEW_MATCHES = "Too few contexts in which the setting would have done what was logged."


def _evidence(one: Estimate, base: Estimate, cluster: NDArray[np.int64]) -> Evidence:
    change = one.less(base)
    spread = spread_of(change, cluster)
    p, ends = spread.judged(change.value)
    return Evidence(
        change.value, p, ends, spread.n, direction="higher", before=base.value, reason=FEW_MATCHES
    )


def by_group(
    artifacts: Artifacts,
    people: NDArray[np.int64],
    one: Estimate,
    actions: Actions,
    attribute: str,
    cluster: NDArray[np.int64],
) -> tuple[GroupEarned, ...]:
    """Return the answer of each group of 20 people or more; undefined without support of its own.

    Parameters
    ----------
    artifacts : Artifacts
    people : int64 array of shape (n_people,)
        Rows of the artifacts that ``actions.person`` indexes.
    one : Estimate
        Of an estimator that is a mean of contributions.
    actions : Actions
    attribute : str
    cluster : int64 array of shape (n,)
        As for :func:`answers`.
    """
    groups = groups_of(artifacts, people)
    column = list(artifacts.attributes).index(attribute)
    terms = one.value + one.influence
    rows, evidence = [], []
    for at in groups.of(attribute):
        is_in = (groups.codes[:, column] == at)[actions.person]
        own, was, person = terms[is_in], actions.reward[is_in], actions.person[is_in]
        if not len(own):
            continue
        is_enough = effective(actions.weight[is_in]) >= LEAST_EFFECTIVE
        mean = float(own.mean()) if is_enough else np.nan
        value = Estimate(mean, own - own.mean())
        base = mean_of(was)
        rows.append((groups.labels[at], person, base.value, value.value))
        evidence.append(_evidence(value, base, cluster[is_in]))
    return tuple(
        GroupEarned(label, len(np.unique(person)), len(person), was, value, verdict)
        for (label, person, was, value), verdict in zip(rows, judge(evidence), strict=True)
    )
