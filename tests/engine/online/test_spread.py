"""Intervals of skewed contributions: against roots found by search, and against chance itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from engine.metrics.statistics.evidence import student
from engine.metrics.statistics.skewed import skewed
from engine.online.estimators import ESTIMATORS, Actions, mean_of
from engine.online.spread import Spread, spread_of
from tests.engine.online.random_actions import random_actions

seeds = st.integers(0, 2**31)
small = st.floats(-0.4, 0.4)


def halls_ends(sample: np.ndarray, alpha: float) -> tuple[float, float]:
    """Hall's interval of a mean of independent values, its cubic turned round by search."""
    n, mean = len(sample), sample.mean()
    skewness = ((sample - mean) ** 3).mean() / ((sample - mean) ** 2).mean() ** 1.5
    over = skewness / np.sqrt(n)

    def cubic(t: float) -> float:
        return t + over * t**2 / 3 + over**2 * t**3 / 27 + over / 6

    error = sample.std(ddof=1) / np.sqrt(n)
    half = stats.t.isf(alpha / 2, n - 1)
    roots = [optimize.brentq(lambda t, y=y: cubic(t) - y, -1e4, 1e4) for y in (half, -half)]
    return mean - error * roots[0], mean - error * roots[1]


@given(seeds, st.integers(5, 60), st.sampled_from([0.01, 0.05, 0.2]))
def test_of_a_mean_the_interval_is_halls(seed, n, alpha):
    sample = np.random.default_rng(seed).lognormal(0, 1.2, n)
    one = mean_of(sample)
    found = spread_of(one, np.arange(n)).judged(one.value)[1](alpha)
    assert found == pytest.approx(halls_ends(sample, alpha), rel=1e-6)


@given(st.floats(-3, 3), st.floats(0.1, 2), small, small, st.floats(0.001, 0.5))
def test_an_interval_leaves_0_out_where_p_is_below_its_error(value, error, bend, shift, alpha):
    p, ends = skewed(value, error, 30.0, bend, shift)
    low, high = ends(alpha)
    assert low < high
    if abs(p - alpha) > 1e-9:
        assert (low > 0 or high < 0) == (p < alpha)
    wider = ends(alpha / 2)
    assert wider[0] < low
    assert high < wider[1]


@given(st.floats(-3, 3), st.floats(0.1, 2), small, small)
def test_the_other_way_round_is_the_mirror(value, error, bend, shift):
    low, high = skewed(value, error, 30.0, bend, shift)[1](0.05)
    mirrored = skewed(-value, error, 30.0, -bend, -shift)[1](0.05)
    assert mirrored == pytest.approx((-high, -low), rel=1e-9, abs=1e-9)


@given(seeds)
def test_without_skewness_it_is_students(seed):
    half = np.random.default_rng(seed).normal(size=40)
    one = mean_of(np.concatenate([half, -half]) + 3)
    spread = spread_of(one, np.arange(80))
    assert spread.bend == pytest.approx(0, abs=1e-12)
    assert spread.interval(3.0) == pytest.approx(
        student(3.0, spread.error, 79.0)[1](0.05), rel=1e-9
    )


@given(seeds)
def test_contexts_that_stand_thrice_count_as_one_also_in_how_skewed_they_are(seed):
    rng = np.random.default_rng(seed)
    log = random_actions(rng, 90)
    for name in ("IPW", "SNIPW", "SNDR"):
        once = spread_of(ESTIMATORS[name](log), log.person)
        many = Actions(**{
            key: np.tile(part, 3) for key, part in vars(log).items() if part is not None
        })  # fmt: skip
        assert spread_of(ESTIMATORS[name](many), many.person) == pytest.approx(once, rel=1e-6)


def test_a_log_of_one_person_or_of_one_value_says_no_more_than_it_can():
    one = mean_of(np.array([1.0, 0.0, 1.0]))
    assert np.isnan(spread_of(one, np.zeros(3, int)).interval(one.value)).all()
    alike = mean_of(np.ones(30))
    assert spread_of(alike, np.arange(30)) == Spread(0.0, 30, 0.0, 0.0)
    assert spread_of(alike, np.arange(30)).interval(1.0) == (1.0, 1.0)


N, N_LOGS = 100, 3000
WIDE = 1.2
"""Of the logarithm of weights: the largest of 200 is then some 20."""


def pays(draw: np.ndarray) -> np.ndarray:
    return np.full(len(draw), 0.85)


def modelled(draw: np.ndarray) -> np.ndarray:
    return np.where(draw > 0, 0.3, 0.5)


def weighted(rng: np.random.Generator) -> Actions:
    """Contexts of people with one to three of them; weights skewed, rewards on them."""
    person = np.repeat(np.arange(N), rng.integers(1, 4, N))
    taste = rng.normal(size=N)[person]
    draw = (taste + rng.normal(size=len(person))) / np.sqrt(2)
    reward = (rng.random(len(person)) < pays(draw)).astype(float)
    weight = np.exp(WIDE * draw - WIDE**2 / 2)
    return Actions(reward, weight, draw > 0, modelled(draw), np.full(len(draw), 0.4), person)


def missed(name: str) -> tuple[np.ndarray, np.ndarray]:
    """How often the truth lies above and below: by the interval, and by Student's."""
    normal = np.random.default_rng(0).normal(size=2_000_000)
    weight = np.exp(WIDE * normal - WIDE**2 / 2)
    own = pays(normal)
    truth = {
        "IPW": (weight * own).mean(),
        "SNIPW": (weight * own).mean() / weight.mean(),
        "SNDR": 0.4 + (weight * (own - modelled(normal))).mean() / weight.mean(),
    }[name]
    rng, counts = np.random.default_rng(1), np.zeros((2, 2))
    for _ in range(N_LOGS):
        log = weighted(rng)
        one = ESTIMATORS[name](log)
        spread = spread_of(one, log.person)
        plain = spread._replace(bend=0.0, shift=0.0)
        for row, (low, high) in enumerate(each.interval(one.value) for each in (spread, plain)):
            counts[row] += (truth > high, truth < low)
    found = counts / N_LOGS
    return found[0], found[1]


@pytest.mark.parametrize("name", ["IPW", "SNIPW", "SNDR"])
def test_heavy_weights_are_missed_less_often_and_more_alike_on_both_sides(name):
    found, plain = missed(name)
    assert abs(found[0] - found[1]) < abs(plain[0] - plain[1])
    assert abs(found.sum() - 0.05) < abs(plain.sum() - 0.05)
