"""Measures of distance between groups, against Fairlearn and written-out formulas."""

from __future__ import annotations

from itertools import combinations
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.metrics.between_groups import GROUP_MEASURES

MEANS = np.array([0.3, np.nan, 0.5, 0.1])
SIZES = np.array([10.0, 0.0, 30.0, 20.0])


def per_person():
    return [0.3] * 10 + [0.5] * 30 + [0.1] * 20


def entropy_index(values, alpha):
    mean = sum(values) / len(values)
    if alpha == 1:
        return sum(v / mean * log(v / mean) for v in values if v > 0) / len(values)
    return sum((v / mean) ** alpha - 1 for v in values) / (len(values) * alpha * (alpha - 1))


EXPECTED = {
    "gap": 0.5 - 0.1,
    "ratio": 0.1 / 0.5,
    "worst": 0.1,
    "deviation": sqrt(((0.3 - 0.3) ** 2 + (0.5 - 0.3) ** 2 + (0.1 - 0.3) ** 2) / 3),
    "pairwise": sum(abs(a - b) for a, b in combinations([0.3, 0.5, 0.1], 2)) / 3,
    "entropy_index": entropy_index(per_person(), 2),
    "theil": entropy_index(per_person(), 1),
    "variation": float(np.std(per_person()) / np.mean(per_person())),
}


@pytest.mark.parametrize("name", GROUP_MEASURES)
def test_each_measure_is_its_formula(name):
    assert GROUP_MEASURES[name].compute(MEANS, SIZES) == pytest.approx(EXPECTED[name])


@pytest.mark.parametrize("name", GROUP_MEASURES)
def test_one_group_has_no_distance(name):
    assert np.isnan(GROUP_MEASURES[name].compute(np.array([0.3, np.nan]), SIZES[:2]))


@pytest.mark.parametrize("name", GROUP_MEASURES)
@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=6), st.randoms())
def test_equal_groups_are_even_and_order_does_not_matter(name, means, random):
    measure = GROUP_MEASURES[name]
    sizes = np.arange(1.0, len(means) + 1)
    if name != "worst":
        even = measure.compute(np.full(len(means), 0.4), sizes)
        assert even == pytest.approx(measure.even, abs=1e-7)
    order = list(range(len(means)))
    random.shuffle(order)
    mixed = measure.compute(np.array(means)[order], sizes[order])
    assert mixed == pytest.approx(measure.compute(np.array(means), sizes), abs=1e-7)


@pytest.mark.parametrize("name", GROUP_MEASURES)
def test_many_resamples_at_once_are_each_alone(name):
    means = np.random.default_rng(0).random((7, 4))
    means[2, 1] = np.nan
    compute = GROUP_MEASURES[name].compute
    expected = [compute(row, SIZES + 1) for row in means]
    np.testing.assert_allclose(compute(means, SIZES + 1), expected)
