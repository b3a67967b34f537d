"""A log of one's own beside a setting: what of it can be used, and what it says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.data.wording import counted
from engine.errors import DataError
from engine.online.answers import SHOWN_BY_GROUP, Answer, answers, by_group, undefined
from engine.online.estimators import ESTIMATORS, Actions
from engine.online.log import Log, refuse_what_says_nothing
from engine.online.plackett_luce import rank_weights
from engine.online.reward_model import Modelled, modelled_rewards
from engine.online.support import Support, support_of
from engine.reranking import rerank
from engine.scenario import NEUTRAL, Scenario

__all__ = ["MOST_RANKS", "answer_log", "usable"]

MOST_RANKS = 50
"""Titles of a person that the policy draws the first place from."""


def usable(
    artifacts: Artifacts, log: Log
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_], list[str]]:
    """Tell which places of a log can be used: the top ones, later than what the fit knows.

    Returns
    -------
    person, item : int64 arrays of shape (n,)
        Rows of the artifacts; -1 where unknown.
    is_usable : bool array of shape (n,)
    notes : list of str
        What is left out, and why.
    """
    person = pd.Index(artifacts.users["user_id"]).get_indexer(pd.Index(log.user_ids))
    item = pd.Index(artifacts.items["item_id"]).get_indexer(pd.Index(log.item_ids))
    is_known = (person >= 0) & (item >= 0)
    is_top, has_chance = log.position == 0, np.isfinite(log.propensity)
    notes = list(log.notes)
    is_later = np.ones(len(log), bool)
    if log.day is None:
        notes.append("The log has no times: all of it is taken to be later than the fit's history.")
    elif artifacts.history_day is not None:
        ends = np.asarray(artifacts.history.indptr)[1:]
        last = np.asarray(artifacts.history_day)[np.maximum(ends - 1, 0)]
        is_later = log.day > last[np.maximum(person, 0)]
    for is_out, why in (
        (~is_known, "people or titles that the fit does not know"),
        (is_known & ~is_top, "places below the top: only the first place is asked about"),
        (
            is_known & is_top & ~is_later,
            "not later than the person's history: the setting as it stands knows what came of them",
        ),
        (is_known & is_top & is_later & ~has_chance, "the chance of the place is not known"),
    ):
        if is_out.any():
            notes.append(f"{counted(int(is_out.sum()), 'row')} left out: {why}.")
    return person, item, is_known & is_top & is_later & has_chance, notes


def answer_log(
    artifacts: Artifacts,
    log: Log,
    scenario: Scenario,
    temperature: float,
    attribute: str,
    baseline: Scenario = NEUTRAL,
) -> tuple[Answer, list[str]]:
    """Answer what a setting would have earned at the first place, if the log can tell.

    The setting's policy draws the first place by the rank of its first 50 titles, see
    :mod:`engine.online.plackett_luce`; so does the baseline's, beside which it is held.

    Raises
    ------
    DataError
        No row of the log can be used.
    """
    refuse_what_says_nothing(log, f"the log ({counted(len(log), 'place')})")
    person, item, is_usable, notes = usable(artifacts, log)
    if not is_usable.any():
        raise DataError(f"No row of the log can be used: {' '.join(notes)}")
    item, log = item[is_usable], log.rows(is_usable)
    people, own = np.unique(person[is_usable], return_inverse=True)
    places = _Places(people, own.astype(np.int64), item, log)
    actions, support = places.beside(artifacts, scenario, temperature)
    base_actions, base_support = places.beside(artifacts, baseline, temperature)
    estimates = {name: of(actions) for name, of in ESTIMATORS.items()}
    base = {
        name: undefined(len(log)) if base_support.refusal else of(base_actions)
        for name, of in ESTIMATORS.items()
    }
    one, base_one, can = estimates[SHOWN_BY_GROUP], base[SHOWN_BY_GROUP], not support.refusal
    answer = Answer(
        support=support,
        slate_support=support,
        logged=float(log.reward.mean()),
        logged_list=np.nan,
        first=answers(estimates, base, log.reward, actions.person) if can else (),
        lists=(),
        groups=by_group(artifacts, people, one, base_one, actions, attribute, actions.person)
        if can
        else (),
        truth=np.nan,
        truth_list=np.nan,
        n_people=len(people),
        n_visits=len(log),
    )
    return answer, notes


@dataclass(frozen=True, eq=False)
class _Places:
    """First places of a log: people as rows of the artifacts, and whose and which each place is."""

    people: NDArray[np.int64]
    own: NDArray[np.int64]
    item: NDArray[np.int64]
    log: Log

    def beside(
        self, artifacts: Artifacts, scenario: Scenario, temperature: float
    ) -> tuple[Actions, Support]:
        """Hold them against a setting's policy."""
        own, item, log = self.own, self.item, self.log
        order = _orders(artifacts, scenario, self.people)
        weights = rank_weights(order.shape[1], temperature) * (order >= 0)
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
        chance = (weights[own] * (order[own] == item[:, None])).sum(axis=1)
        was_logged = np.zeros(artifacts.n_items + 1, bool)
        was_logged[item] = True
        found = _modelled(artifacts, self.people, own, item, log.reward, order, weights)
        actions = Actions(
            reward=log.reward,
            weight=chance / log.propensity,
            is_same=order[own, 0] == item,
            model_own=found.own,
            model_policy=found.policy,
            person=own,
            error=found.error,
        )
        outside = float((weights * ~was_logged[order]).sum(axis=1).mean())
        return actions, support_of(actions.weight, log.propensity, outside=outside)


def _orders(
    artifacts: Artifacts, scenario: Scenario, people: NDArray[np.int64]
) -> NDArray[np.int64]:
    """First titles of each person: the setting's list, then the ranker's order; -1 at the end."""
    lists = rerank(artifacts, scenario, users=people).items
    ranked = np.asarray(artifacts.candidates)[people]
    order = np.full((len(people), MOST_RANKS), -1, np.int64)
    for at, (own, rest) in enumerate(zip(lists, ranked, strict=True)):
        titles = list(dict.fromkeys(int(one) for one in (*own, *rest) if one >= 0))[:MOST_RANKS]
        order[at, : len(titles)] = titles
    return order


def _modelled(
    artifacts: Artifacts,
    people: NDArray[np.int64],
    own: NDArray[np.int64],
    item: NDArray[np.int64],
    reward: NDArray[np.float64],
    order: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> Modelled:
    """Model rewards by taste and popularity, in two folds of people."""
    users, items = np.asarray(artifacts.mf_user_factors)[people], artifacts.mf_item_factors
    popular = np.log1p(np.asarray(artifacts.popularity, np.float64))

    def describe(rows: NDArray[np.int64], titles: NDArray[np.int64]) -> NDArray[np.float64]:
        taste = np.einsum("nd,nd->n", users[rows], np.asarray(items)[titles])
        return np.column_stack([taste, popular[titles]])

    rows = np.repeat(np.arange(len(people)), order.shape[1])
    pools = describe(rows, np.maximum(order.ravel(), 0)).reshape(*order.shape, -1)
    return modelled_rewards(own, describe(own, item), reward, pools, weights)
