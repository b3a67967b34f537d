"""Some of the metrics are the same as among all of them, and no other is given for measured."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.metrics.audience import describe
from engine.metrics.registry import AUDIENCE_METRICS, USER_METRICS
from engine.metrics.user_matrix import measure
from tests.engine.metrics.random_service import random_artifacts, random_lists

ARTIFACTS = random_artifacts(90, 50, seed=4)
AUDIENCE = describe(ARTIFACTS)
LISTS, BEFORE = (random_lists(ARTIFACTS, 6, seed=seed) for seed in (1, 2))
WHOLE = measure(AUDIENCE, LISTS, baseline=BEFORE)


@given(st.sets(st.sampled_from((*USER_METRICS, *AUDIENCE_METRICS)), max_size=5))
def test_what_is_asked_for_is_the_same_bit_for_bit(asked):
    some = measure(AUDIENCE, LISTS, baseline=BEFORE, metrics=asked)
    for name in asked.intersection(USER_METRICS):
        np.testing.assert_array_equal(some.column(name), WHOLE.column(name), err_msg=name)
    if not asked.isdisjoint(AUDIENCE_METRICS):
        np.testing.assert_array_equal(some.replicates, WHOLE.replicates)


@pytest.mark.parametrize("name", USER_METRICS)
def test_each_metric_alone_is_the_same(name):
    alone = measure(AUDIENCE, LISTS, baseline=BEFORE, metrics=[name])
    np.testing.assert_array_equal(alone.column(name), WHOLE.column(name))


def test_what_was_not_asked_for_is_an_error_not_a_nan():
    some = measure(AUDIENCE, LISTS, baseline=BEFORE, metrics=["ndcg"])
    with pytest.raises(KeyError, match="ild was not asked for"):
        some.column("ild")
    with pytest.raises(KeyError, match="whole audience"):
        _ = some.replicates
    assert np.isnan(some.values[:, USER_METRICS.index("ild")]).all()
