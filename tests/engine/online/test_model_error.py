"""What contexts move an estimate by through its model: against counting one of them a bit more."""

from __future__ import annotations

import numpy as np
import pytest

from engine.online.estimators import ESTIMATORS, Actions
from engine.online.reward_model import learned, modelled_rewards

N, N_PEOPLE, POOL = 300, 40, 4


def newton(inputs, rewards, counts):
    """A logistic line with a ridge of 1 on all but the last weight, literally."""
    design = np.column_stack([inputs, np.ones(len(inputs))])
    ridge = np.diag([1.0] * inputs.shape[1] + [0.0])
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (counts * (rewards - chance)) - ridge @ weights
        curvature = (design.T * (counts * chance * (1 - chance))) @ design + ridge
        weights = weights + np.linalg.solve(curvature, slope)
    return weights


def drawn(seed=0):
    rng = np.random.default_rng(seed)
    own = rng.integers(0, N_PEOPLE, N)
    pools = rng.standard_normal((N_PEOPLE, POOL, 2))
    chances = rng.dirichlet(np.ones(POOL), N_PEOPLE)
    inputs = pools[own, rng.integers(0, POOL, N)]
    rewards = (rng.random(N) < 1 / (1 + np.exp(0.5 - inputs[:, 0]))).astype(float)
    return own, inputs, rewards, pools, chances


def test_what_a_context_moves_the_model_by_is_what_counting_it_a_bit_more_does():
    _, inputs, rewards, _, _ = drawn()
    model = learned(inputs, rewards)
    even = np.ones(N)
    np.testing.assert_allclose(model.weights, newton(inputs, rewards, even), atol=2e-3)
    more = [newton(inputs, rewards, even + 1e-4 * (np.arange(N) == at)) for at in (0, 7, 200)]
    for first, other, i, j in ((0, 1, 0, 7), (1, 2, 7, 200)):
        expected = (more[first] - more[other]) / 1e-4
        np.testing.assert_allclose(model.moved[i] - model.moved[j], expected, atol=2e-4)
    np.testing.assert_allclose(model.moved.mean(axis=0), 0, atol=1e-12)


def test_what_it_moves_the_direct_method_by_is_too():
    own, inputs, rewards, pools, chances = drawn(1)
    found = modelled_rewards(own, inputs, rewards, pools, chances)
    through = found.error.influence(np.zeros(N))

    def value(at):
        counts, total = np.ones(N) + 1e-4 * (np.arange(N) == at), 0.0
        for fold in (0, 1):
            other = own % 2 != fold
            weights = newton(inputs[other], rewards[other], counts[other])
            chance = 1 / (1 + np.exp(-(pools @ weights[:2] + weights[2])))
            total += (chances * chance).sum(axis=1)[own[~other]].sum()
        return total / N

    same = np.flatnonzero(own % 2 == 0)[:2]
    expected = (value(same[0]) - value(same[1])) / 1e-4 * N
    assert through[same[0]] - through[same[1]] == pytest.approx(expected, rel=0.02)


def test_the_direct_methods_interval_is_no_longer_a_fraction_of_what_it_must_be():
    """Its values over many logs spread as their errors say; without the model's, by far more."""
    values, errors, alone = [], [], []
    for seed in range(150):
        own, inputs, rewards, pools, chances = drawn(seed + 10)
        pools = drawn(0)[3]
        chances = drawn(0)[4]
        rng = np.random.default_rng(seed)
        inputs = pools[own, rng.integers(0, POOL, N)]
        rewards = (rng.random(N) < 1 / (1 + np.exp(0.5 - inputs[:, 0]))).astype(float)
        model = modelled_rewards(own, inputs, rewards, pools, chances)
        one = np.ones(N)
        log = Actions(rewards, one, one > 0, model.own, model.policy, own, model.error)
        estimate = ESTIMATORS["DM"](log)
        values.append(estimate.value)
        errors.append(estimate.whole.std() / np.sqrt(N))
        alone.append(estimate.influence.std() / np.sqrt(N))
    spread = np.std(values)
    assert np.mean(errors) == pytest.approx(spread, rel=0.25)
    assert np.mean(alone) < 0.6 * spread


def test_rewards_that_are_all_alike_are_modelled_as_that_one_and_owe_nothing():
    own, inputs, _, pools, chances = drawn(2)
    for reward in (0.0, 1.0):
        found = modelled_rewards(own, inputs, np.full(N, reward), pools, chances)
        assert (found.own == reward).all()
        assert found.policy == pytest.approx(reward)
        assert (found.error.influence(np.zeros(N)) == 0).all()
