"""Groups: each is the metric on that group alone; sums add up; nobody is NaN."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from engine.metrics.audience import describe
from engine.metrics.groups import by_group, difference_by_group
from engine.metrics.kernels import group_sums
from engine.metrics.user_matrix import measure
from tests.engine.metrics.given_values import with_values
from tests.engine.metrics.random_service import random_artifacts, random_lists

K = 5


@settings(max_examples=20)
@given(seed=st.integers(0, 50), n_groups=st.integers(1, 5), n_users=st.integers(1, 60))
def test_a_group_is_the_metric_on_that_group_alone(seed, n_groups, n_users):
    """A well-known tool reports the overall value for each group; this is the test it fails."""
    artifacts = random_artifacts(n_users, 30, seed=seed)
    audience = describe(artifacts)
    lists, baseline = random_lists(artifacts, K, seed=seed), artifacts.candidates[:, :K]
    codes = np.random.default_rng(seed).integers(-1, n_groups, n_users)
    table = by_group(measure(audience, lists, baseline=baseline), codes, n_groups)
    for group in range(n_groups):
        people = np.flatnonzero(codes == group)
        assert table.n[group] == len(people)
        if not len(people):
            assert np.isnan(table.mean[group]).all()
            continue
        alone = measure(audience, lists[people], baseline=baseline[people], users=people)
        for column in range(alone.values.shape[1]):
            values = alone.values[:, column].astype(float)
            values = values[~np.isnan(values)]
            assert table.n_defined[group, column] == len(values)
            expected = values.mean() if len(values) else np.nan
            assert table.mean[group, column] == pytest.approx(expected, rel=1e-12, nan_ok=True)
            spread = values.std(ddof=1) if len(values) > 1 else np.nan
            assert table.sd[group, column] == pytest.approx(spread, rel=1e-6, abs=1e-6, nan_ok=True)


@pytest.fixture(scope="module")
def measured():
    artifacts = random_artifacts(300, 40, seed=4)
    return measure(describe(artifacts), random_lists(artifacts, K, seed=4))


@settings(max_examples=20)
@given(cut=st.integers(0, 300))
def test_two_parts_add_up_to_the_whole(cut):
    artifacts = random_artifacts(300, 40, seed=4)
    whole = measure(describe(artifacts), random_lists(artifacts, K, seed=4))
    codes = np.arange(300) % 3
    parts = [
        by_group(whole.values[part], codes[part], 3) for part in (slice(0, cut), slice(cut, None))
    ]
    both, table = parts[0] + parts[1], by_group(whole, codes, 3)
    np.testing.assert_array_equal(both.n, table.n)
    np.testing.assert_array_equal(both.n_defined, table.n_defined)
    np.testing.assert_allclose(both.total, table.total, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(both.squares, table.squares, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(both.cubes, table.cubes, rtol=1e-12, atol=1e-12)
    for ours, theirs in ((both.low, table.low), (both.high, table.high)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-9)


def test_sizes_weigh_the_groups_to_the_overall_mean(measured):
    codes = np.arange(300) % 4
    table, overall = by_group(measured, codes, 4), by_group(measured, np.zeros(300, int), 1)
    n = table.n_defined.sum(axis=0)
    weighed = np.nansum(table.mean * table.n_defined, axis=0)
    np.testing.assert_allclose(weighed, np.nan_to_num(overall.mean[0]) * n, rtol=1e-12)
    assert np.isnan(overall.mean[0, n == 0]).all()


def test_the_interval_of_a_symmetric_metric_is_nearly_that_of_the_t_test():
    values = np.random.default_rng(0).normal(0.5, 0.1, (4000, 1)).astype(np.float32)
    codes = (np.arange(4000) >= 200).astype(np.int64)
    table = by_group(values, codes, 2, names=("ild_genres",))
    for group in range(2):
        own = values[codes == group, 0].astype(float)
        expected = stats.ttest_1samp(own, 0).confidence_interval(0.95)
        width = expected.high - expected.low
        assert table.low[group, 0] == pytest.approx(expected.low, abs=0.05 * width)
        assert table.high[group, 0] == pytest.approx(expected.high, abs=0.05 * width)


def test_too_few_events_have_a_mean_and_no_interval():
    """Of 23 people none had a hit, and the interval was as if that were certain."""
    values = np.zeros((400, 1), np.float32)
    values[23:55] = 1.0
    codes = (np.arange(400) >= 23).astype(np.int64)
    table = by_group(values, codes, 2, names=("recall_tail",))
    assert table.mean[0, 0] == 0
    assert np.isnan([table.low[0, 0], table.high[0, 0]]).all()
    assert table.low[1, 0] < table.mean[1, 0] < table.high[1, 0]
    other = by_group(1 - values, codes, 2, names=("recall_tail",))
    assert np.isnan([other.low[0, 0], other.high[0, 0]]).all()


def test_an_interval_leans_to_where_the_metric_has_its_tail():
    """Of many zeros and few large values, the truth lies above what is seen more often by far."""
    values = np.random.default_rng(0).binomial(1, 0.1, (300, 1)).astype(np.float32)
    table = by_group(values, np.arange(300) % 3, 3, names=("aplt",))
    assert (table.high - table.mean > table.mean - table.low).all()
    turned = by_group(-values, np.arange(300) % 3, 3, names=("aplt",), is_difference=True)
    np.testing.assert_allclose(
        turned.low,
        -by_group(values, np.arange(300) % 3, 3, names=("aplt",), is_difference=True).high,
    )


def test_many_rows_are_summed_in_parts_and_give_the_same():
    values = np.random.default_rng(0).random((120_000, 3)).astype(np.float32)
    values[::7, 1] = np.nan
    codes = np.arange(120_000) % 5
    before = np.random.default_rng(1).random((120_000, 3)).astype(np.float32)
    before[::11] = np.nan
    change = values - before
    change[np.abs(change) <= 1e-6] = 0.0
    for old, changed in ((None, values), (before, change)):
        parts = group_sums.add_up(values, codes, 5, before=old)
        for found, plain in zip(parts, plain_sums(changed, codes, 5), strict=True):
            np.testing.assert_allclose(found, plain, rtol=1e-12, atol=1e-9)


def plain_sums(values, codes, n_groups):
    rows = [values[codes == group].astype(float) for group in range(n_groups)]
    return (
        np.array([(~np.isnan(row)).sum(axis=0) for row in rows]),
        np.array([np.nansum(row, axis=0) for row in rows]),
        np.array([np.nansum(row**2, axis=0) for row in rows]),
        np.array([np.nansum(row**3, axis=0) for row in rows]),
        np.array([(np.nan_to_num(row) != 0).sum(axis=0) for row in rows]),
    )


def test_all_alike_is_not_certain_for_few_people():
    """Thirty misses out of thirty do not prove that the hit rate is 0 (the rule of three)."""
    table = by_group(np.zeros((30, 1), np.float32), np.zeros(30, int), 1, names=("hit",))
    assert table.low[0, 0] == 0
    assert table.high[0, 0] == pytest.approx(1 - 0.05 ** (1 / 30))
    unchanged = by_group(
        np.zeros((30, 1), np.float32), np.zeros(30, int), 1, names=("hit",), is_difference=True
    )
    assert unchanged.low[0, 0] == unchanged.high[0, 0] == 0


def test_one_person_has_a_value_and_no_interval():
    table = by_group(np.full((1, 1), 0.4, np.float32), np.zeros(1, int), 1, names=("ndcg",))
    assert table.mean[0, 0] == pytest.approx(0.4)
    assert np.isnan([table.low[0, 0], table.high[0, 0]]).all()


def test_a_change_is_paired(measured):
    later = with_values(measured, measured.values + np.float32(0.25))
    table = difference_by_group(later, measured, np.zeros(300, int), 1)
    has = table.n_defined[0] > 1
    np.testing.assert_allclose(table.mean[0, has], 0.25, rtol=1e-5)
    assert (table.sd[0, has] < 1e-5).all()
