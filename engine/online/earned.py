"""What a setting would have earned by a designed log: support first, then the estimators."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.online.answers import SHOWN_BY_GROUP, Answer, answers, by_group
from engine.online.estimators import ESTIMATORS, Actions
from engine.online.experiment import Design, Logged, simulate_log
from engine.online.plackett_luce import place_chances
from engine.online.reward_model import Modelled, modelled_rewards, pool_features
from engine.online.slates import SLATE_ESTIMATORS, Slates
from engine.online.support import support_of

__all__ = ["actions_of", "earned", "slates_of", "true_worth"]

ALONE = "Independent IPS"
"""Asked where whole lists have no support: its weights do not multiply."""

TRUTH_VISITS = 400_000
"""Simulated visits behind the truth where it has no closed form (the cascade)."""


def actions_of(logged: Logged, features: NDArray[np.float64]) -> Actions:
    """Read the first places of a log; features as :func:`pool_features` makes them."""
    design, rows, first = logged.design, logged.row, logged.slates[:, :1]
    before, after = design.logging[rows], design.target[rows]
    own = np.take_along_axis(after, first, axis=1) / np.take_along_axis(before, first, axis=1)
    weight = own[:, 0] * before.sum(axis=1) / after.sum(axis=1)
    modelled = _first_modelled(logged, features)
    return Actions(
        reward=logged.reward[:, 0],
        weight=weight,
        is_same=after.argmax(axis=1) == first[:, 0],
        model_own=modelled.own,
        model_policy=modelled.policy,
        person=rows,
        error=modelled.error,
    )


def _first_modelled(logged: Logged, features: NDArray[np.float64]) -> Modelled:
    target = logged.design.target
    chances = target / target.sum(axis=1, keepdims=True)
    inputs = features[logged.row, logged.slates[:, 0]]
    return modelled_rewards(logged.row, inputs, logged.reward[:, 0], features, chances)


def slates_of(logged: Logged) -> Slates:
    """Read whole lists of a log."""
    design, rows, slates = logged.design, logged.row, logged.slates
    before, after = design.chances
    place = np.arange(slates.shape[1])
    at = (rows[:, None], place, slates)
    return Slates(
        reward=logged.reward,
        given_above=place_chances(design.target[rows], slates)
        / place_chances(design.logging[rows], slates),
        at_place=after[at] / before[at],
    )


def earned(artifacts: Artifacts, logged: Logged, attribute: str) -> Answer:
    """Answer from a log, if it can.

    Parameters
    ----------
    artifacts : Artifacts
    logged : Logged
    attribute : str
        Whose groups are answered for.
    """
    design, beside = logged.design, replace(logged, design=logged.design.of_baseline)
    features = pool_features(artifacts, design)
    actions, slates = actions_of(logged, features), slates_of(logged)
    base_actions, base_slates = actions_of(beside, features), slates_of(beside)
    before = np.take_along_axis(design.logging[logged.row], logged.slates[:, :1], axis=1)[:, 0]
    support = support_of(actions.weight, before)
    whole = support_of(
        slates.given_above.prod(axis=1),
        place_chances(design.logging[logged.row], logged.slates).prod(axis=1),
    )
    first, base_first = ({name: of(one) for name, of in ESTIMATORS.items()}
                         for one in (actions, base_actions))  # fmt: skip
    lists, base_lists = ({name: of(one) for name, of in SLATE_ESTIMATORS.items()}
                         for one in (slates, base_slates))  # fmt: skip
    # Everybody is in the log's lottery: visits are independent draws from all there are.
    visits = np.arange(len(logged.row))
    can, can_lists = not support.refusal, not whole.refusal
    total = slates.reward.sum(axis=1)
    kept = lists if can_lists else {ALONE: lists[ALONE]}
    is_known = design.world.is_true
    people = design.world.people[design.people]
    one, base = first[SHOWN_BY_GROUP], base_first[SHOWN_BY_GROUP]
    return Answer(
        support=support,
        slate_support=whole,
        logged=float(actions.reward.mean()),
        logged_list=float(total.mean()),
        first=answers(first, base_first, actions.reward, visits) if can else (),
        lists=answers(kept, base_lists, total, visits) if can else (),
        groups=by_group(artifacts, people, one, base, actions, attribute, visits) if can else (),
        truth=true_worth(design, 1) if is_known else np.nan,
        truth_list=true_worth(design, design.config.places) if is_known else np.nan,
        n_people=len(np.unique(logged.row)),
        n_visits=len(logged.row),
    )


def true_worth(design: Design, places: int) -> float:
    """Return the plays at the first places of a list of the policy asked about, in this world.

    Exact where each place stands by itself, and at the first one where nothing below can take from
    it; else the mean of many simulated visits.
    """
    model = design.model
    if model.is_placewise or (places == 1 and not model.competition):
        return float(design.worth(design.chances[1], places).mean())
    many = replace(design, config=replace(design.config, visits=TRUTH_VISITS))
    reward = simulate_log(many, seed=1_000_000, policy="target").reward
    return float(reward[:, :places].sum(axis=1).mean())
