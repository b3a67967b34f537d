"""Concentration of exposure, against pairwise and counting definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.metrics.audience import describe
from engine.metrics.concentration import concentration, gini, lorenz
from engine.metrics.intervals import jackknife
from engine.metrics.kernels.exposure_blocks import N_BLOCKS
from engine.metrics.rank_weights import attention_weights
from engine.metrics.settings import Settings
from engine.metrics.user_matrix import measure
from tests.engine.metrics import literal
from tests.engine.metrics.random_service import random_artifacts, random_lists

K = 6
COVERAGE, GINI, N90, TOP, PERSONALISATION, INEQUITY = range(6)


@pytest.fixture(scope="module")
def artifacts():
    return random_artifacts(90, 50, seed=5)


@pytest.fixture(scope="module")
def lists(artifacts):
    return np.where(
        np.arange(90)[:, None] < 60, artifacts.candidates[:, :K], random_lists(artifacts, K, seed=5)
    ).astype(np.int32)


@pytest.fixture(scope="module")
def measured(artifacts, lists):
    return measure(describe(artifacts), lists)


def by_hand(artifacts, lists, users):
    exposure, held = np.zeros(artifacts.n_items), np.zeros(artifacts.n_items)
    slots = np.zeros(artifacts.n_items, int)
    weights = attention_weights("log", K)
    for user in users:
        for place, item in enumerate(lists[user]):
            if item >= 0:
                exposure[item] += weights[place]
                slots[item] += 1
        for item in artifacts.holdout.row(user):
            held[item] += 1
    shares = zip(exposure / exposure.sum(), held / held.sum(), strict=True)
    return [
        len({int(i) for i in lists[users].ravel() if i >= 0}) / artifacts.n_items,
        literal.gini(exposure),
        literal.n90(slots),
        slots.max() / len(users),
        literal.personalisation(lists[users], K),
        sum(abs(a - r) for a, r in shares),
    ]


def test_everyone_is_the_definition(artifacts, lists, measured):
    expected = by_hand(artifacts, lists, np.arange(90))
    np.testing.assert_allclose(concentration(measured.blocks)[0], expected, rtol=1e-9)


@pytest.mark.parametrize("block", [0, 7, N_BLOCKS - 1])
def test_leaving_a_block_out_is_measuring_the_others(block, artifacts, lists, measured):
    others = np.array([u for u in range(90) if u % N_BLOCKS != block])
    expected = by_hand(artifacts, lists, others)
    np.testing.assert_allclose(concentration(measured.blocks)[1 + block], expected, rtol=1e-9)


def test_empty_blocks_are_left_out_of_the_interval(artifacts, lists):
    few = measure(describe(artifacts), lists[:5], users=np.arange(5))
    rows = concentration(few.blocks)
    assert np.isnan(rows[6:]).all()
    assert not np.isnan(rows[:6]).any()
    assert np.isfinite(jackknife(rows)[1]).all()


def test_gini_counts_items_never_shown():
    """Two of a thousand items shown equally is close to all on one, not even (lessons, 2)."""
    exposure = np.zeros(1000)
    exposure[:2] = 7.0
    assert gini(exposure) == pytest.approx(0.998)
    assert gini(np.ones(5)) == pytest.approx(0.0)
    assert np.isnan(gini(np.zeros(5)))


@given(arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 100, width=16)))
def test_lorenz_is_convex_and_its_area_gives_gini(exposure):
    items, share = lorenz(exposure)
    if exposure.sum() == 0:
        assert np.isnan(share).all()
        return
    assert share[0] == 0
    assert share[-1] == pytest.approx(1)
    assert (np.diff(share, 2) >= -1e-9).all()
    n = len(exposure)
    area = np.trapezoid(share, items)
    assert gini(exposure) == pytest.approx(1 - 2 * area, abs=1e-9)
    assert 0 <= gini(exposure) + 1e-12 <= (n - 1) / n + 1e-9


def test_jackknife_of_a_mean_is_its_t_interval():
    """For a mean, leaving out one of n equal blocks gives the ordinary standard error."""
    values = np.random.default_rng(0).normal(size=12)
    rest = (values.sum() - values) / 11
    value, low, high, p = jackknife(np.concatenate([[values.mean()], rest])[:, None])
    from scipy import stats

    expected = stats.ttest_1samp(values, 0)
    assert value[0] == pytest.approx(values.mean())
    assert (low[0], high[0]) == pytest.approx(tuple(expected.confidence_interval(0.95)))
    assert p[0] == pytest.approx(expected.pvalue)


def test_n90_counts_no_item_more_where_places_are_filled_to_exactly_nine_tenths():
    """Nine items fill 9 of 10 places: "at least 90 %" is met without a tenth."""
    lists = np.arange(10, dtype=np.int32).reshape(10, 1)
    blocks = measure(describe(random_artifacts(10, 50, seed=5)), lists).blocks
    assert blocks.slots.sum() == 10
    assert concentration(blocks)[0, N90] == 9


def test_under_the_cascade_a_person_gives_no_more_than_one_look(artifacts, lists):
    """Exposure is the chance of stopping at a place: over a full list it is 1 − p^k a person."""
    settings = Settings(attention="cascade", patience=0.8)
    found = measure(describe(artifacts), lists[:60], users=np.arange(60), settings=settings)
    full = (lists[:60] >= 0).all(axis=1).sum()
    assert full == 60
    assert found.exposure.sum() == pytest.approx(60 * (1 - 0.8**K))
