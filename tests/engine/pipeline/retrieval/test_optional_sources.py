"""Optional sources and the weighted factorisation, each against a dense few-line version."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.fit_config import FitConfig, recipe_of
from engine.pipeline.neural.settings import SequenceConfig
from engine.pipeline.retrieval import cooccurrence, similar_people, weighted_als
from engine.pipeline.retrieval.bpr import fit_bpr, voices_of
from engine.pipeline.retrieval.content_bm25 import bm25_vectors
from engine.pipeline.retrieval.registry import SOURCES, asked_sources
from engine.pipeline.retrieval.source_config import AlsConfig, SourceConfig
from tests.engine.pipeline.retrieval.history_makers import (
    histories_of,
    plain_catalogue,
    random_histories,
)

OPTIONS = tuple(name for name, record in SOURCES.items() if record.is_option)


def dense(links):
    matrix = (links.values, links.items, links.indptr)
    return sp.csr_matrix(matrix, shape=(len(links.indptr) - 1, links.n_items)).toarray()


def test_bm25_links_are_products_of_the_weighted_columns():
    likes = random_histories(n_people=50, n_items=12).likes
    table = likes.toarray().astype(float)
    k1, b, length = cooccurrence.K1, cooccurrence.B, table.sum(axis=0)
    against = k1 * (1 - b + b * length / length.mean()) + 1
    rare = np.log(12) - np.log1p(table.sum(axis=1))
    weighed = table * (k1 + 1) / against * rare[:, None]
    expected = weighed.T @ weighed
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(dense(cooccurrence.bm25_links(likes, 12)), expected, rtol=1e-5)
    few = dense(cooccurrence.bm25_links(likes, 3))
    for item in range(12):
        kept = np.sort(np.argsort(-expected[item])[:3])
        np.testing.assert_array_equal(np.flatnonzero(few[item]), kept)


def test_bm25_of_terms_is_the_formula_and_a_rare_term_counts_more():
    table = np.array([[1, 1, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1]], float)
    weights = bm25_vectors(sp.csr_matrix(table)).toarray()
    for item in range(4):
        for term in range(3):
            n_with = table[:, term].sum()
            idf = np.log(1 + (4 - n_with + 0.5) / (n_with + 0.5))
            long = table[item].sum() / table.sum(axis=1).mean()
            expected = table[item, term] * idf * 2.2 / (1.2 * (0.25 + 0.75 * long) + 1)
            assert weights[item, term] == pytest.approx(expected, rel=1e-5)
    assert weights[0, 1] > weights[0, 0] > 0


def test_voices_are_the_least_squares_map_from_mean_likes_to_people():
    histories = random_histories(n_people=40, n_items=15)
    rng = np.random.default_rng(0)
    items, people = (rng.normal(size=(n, 4)).astype(np.float32) for n in (15, 40))
    table = histories.likes.toarray().astype(float)
    able = table.sum(axis=1) > 0
    means = table[able] / table[able].sum(axis=1, keepdims=True) @ np.hstack([items, [[1]] * 15])
    expected = means @ np.linalg.lstsq(means, people[able], rcond=None)[0]
    voices = voices_of(histories.likes, items, people)
    found = table[able] / table[able].sum(axis=1, keepdims=True) @ voices
    np.testing.assert_allclose(found, expected, atol=0.02)


def test_bpr_puts_what_was_liked_above_the_rest_and_a_seed_seeds():
    rng = np.random.default_rng(1)
    rows = [np.flatnonzero((np.arange(30) < 15) == (person % 2)) for person in range(60)]
    histories = histories_of([rng.permutation(row)[:9] for row in rows], n_items=30)
    model = fit_bpr(histories.likes, seed=0)
    scores = model.factors_of(histories) @ model.item_factors.T
    own = np.stack([np.isin(np.arange(30), row) for row in rows])
    assert (scores[own].reshape(60, 15).mean(1) > scores[~own].reshape(60, 15).mean(1)).all()
    again = fit_bpr(histories.likes, seed=0)
    np.testing.assert_array_equal(again.item_factors, model.item_factors)
    np.testing.assert_array_equal(again.voices, model.voices)


def test_confidence_fades_from_the_last_like_to_its_floor():
    histories = histories_of([[4, 1, 3], list(range(200))], n_items=200)
    weights = weighted_als.confidences(histories).toarray()
    expected = 0.2 + 0.8 * 0.97 ** np.array([2.0, 1.0, 0.0])
    np.testing.assert_allclose(weights[0, [4, 1, 3]], expected, rtol=1e-5)
    assert weights[1, 199] == pytest.approx(1)
    assert weights[1, 0] == pytest.approx(0.2, abs=0.01)


def test_weighted_people_are_folded_in_with_their_own_confidence():
    histories = random_histories(n_people=30, n_items=15)
    config = SourceConfig(als=AlsConfig(factors=4, regularisation=0.7, alpha=10.0))
    model = weighted_als._fit(histories, plain_catalogue(15), config, 0)
    items = model.item_factors.astype(float)
    weights = weighted_als.confidences(histories).toarray()
    for person, found in enumerate(model.factors_of(histories)):
        own = weights[person] * 10.0
        confidence = np.diag(np.where(own > 0, own, 1.0))
        left = items.T @ confidence @ items + 0.7 * np.eye(4)
        expected = np.linalg.solve(left, items.T @ own)
        np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-4)


@settings(max_examples=25)
@given(seed=st.integers(0, 1000), n_clusters=st.integers(1, 7))
def test_a_person_counts_seven_tenths_for_the_nearest_cluster(seed, n_clusters):
    rng = np.random.default_rng(seed)
    people, centres = (rng.normal(size=(n, 3)).astype(np.float32) for n in (9, n_clusters))
    people[0] = 0
    weights = similar_people.cluster_weights(people, centres)
    assert not weights[0].any()
    np.testing.assert_allclose(weights[1:].sum(axis=1), 1, rtol=1e-6)
    nearest = ((people[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
    own = weights[np.arange(1, 9), nearest[1:]]
    np.testing.assert_allclose(own, 0.7 if n_clusters > 1 else 1.0, rtol=1e-6)


def test_a_cluster_speaks_for_what_its_people_like_drawn_towards_everybody():
    likes = random_histories(n_people=20, n_items=6).likes
    cluster = np.arange(20) % 3
    table = likes.toarray()
    for number, row in enumerate(similar_people.cluster_shares(likes, cluster, 3)):
        own = table[cluster == number]
        expected = (own.sum(axis=0) + 10 * table.mean(axis=0)) / (len(own) + 10)
        np.testing.assert_allclose(row, expected, rtol=1e-5)


def test_an_option_is_fitted_only_where_it_is_asked_for():
    assert len(OPTIONS) >= 5
    assert not set(OPTIONS) & set(asked_sources())
    assert set(OPTIONS[:2]) <= set(asked_sources(OPTIONS[:2]))
    asked = FitConfig(sources=SourceConfig(options=("bpr",)))
    assert recipe_of(asked).identity != recipe_of(FitConfig()).identity
    assert "bpr" in recipe_of(asked).sources
    other = FitConfig(sources=SourceConfig(sasrec=SequenceConfig(factors=7)))
    assert recipe_of(other).identity == recipe_of(FitConfig()).identity  # it is not fitted
    deep = replace(other, sources=replace(other.sources, options=("sasrec",)))
    assert recipe_of(deep).config["sources"]["sasrec"]["factors"] == 7
    with pytest.raises(ValueError, match=r"'als' is no optional source .* there are .*bpr"):
        asked_sources(("als",))


def test_quotas_that_cannot_be_kept_are_refused():
    with pytest.raises(ValueError, match="at most the 50 candidates together"):
        FitConfig(n_candidates=50, sources=SourceConfig(quotas=(("als", 30), ("ease", 30))))
    with pytest.raises(ValueError, match="name 'bpr', which is no source of this fit"):
        FitConfig(sources=SourceConfig(quotas=(("bpr", 3),)))
