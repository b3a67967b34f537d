"""Each estimator in a few literal lines, two-armed cases in closed form, and what must hold."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.online.estimators import ESTIMATORS, REPLAY, SHRINKAGE, SWITCH_AT, Actions
from engine.online.plackett_luce import draw_slates, marginals, place_chances, rank_weights
from engine.online.slates import SLATE_ESTIMATORS, Slates
from engine.online.spread import spread_of
from engine.online.support import support_of
from tests.engine.online.random_actions import random_actions

seeds = st.integers(0, 2**31)


def some_log(seed: int, n: int = 60) -> Actions:
    return random_actions(np.random.default_rng(seed), n, sigma=1.5, n_people=12)


@given(seeds)
def test_every_estimator_is_what_its_formula_says_row_by_row(seed):
    log = some_log(seed)
    rows = list(
        zip(
            log.reward.tolist(),
            log.weight.tolist(),
            log.is_same.tolist(),
            log.model_own.tolist(),
            log.model_policy.tolist(),
            strict=True,
        )
    )
    n = len(rows)
    same = [r for r, _, s, _, _ in rows if s]
    total = sum(w for _, w, _, _, _ in rows)
    expected = {
        "IPW": sum(w * r for r, w, _, _, _ in rows) / n,
        "SNIPW": sum(w * r for r, w, _, _, _ in rows) / total,
        "DM": sum(p for _, _, _, _, p in rows) / n,
        "DR": sum(p + w * (r - q) for r, w, _, q, p in rows) / n,
        "SNDR": sum(p for _, _, _, _, p in rows) / n
        + sum(w * (r - q) for r, w, _, q, _ in rows) / total,
        "Switch-DR": sum(p + (w * (r - q) if w <= SWITCH_AT else 0) for r, w, _, q, p in rows) / n,
        "DRos": sum(p + SHRINKAGE * w / (w * w + SHRINKAGE) * (r - q) for r, w, _, q, p in rows)
        / n,
    }
    if len(same) >= 20:
        expected[REPLAY] = sum(same) / len(same)
    for name, one in ESTIMATORS.items():
        found = one(log)
        if name in expected:
            assert found.value == pytest.approx(expected[name])
            assert found.influence.mean() == pytest.approx(0, abs=1e-9)
        else:
            assert np.isnan(found.value)


@given(seeds)
def test_of_the_logging_policy_itself_ipw_is_the_mean_reward(seed):
    log = some_log(seed)
    own = Actions(**{**vars(log), "weight": np.ones(len(log.reward))})
    for name in ("IPW", "SNIPW"):
        assert ESTIMATORS[name](own).value == pytest.approx(log.reward.mean())
        assert ESTIMATORS[name](own).influence == pytest.approx(log.reward - log.reward.mean())


@given(seeds)
def test_with_a_perfect_model_weights_add_no_variance_to_the_doubly_robust(seed):
    log = some_log(seed)
    perfect = Actions(**{**vars(log), "model_own": log.reward})
    model = ESTIMATORS["DM"](perfect)
    for name in ("DR", "SNDR", "Switch-DR", "DRos"):
        found = ESTIMATORS[name](perfect)
        assert found.value == pytest.approx(model.value)
        assert found.influence == pytest.approx(model.influence)


def two_arms(n: int, first: float, *, seed: int = 0) -> Actions:
    """Arms that pay 0.2 and 0.6, logged half and half; the policy takes the first at ``first``."""
    rng = np.random.default_rng(seed)
    arm = rng.integers(0, 2, n)
    pays = np.array([0.2, 0.6])
    policy = np.array([first, 1 - first])
    return Actions(
        reward=(rng.random(n) < pays[arm]).astype(float),
        weight=policy[arm] / 0.5,
        is_same=arm == policy.argmax(),
        model_own=pays[arm],
        model_policy=np.full(n, policy @ pays),
        person=np.arange(n),
    )


@pytest.mark.parametrize("first", [0.0, 0.3, 0.9])
def test_two_arms_pay_what_is_known_within_the_known_error(first):
    n = 40_000
    log = two_arms(n, first)
    value = first * 0.2 + (1 - first) * 0.6
    second = sum(p**2 / 0.5 * pay for p, pay in ((first, 0.2), (1 - first, 0.6)))
    error = np.sqrt((second - value**2) / n)
    found = ESTIMATORS["IPW"](log)
    assert abs(found.value - value) < 4 * error
    assert spread_of(found, log.person).error == pytest.approx(error, rel=0.03)
    for name in ("SNIPW", "DR", "SNDR", "Switch-DR", "DRos"):
        assert abs(ESTIMATORS[name](log).value - value) < 4 * error


def test_the_effective_size_is_kishs():
    support = support_of(np.array([2.0, 1.0, 1.0]), np.array([0.5, 0.0005, 0.2]))
    assert support.effective == pytest.approx(16 / 6)
    assert support.largest == 2
    assert support.rare == pytest.approx(1 / 3)
    assert "The log cannot answer: its 3 contexts are worth 3" in support.refusal
    assert support_of(np.ones(100), np.ones(100)).refusal == ""
    assert support_of(np.zeros(100), np.ones(100)).effective == 0


def test_weights_that_do_not_average_1_are_said_and_chance_is_not():
    rng = np.random.default_rng(0)
    right = rng.exponential(1.0, 4000)
    chances = np.full(4000, 0.1)
    assert not support_of(right, chances).is_off
    assert "not 1" not in support_of(right, chances).words
    assert "average 0.2" in support_of(right / 4, chances).words
    assert not support_of(rng.exponential(1.3, 20), chances[:20]).is_off
    assert not support_of(np.zeros(9), chances[:9]).is_off


def literal_chance(weights, slate) -> float:
    left, chance = list(range(len(weights))), 1.0
    for title in slate:
        chance *= weights[title] / sum(weights[other] for other in left)
        left.remove(title)
    return chance


@given(seeds, st.integers(2, 5), st.data())
def test_chances_of_places_are_those_of_all_orders_added_up(seed, m, data):
    k = data.draw(st.integers(1, m))
    weights = np.random.default_rng(seed).random((2, m)) + 0.05
    found = marginals(weights, k)
    for row in range(2):
        expected = np.zeros((k, m))
        for slate in permutations(range(m), k):
            chance = literal_chance(weights[row], slate)
            for place, title in enumerate(slate):
                expected[place, title] += chance
            given_above = place_chances(weights[[row]], np.array([slate]))[0]
            assert given_above.prod() == pytest.approx(chance)
        assert found[row] == pytest.approx(expected)
    assert found.sum(axis=2) == pytest.approx(1.0)


def test_slates_are_drawn_with_those_chances():
    n = 40_000
    weights = np.tile([0.5, 0.3, 0.15, 0.05], (n, 1))
    slates = draw_slates(weights, 2, np.random.default_rng(0))
    chances = marginals(weights[:1], 2)[0]
    for place in range(2):
        shares = np.bincount(slates[:, place], minlength=4) / n
        assert shares == pytest.approx(chances[place], abs=0.012)


@given(seeds)
def test_slate_estimators_are_what_their_formulas_say(seed):
    rng = np.random.default_rng(seed)
    reward, above, at = (rng.random((20, 3)) for _ in range(3))
    log = Slates(reward, above, at)
    standard = sum(np.prod(above[i]) * sum(reward[i]) for i in range(20)) / 20
    independent = sum(at[i, j] * reward[i, j] for i in range(20) for j in range(3)) / 20
    chained = (
        sum(np.prod(above[i, : j + 1]) * reward[i, j] for i in range(20) for j in range(3)) / 20
    )
    values = [one(log).value for one in SLATE_ESTIMATORS.values()]
    assert values == pytest.approx([standard, independent, chained])


def test_one_place_makes_all_slate_estimators_ipw():
    rng = np.random.default_rng(2)
    ratio, reward = rng.random((30, 1)), rng.random((30, 1))
    values = {one(Slates(reward, ratio, ratio)).value for one in SLATE_ESTIMATORS.values()}
    assert max(values) - min(values) < 1e-12


def test_a_temperature_sharpens_or_evens_a_ranking():
    assert rank_weights(5, 0.05)[0] > 0.99
    assert np.ptp(rank_weights(5, 20.0)) < 0.03
    with pytest.raises(Exception, match=r"must be from 0\.05 to 20; got 0"):
        rank_weights(5, 0.0)
