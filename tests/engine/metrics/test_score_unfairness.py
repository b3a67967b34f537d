"""Unfairness of scores (Yao & Huang 2017), by loops over items, and popularity de-biasing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.arrays import Ragged
from engine.metrics.audience import describe
from engine.metrics.cp_fairness import two_sided_disparity
from engine.metrics.popularity_debias import thin_popular
from engine.metrics.score_unfairness import score_unfairness
from engine.metrics.user_matrix import measure
from tests.engine.metrics.random_service import random_artifacts


def test_the_measures_are_their_formulas():
    rng = np.random.default_rng(0)
    items, is_group = rng.integers(0, 9, 200), rng.random(200) < 0.4
    is_group[items == 8] = True  # One item that only the group has.
    scores, truth = rng.random(200), rng.integers(0, 2, 200).astype(float)
    found = score_unfairness(items, is_group, scores, truth, 10)
    value, absolute, under, over = [], [], [], []
    for item in range(8):
        own, rest = (items == item) & is_group, (items == item) & ~is_group
        a, b = (scores[part].mean() for part in (own, rest))
        x, y = (truth[part].mean() for part in (own, rest))
        value.append(abs((a - x) - (b - y)))
        absolute.append(abs(abs(a - x) - abs(b - y)))
        under.append(abs(max(0, x - a) - max(0, y - b)))
        over.append(abs(max(0, a - x) - max(0, b - y)))
    assert found.value == pytest.approx(np.mean(value))
    assert found.absolute == pytest.approx(np.mean(absolute))
    assert found.under == pytest.approx(np.mean(under))
    assert found.over == pytest.approx(np.mean(over))
    parity = abs(scores[is_group].mean() - scores[~is_group].mean())
    assert found.non_parity == pytest.approx(parity)
    assert (found.n_items, found.n_pairs) == (8, 200)


def test_perfect_scores_are_even_and_one_group_alone_is_undefined():
    items, truth = np.arange(6) % 3, np.array([1.0, 0, 1, 1, 0, 1])
    both = score_unfairness(items, np.arange(6) < 3, truth, truth, 3)
    assert (both.value, both.absolute, both.under, both.over) == (0, 0, 0, 0)
    alone = score_unfairness(items, np.ones(6, bool), truth, truth, 3)
    assert np.isnan([alone.value, alone.non_parity]).all()
    assert alone.n_items == 0


def test_two_sided_disparity_adds_both_sides():
    values = np.array([0.5, 0.7, np.nan, 0.1])
    combined, people, items = two_sided_disparity(
        values, np.array([True, True, True, False]), 0.9, 0.1, weight=0.25
    )
    assert people == pytest.approx((0.5 + 0.7) / 2 - 0.1)
    assert items == pytest.approx(0.8)
    assert combined == pytest.approx(0.25 * people + 0.75 * items)
    assert np.isnan(two_sided_disparity(values, np.ones(4, bool), 0.9, 0.1)[0])


def with_a_hit(artifacts):
    """Add one item that is held out for nearly everybody."""
    rows = [np.union1d(artifacts.holdout.row(u), [7] if u % 5 else []) for u in range(400)]
    return replace(artifacts, holdout=Ragged.from_rows(rows))


@pytest.fixture(scope="module")
def audience():
    return describe(with_a_hit(random_artifacts(400, 60, n_held=3, seed=1)))


def test_thinning_cuts_outliers_to_the_fence_and_nothing_else(audience):
    counts = np.bincount(audience.holdout.indices, minlength=60)
    lower, upper = np.quantile(counts[counts > 0], [0.25, 0.75])
    fence = int(upper + 1.5 * (upper - lower))
    assert (counts > fence).any()
    thinned = thin_popular(audience)
    after = np.bincount(thinned.holdout.indices, minlength=60)
    np.testing.assert_array_equal(after, np.minimum(counts, fence))
    for user in range(400):
        assert set(thinned.holdout.row(user)) <= set(audience.holdout.row(user))
    np.testing.assert_array_equal(thinned.merit, after)


def test_thinning_is_seeded_and_can_be_measured(audience):
    one, same, other = (thin_popular(audience, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.holdout.indices, same.holdout.indices)
    assert (one.holdout.lengths() != other.holdout.lengths()).any()
    lists = audience.ranking[:, :5]
    before, after = measure(audience, lists), measure(one, lists)
    assert np.nanmean(before.column("recall")) != np.nanmean(after.column("recall"))
