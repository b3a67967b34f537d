"""A model of rewards for the direct and doubly robust estimators, never used on whom it learned."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from engine.artifacts import Artifacts
from engine.online.experiment import Design, Logged

__all__ = ["modelled_rewards", "pool_features"]

N_FOLDS = 2


def pool_features(artifacts: Artifacts, design: Design) -> NDArray[np.float64]:
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


def modelled_rewards(logged: Logged, features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the modelled reward at the first place of each title of each visit's pool.

    Logistic regression on the first places of the log, in two folds of people: nobody's rewards
    are modelled by what was learned from their own.

    Returns
    -------
    float64 array of shape (n_visits, pool)
    """
    first = logged.slates[:, 0]
    inputs = features[logged.row, first]
    rewards = logged.reward[:, 0]
    fold = logged.row % N_FOLDS
    modelled = np.empty((len(first), features.shape[1]))
    for part in range(N_FOLDS):
        own, others = fold == part, fold != part
        if len(np.unique(rewards[others])) < 2:
            modelled[own] = rewards[others].mean() if others.any() else 0.0
            continue
        model = LogisticRegression().fit(inputs[others], rewards[others])
        by_person = model.predict_proba(features.reshape(-1, features.shape[2]))[:, 1]
        modelled[own] = by_person.reshape(features.shape[:2])[logged.row[own]]
    return modelled
