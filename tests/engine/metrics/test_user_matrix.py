"""The per-user matrix: against its formulas, against other libraries, at its edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arrays import PAD
from engine.errors import ScenarioError
from engine.metrics.audience import describe
from engine.metrics.rank_weights import ATTENTION_MODELS, attention_weights
from engine.metrics.registry import COLUMN, METRICS, USER_METRICS
from engine.metrics.settings import Settings
from engine.metrics.user_matrix import measure
from tests.engine.metrics.literal import LITERAL, Person
from tests.engine.metrics.random_service import random_artifacts, random_lists

K = 5


@pytest.fixture(scope="module")
def artifacts():
    return random_artifacts(seed=3, again=True)


@pytest.fixture(scope="module")
def audience(artifacts):
    return describe(artifacts)


@pytest.fixture(scope="module")
def lists(artifacts):
    """Half of them over the whole catalogue, half from the candidates; some short, one empty."""
    lists = random_lists(artifacts, K, seed=3)
    lists[20:] = artifacts.candidates[20:, 3 : 3 + K]
    return lists


def test_every_metric_has_a_literal_formula():
    assert set(LITERAL) == set(USER_METRICS)


@pytest.mark.parametrize("attention", ATTENTION_MODELS)
@pytest.mark.parametrize("name", USER_METRICS)
def test_each_metric_is_its_formula(name, attention, artifacts, audience, lists):
    baseline = artifacts.candidates[:, :K]
    options = Settings(attention=attention, top=2)
    found = measure(audience, lists, baseline=baseline, settings=options).column(name)
    weights = attention_weights(attention, K, top=2)
    expected = [
        LITERAL[name](Person(artifacts, lists[u], u, weights, baseline[u]))
        for u in range(artifacts.n_users)
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


def test_some_people_are_undefined_and_some_are_not(audience, lists, artifacts):
    """The inputs above reach both sides of every "undefined"."""
    values = measure(audience, lists, baseline=artifacts.candidates[:, :K]).values
    undefined = np.isnan(values).sum(axis=0)
    always = {"overlap", "rbo"}  # The other list is there even where this one is empty.
    for name in set(USER_METRICS) - always:
        assert 0 < undefined[COLUMN[name]] < len(values), name


def test_nothing_held_out_is_undefined_not_zero(audience, lists):
    empty = audience.holdout.lengths() == 0
    assert empty.any()
    measured = measure(audience, lists)
    for name in ("ndcg", "recall", "precision", "hit", "mrr", "map", "rbp", "epc", "serendipity"):
        assert np.isnan(measured.column(name)[empty]).all(), name


def test_an_empty_list_misses_everything_and_shows_nothing(audience, artifacts):
    lists = np.full((artifacts.n_users, K), PAD, dtype=np.int32)
    measured = measure(audience, lists)
    has_held = audience.holdout.lengths() > 0
    assert (measured.column("ndcg")[has_held] == 0).all()
    assert np.isnan(measured.column("ild")).all()
    assert np.isnan(measured.replicates).all()


def test_values_stay_in_their_range(audience, artifacts, lists):
    measured = measure(audience, lists, baseline=artifacts.candidates[:, :K])
    for name in USER_METRICS:
        values = measured.column(name)
        values = values[~np.isnan(values)]
        assert (values >= METRICS[name].low - 1e-6).all(), name
        assert (values <= METRICS[name].high + 1e-6).all(), name


def test_the_held_out_items_themselves_score_one(audience, artifacts):
    lists = np.full((artifacts.n_users, K), PAD, dtype=np.int32)
    for user in range(artifacts.n_users):
        own = artifacts.holdout.row(user)[:K]
        lists[user, : len(own)] = own
    measured = measure(audience, lists)
    has_held = audience.holdout.lengths() > 0
    for name in ("ndcg", "map", "mrr", "hit"):
        np.testing.assert_allclose(measured.column(name)[has_held], 1.0, rtol=1e-6)


@settings(max_examples=25)
@given(
    n_users=st.integers(1, 6),
    n_items=st.integers(1, 70),
    k=st.integers(1, 12),
    n_genres=st.integers(0, 70),
    seed=st.integers(0, 99),
)
def test_any_shape_works_and_order_of_people_does_not_matter(n_users, n_items, k, n_genres, seed):
    artifacts = random_artifacts(n_users, n_items, n_genres=n_genres, seed=seed)
    audience = describe(artifacts)
    lists = random_lists(artifacts, k, seed=seed)
    whole = measure(audience, lists)
    order = np.random.default_rng(seed).permutation(n_users)
    mixed = measure(audience, lists[order], users=order)
    np.testing.assert_array_equal(mixed.values, whole.values[order])
    np.testing.assert_array_equal(mixed.slots, whole.slots)
    assert whole.slots.sum() == (lists != PAD).sum()


def test_input_is_not_changed_and_locked_arrays_do(audience, lists):
    locked = lists.copy()
    locked.setflags(write=False)
    np.testing.assert_array_equal(measure(audience, locked).values, measure(audience, lists).values)


def test_lists_that_do_not_fit_are_refused(audience, lists):
    with pytest.raises(ScenarioError, match="one row for each of 40 people"):
        measure(audience, lists[:3])
    with pytest.raises(ScenarioError, match="outside the catalogue of 60 items"):
        measure(audience, lists + 60)
    with pytest.raises(ScenarioError, match="`attention` must be one of log, geometric"):
        measure(audience, lists, settings=Settings(attention="gaze"))
    with pytest.raises(ScenarioError, match="`target` must be one of catalogue"):
        measure(audience, lists, settings=Settings(target="desire"))
    with pytest.raises(ScenarioError, match="`item_groups` must be one of"):
        measure(audience, lists, settings=Settings(item_groups="genre"))
