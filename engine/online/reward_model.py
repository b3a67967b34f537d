"""A model of rewards for the direct and doubly robust estimators, never used on whom it learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from engine.artifacts import Artifacts
from engine.online.experiment import Design
from engine.online.model_error import ModelError

__all__ = ["N_FOLDS", "Modelled", "RewardModel", "learned", "modelled_rewards", "pool_features"]

N_FOLDS = 2

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RewardModel:
    """A logistic line, or one chance for all where the rewards it learned from are all alike.

    Attributes
    ----------
    weights : float64 array of shape (n_inputs + 1,)
        The last one stands for all; not finite where all rewards were 0 or 1.
    moved : float64 array of shape (n, n_inputs + 1)
        What each context that it learned from moved the weights by, to first order: the inverse
        of the loss's curvature times the slope of the context's own loss, less the mean of all.
    """

    weights: Floats
    moved: Floats

    def chance(self, inputs: Floats) -> Floats:
        """Return the modelled reward of inputs of shape (..., n_inputs)."""
        if not np.isfinite(self.weights[-1]):
            return np.full(inputs.shape[:-1], expit(self.weights[-1]))
        return expit(inputs @ self.weights[:-1] + self.weights[-1])

    def slopes(self, inputs: Floats) -> Floats:
        """Return by how much the modelled reward rises with each weight, one more column."""
        chance = self.chance(inputs)[..., None]
        return chance * (1 - chance) * _with_one(inputs)


def _with_one(inputs: Floats) -> Floats:
    return np.concatenate([inputs, np.ones((*inputs.shape[:-1], 1))], axis=-1)


def learned(inputs: Floats, rewards: Floats) -> RewardModel:
    """Learn a logistic line from contexts.

    Parameters
    ----------
    inputs : float64 array of shape (n, n_inputs)
    rewards : float64 array of shape (n,)
        0 or 1.
    """
    n_weights = inputs.shape[1] + 1
    if len(np.unique(rewards)) < 2:
        constant = np.zeros(n_weights)
        constant[-1] = np.inf if len(rewards) and rewards[0] > 0 else -np.inf
        return RewardModel(constant, np.zeros((len(rewards), n_weights)))
    found = LogisticRegression().fit(inputs, rewards)
    weights = np.append(found.coef_[0], found.intercept_)
    design = _with_one(inputs)
    chance = expit(design @ weights)
    curvature = (design * (chance * (1 - chance))[:, None]).T @ design
    curvature[np.diag_indices(n_weights - 1)] += 1 / found.C
    moved = np.linalg.solve(curvature, (design * (rewards - chance)[:, None]).T).T
    return RewardModel(weights, moved - moved.mean(axis=0))


@dataclass(frozen=True, eq=False)
class Modelled:
    """Modelled rewards of a log.

    Attributes
    ----------
    own : float64 array of shape (n,)
        Of the logged action.
    policy : float64 array of shape (n,)
        Mean over the actions of the policy asked about.
    error : ModelError
    """

    own: Floats
    policy: Floats
    error: ModelError


def pool_features(artifacts: Artifacts, design: Design) -> Floats:
    """Describe each title of each pool, shape (n_people, pool, 3).

    Taste (the product of factors), popularity (log), and the rank by the baseline (log); each
    standardised.
    """
    rows = design.world.people[design.people]
    people = np.asarray(artifacts.mf_user_factors)[rows]
    items = np.asarray(artifacts.mf_item_factors)[design.pools]
    taste = np.einsum("ud,umd->um", people, items)
    popular = np.log1p(np.asarray(artifacts.popularity, np.float64))[design.pools]
    rank = np.broadcast_to(np.log1p(np.arange(design.pools.shape[1])), taste.shape)
    parts = np.stack([taste, popular, rank], axis=2).astype(np.float64)
    spread = parts.std(axis=(0, 1))
    return (parts - parts.mean(axis=(0, 1))) / np.where(spread > 0, spread, 1.0)


def modelled_rewards(
    own: NDArray[np.int64], inputs: Floats, rewards: Floats, pools: Floats, chances: Floats
) -> Modelled:
    """Model the rewards of logged actions and of a policy, in two folds of people.

    Nobody's rewards are modelled by what was learned from their own.

    Parameters
    ----------
    own : int64 array of shape (n,)
        Whose context each is, as a row of ``pools``.
    inputs : float64 array of shape (n, n_inputs)
        Of the logged actions.
    rewards : float64 array of shape (n,)
    pools : float64 array of shape (n_people, pool, n_inputs)
        Of what the policy may do for each person.
    chances : float64 array of shape (n_people, pool)
        With which it does.
    """
    fold = own % N_FOLDS
    of_own, of_policy = np.empty(len(own)), np.empty(len(own))
    shape = (len(own), inputs.shape[1] + 1)
    own_slopes, policy_slopes = np.empty(shape), np.empty(shape)
    moved = np.zeros((N_FOLDS, *shape))
    for part in range(N_FOLDS):
        is_own, others = fold == part, fold != part
        model = learned(inputs[others], rewards[others])
        moved[part, others] = model.moved
        of_own[is_own] = model.chance(inputs[is_own])
        own_slopes[is_own] = model.slopes(inputs[is_own])
        rows = own[is_own]
        of_policy[is_own] = (chances * model.chance(pools)).sum(axis=1)[rows]
        slopes = np.einsum("um,umd->ud", chances, model.slopes(pools))
        policy_slopes[is_own] = slopes[rows]
    error = ModelError(fold, own_slopes, policy_slopes, moved)
    return Modelled(of_own, of_policy, error)
