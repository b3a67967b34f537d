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

__all__ = ["SHOWN_BY_GROUP", "Answer", "Earned", "GroupEarned", "answers", "by_group", "undefined"]

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
    beside : Verdict
        Of that from the baseline as a policy of the same temperature: what the setting alone does.
    """

    name: str
    value: float
    low: float
    high: float
    change: Verdict
    beside: Verdict


@dataclass(frozen=True)
class GroupEarned:
    """The answer of one group, judged with the others of its attribute."""

    label: str
    n_people: int
    n: int
    logged: float
    value: float
    change: Verdict
    beside: Verdict


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
    estimates: Mapping[str, Estimate],
    baseline: Mapping[str, Estimate],
    reward: NDArray[np.float64],
    cluster: NDArray[np.int64],
) -> tuple[Earned, ...]:
    """Return each estimate with its interval and its differences, each kind judged together.

    Parameters
    ----------
    estimates, baseline : mapping of str to Estimate
        Of the setting's policy, and by the same estimators of the baseline's; undefined where the
        log cannot answer for that.
    reward : float64 array of shape (n,)
        As logged, context by context.
    cluster : int64 array of shape (n,)
        Contexts with one number are not independent.
    """
    logged = mean_of(reward)
    changes = judge([_evidence(one, logged, cluster) for one in estimates.values()])
    beside = judge([_evidence(one, baseline[name], cluster) for name, one in estimates.items()])
    return tuple(
        Earned(name, one.value, *spread_of(one, cluster).interval(one.value), *verdicts)
        for (name, one), *verdicts in zip(estimates.items(), changes, beside, strict=True)
    )


def undefined(n: int) -> Estimate:
    """Return the estimate of what a log cannot answer for."""
    return Estimate(np.nan, np.full(n, np.nan))


FEW_MATCHES = "Too few contexts in which the policy would have done what was logged."


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
    baseline: Estimate,
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
    one, baseline : Estimate
        Of the setting's and the baseline's policy, by an estimator that is a mean of contributions.
    actions : Actions
    attribute : str
    cluster : int64 array of shape (n,)
        As for :func:`answers`.
    """
    groups = groups_of(artifacts, people)
    column = list(artifacts.attributes).index(attribute)
    terms, base_terms = one.value + one.influence, baseline.value + baseline.influence
    rows, changes, besides = [], [], []
    for at in groups.of(attribute):
        is_in = (groups.codes[:, column] == at)[actions.person]
        person = actions.person[is_in]
        if not len(person):
            continue
        was, own = mean_of(actions.reward[is_in]), mean_of(terms[is_in])
        if effective(actions.weight[is_in]) < LEAST_EFFECTIVE:
            own = undefined(len(person))
        rows.append((groups.labels[at], len(np.unique(person)), len(person), was.value, own.value))
        changes.append(_evidence(own, was, cluster[is_in]))
        besides.append(_evidence(own, mean_of(base_terms[is_in]), cluster[is_in]))
    return tuple(
        GroupEarned(*row, *verdicts)
        for row, *verdicts in zip(rows, judge(changes), judge(besides), strict=True)
    )
