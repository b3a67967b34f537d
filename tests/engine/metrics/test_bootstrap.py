"""Resampling: counts and signs that are what they should be; intervals and p against exact ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from scipy import stats

from engine.metrics.audience import describe
from engine.metrics.gap_null import gap_null
from engine.metrics.groups import by_group, difference_by_group
from engine.metrics.registry import COLUMN
from engine.metrics.user_matrix import measure
from tests.engine.metrics.bootstrap import bootstrap
from tests.engine.metrics.draws import draw_counts, draw_signs
from tests.engine.metrics.given_values import with_values
from tests.engine.metrics.random_service import random_artifacts
from tests.engine.metrics.sign_flip import sign_flip_p


@pytest.fixture(scope="module")
def audience():
    return describe(random_artifacts(400, 60, seed=9))


@pytest.fixture(scope="module")
def measured(audience):
    return measure(audience, audience.ranking[:, 2:8], baseline=audience.ranking[:, :6])


@pytest.fixture(scope="module")
def baseline(audience):
    return measure(audience, audience.ranking[:, :6])


def test_every_resample_draws_each_group_to_its_size():
    bounds = np.array([0, 7, 7, 50])
    counts = np.zeros((300, 50), np.float32)
    draw_counts(1, 0, bounds, counts)
    assert (counts[:, :7].sum(axis=1) == 7).all()
    assert (counts[:, 7:].sum(axis=1) == 43).all()
    # Each row is drawn once on average: 300 · 50 draws over 50 rows, binomial.
    error = np.sqrt(300 * (1 - 1 / 43))
    assert (np.abs(counts.sum(axis=0)[7:] - 300) < 5 * error).all()


def test_resamples_do_not_depend_on_how_many_are_made_at_once():
    bounds = np.array([0, 20])
    whole, part = np.zeros((6, 20), np.float32), np.zeros((2, 20), np.float32)
    draw_counts(3, 0, bounds, whole)
    draw_counts(3, 4, bounds, part)
    np.testing.assert_array_equal(whole[4:], part)
    other = np.zeros((6, 20), np.float32)
    draw_counts(4, 0, bounds, other)
    assert (whole != other).any()


def test_signs_are_even_and_differ_between_rows():
    signs = np.empty((500, 130), np.float32)
    draw_signs(0, 0, signs)
    assert set(np.unique(signs)) == {-1.0, 1.0}
    assert np.abs(signs.mean(axis=0)).max() < 5 / np.sqrt(500)
    assert np.abs(np.corrcoef(signs.T) - np.eye(130)).max() < 6 / np.sqrt(500)


@pytest.mark.parametrize("name", ["ndcg", "ild", "arp", "hit"])
def test_means_and_changes_have_the_interval_of_the_plain_bootstrap(
    name, audience, measured, baseline
):
    codes = audience.codes("age")
    found = bootstrap(measured, baseline, codes, 4, n_resamples=2000)
    assert np.isnan(found.low[3]).all()
    rng = np.random.default_rng(0)
    column = COLUMN[name]
    for row, part in ((0, codes == 0), (2, codes == 2)):
        now = measured.values[part, column].astype(float)
        change = now - baseline.values[part, column]
        for values, low, high in (
            (now, found.low, found.high),
            (change, found.change_low, found.change_high),
        ):
            drawn = values[rng.integers(0, len(values), (4000, len(values)))]
            expected = np.percentile(np.nanmean(drawn, axis=1), [2.5, 97.5])
            width = np.diff(expected)[0]
            assert low[row, column] == pytest.approx(expected[0], abs=0.12 * width)
            assert high[row, column] == pytest.approx(expected[1], abs=0.12 * width)


def test_live_intervals_stand_up_to_the_bootstrap(audience, measured, baseline):
    """The t interval that the pages show, against the bootstrap that checks it."""
    codes = audience.codes("gender")
    found = bootstrap(measured, baseline, codes, 2, n_resamples=2000)
    live = by_group(measured, codes, 2)
    change = difference_by_group(measured, baseline, codes, 2)
    for name in ("ndcg", "ild", "novelty", "mean_age", "aplt"):
        column = COLUMN[name]
        for group in range(2):
            width = live.high[group, column] - live.low[group, column]
            assert found.low[group, column] == pytest.approx(
                live.low[group, column], abs=0.12 * width
            )
            width = change.high[group, column] - change.low[group, column]
            assert found.change_high[group, column] == pytest.approx(
                change.high[group, column], abs=0.12 * width
            )


def test_the_interval_of_a_gap_covers_the_true_one(measured):
    """Also where there is none, which percentiles of resampled gaps never do."""
    rng = np.random.default_rng(0)
    codes = np.repeat(np.arange(5), 40)
    for truth in ([0.3] * 5, [0.3, 0.32, 0.34, 0.36, 0.38], [0.3, 0.3, 0.3, 0.3, 0.6]):
        values = np.array(truth)[codes][:, None] + rng.normal(0, 0.25, (200, 42))
        many = replace(with_values(measured, values.astype(np.float32)), names=measured.names[:42])
        found = bootstrap(many, None, codes, 5, n_resamples=300)
        gap = max(truth) - min(truth)
        covered = (found.gap_low <= gap + 1e-9) & (gap <= found.gap_high)
        assert covered.mean() >= 0.9  # 42 intervals: 95 % gives fewer than 38 once in 60.


def test_the_interval_of_a_gap_holds_the_measured_gap(audience, measured):
    codes = audience.codes("age")
    found = bootstrap(measured, None, codes, 4)
    means = by_group(measured, codes, 4).mean
    gap = np.fmax.reduce(means, axis=0) - np.fmin.reduce(means, axis=0)
    has = ~np.isnan(found.gap_low)
    assert has.sum() > 20
    assert (found.gap_low[has] <= gap[has]).all()
    assert (found.gap_high[has] >= gap[has]).all()
    assert (found.gap_high[has] > found.gap_low[has]).sum() > 20
    assert np.isnan(found.change_low).all()


def test_sign_flip_is_the_exact_test_on_few_people():
    change = np.array([0.3, -0.1, 0.4, 0.2, 0.25, -0.05, 0.0, 0.5])
    sums = [abs(np.dot(change, signs)) for signs in product((-1, 1), repeat=8)]
    exact = np.mean(np.array(sums) >= abs(change.sum()) - 1e-12)
    found = sign_flip_p(change[:, None], n_flips=20_000)[0]
    assert found == pytest.approx(exact, abs=5 * np.sqrt(exact * (1 - exact) / 20_000))


def test_sign_flip_of_no_change_is_one_and_of_nobody_undefined():
    change = np.zeros((50, 3))
    change[:, 1] = np.nan
    change[:, 2] = 0.2
    p = sign_flip_p(change, n_flips=500)
    assert p[0] == 1
    assert np.isnan(p[1])
    assert p[2] == pytest.approx(1 / 501)


def test_sign_flip_agrees_with_the_t_test_on_many_people():
    change = np.random.default_rng(1).exponential(1, (800, 6)) - 0.95 - np.arange(6) * 0.02
    expected = stats.ttest_1samp(change, 0).pvalue
    np.testing.assert_allclose(sign_flip_p(change, n_flips=5000), expected, atol=0.04)


def test_gap_null_is_the_exact_permutation_test_on_few_people():
    values, codes = np.array([0.1, 0.9, 0.4, 0.8, 0.2, 0.75]), np.array([0, 1, 0, 1, 2, 2])

    def gap(dealt):
        means = [dealt[codes == group].mean() for group in range(3)]
        return max(means) - min(means)

    gaps = np.array([gap(np.array(dealt)) for dealt in permutations(values)])
    exact = (gaps >= gap(values) - 1e-12).mean()
    found = gap_null(values, codes, 3, min_n=1, n_shuffles=20_000)
    assert found.value == pytest.approx(gap(values))
    assert found.expected == pytest.approx(gaps.mean(), abs=0.01)
    assert found.p == pytest.approx(exact, abs=0.02)
    assert found.limit == pytest.approx(np.quantile(gaps, 0.95), abs=0.02)


def test_gap_null_leaves_small_groups_out_and_counts_them():
    values = np.random.default_rng(0).random(60)
    codes = np.repeat([0, 1, 2], [30, 25, 5])
    values[codes == 2] += 10
    found = gap_null(values, codes, 4, n_shuffles=200)
    assert (found.n, found.n_groups, found.n_suppressed) == (55, 2, 1)
    assert found.value < 1
    alone = gap_null(values, np.zeros(60, int), 1)
    assert np.isnan(alone.value)
    assert np.isnan(alone.p)


def test_ratio_counts_low_values_as_uneven():
    values = np.concatenate([np.full(40, 0.2), np.full(40, 0.8)])
    values += np.random.default_rng(0).normal(0, 0.05, 80)
    found = gap_null(values, np.repeat([0, 1], 40), 2, measure="ratio", n_shuffles=300)
    assert found.value < found.limit < found.expected <= 1
    assert found.p == pytest.approx(1 / 301)
