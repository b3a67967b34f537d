import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from engine.pipeline.retrieval.als import Als, fit_als
from engine.pipeline.retrieval.new_items import content_regression, unit_rows, with_new_items
from engine.pipeline.retrieval.source_config import AlsConfig
from tests.engine.pipeline.retrieval.history_makers import plain_catalogue, random_histories

CONFIG = AlsConfig(factors=6, regularisation=0.7, alpha=4.0, iterations=8)


def loss_of(likes, users, items, config):
    """The objective of Hu et al. 2008, equation 3, with confidence ``alpha`` where liked."""
    confidence = np.where(likes > 0, config.alpha, 1.0)
    error = (likes > 0) - users @ items.T
    penalty = config.regularisation * ((users**2).sum() + (items**2).sum())
    return (confidence * error**2).sum() + penalty


def test_folding_in_solves_the_normal_equations():
    likes = random_histories(n_items=15).likes
    als = fit_als(likes, CONFIG, seed=0)
    factors = als.fold_in(likes)
    items = als.item_factors.astype(np.float64)
    for person, liked in enumerate(likes.toarray() > 0):
        confidence = np.diag(np.where(liked, CONFIG.alpha, 1.0))
        left = items.T @ confidence @ items + CONFIG.regularisation * np.eye(6)
        expected = np.linalg.solve(left, items.T @ confidence @ liked)
        np.testing.assert_allclose(factors[person], expected, rtol=1e-3, atol=1e-5)


def test_nobody_without_likes_has_a_taste():
    als = Als(np.ones((4, 6), np.float32), CONFIG)
    histories = random_histories(n_items=4, n_people=3)
    assert not als.fold_in(histories.likes[:1] * 0).any()


def test_the_loss_never_rises():
    likes = random_histories(seed=2).likes
    losses = []
    for iterations in (1, 2, 4, 8):
        config = AlsConfig(6, 0.7, 4.0, iterations)
        als = fit_als(likes, config, seed=0)
        users = als.fold_in(likes).astype(np.float64)
        losses.append(loss_of(likes.toarray(), users, als.item_factors.astype(np.float64), config))
    assert np.all(np.diff(losses) <= 1e-3 * losses[0])


def test_the_same_seed_gives_the_same_bits_on_any_number_of_threads():
    likes = random_histories(seed=4, n_people=200).likes
    first = fit_als(likes, CONFIG, seed=3).item_factors
    with threadpool_limits(1):
        second = fit_als(likes, CONFIG, seed=3).item_factors
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, fit_als(likes, CONFIG, seed=4).item_factors)


def test_a_new_item_takes_the_mean_of_its_genres_then_of_its_provider():
    factors = np.array([[1, 0], [3, 0], [0, 5], [9, 9], [9, 9], [9, 9]], np.float32)
    catalogue = plain_catalogue(
        6, genres=[{0}, {0}, {1}, {0, 1}, set(), {2}], providers=[0, 1, 1, -1, 1, -1]
    )
    result = with_new_items(factors, np.array([4, 1, 2, 0, 0, 0]), catalogue)
    np.testing.assert_array_equal(result[:3], factors[:3])
    np.testing.assert_allclose(result[3], [(1 + 3) / 2 / 2, 5 / 2])  # genre means, averaged
    np.testing.assert_allclose(result[4], [3 / 2, 5 / 2])  # of the provider's two liked items
    np.testing.assert_array_equal(result[5], [0, 0])  # nothing in common with any liked item


@pytest.mark.parametrize("n_likes", [[0, 0], [1, 2]])
def test_with_all_new_or_none_new_nothing_is_borrowed(n_likes):
    factors = np.ones((2, 3), np.float32)
    result = with_new_items(factors, np.array(n_likes), plain_catalogue(2, genres=[{0}, {0}]))
    np.testing.assert_array_equal(result, factors * (n_likes[0] > 0))


def test_unit_rows_leaves_zero_rows_alone():
    result = unit_rows(np.array([[3, 4], [0, 0]], np.float32))
    np.testing.assert_allclose(result, [[3 / 5, 4 / 5], [0, 0]], rtol=1e-6)


@settings(max_examples=30)
@given(seed=st.integers(0, 1000), ridge=st.floats(0.5, 100.0))
def test_the_regression_on_content_is_ridge_regression(seed, ridge):
    rng = np.random.default_rng(seed)
    content = sp.random(30, 8, 0.3, format="csr", rng=rng)
    factors = rng.normal(size=(30, 3)).astype(np.float32)
    is_known = rng.random(30) < 0.7
    found = content_regression(content, factors, is_known, ridge)
    terms = np.column_stack([content.toarray(), np.ones(30)])
    own = terms[is_known]
    weights = np.linalg.inv(own.T @ own + ridge * np.eye(9)) @ own.T @ factors[is_known]
    np.testing.assert_allclose(found, terms @ weights, rtol=1e-3, atol=1e-4)


def test_a_new_item_of_known_content_is_guessed_from_it_and_the_others_as_before():
    factors = np.array([[1, 0], [0, 2], [9, 9], [9, 9]], np.float32)
    content = sp.csr_matrix(np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1]], np.float32))
    catalogue = plain_catalogue(4, genres=[{0}, {1}, {0}, {1}])
    n_likes = np.array([3, 3, 0, 0])
    result = with_new_items(factors, n_likes, catalogue, content=content, ridge=0.01)
    np.testing.assert_array_equal(result[:2], factors[:2])
    np.testing.assert_allclose(result[2], [1, 0], atol=0.02)  # the same words as the first
    np.testing.assert_array_equal(result[3], [0, 2])  # words of no liked item: its genre's mean
