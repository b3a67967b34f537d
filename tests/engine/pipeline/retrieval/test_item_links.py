"""EASE, transitions, cosine and content against literal derivations of another kind."""

import numpy as np
import pytest
import scipy.sparse as sp
from engine.pipeline.retrieval.item_cosine import cosine_links
from engine.pipeline.retrieval.item_item import ByContent, ItemItem
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arrays import Ragged
from engine.pipeline.retrieval.content import content_vectors
from engine.pipeline.retrieval.ease import ease_links
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.transitions import transition_counts, transition_links
from tests.engine.pipeline.retrieval.history_makers import plain_catalogue, random_histories


def test_ease_is_one_ridge_regression_per_item_without_itself():
    """Steck 2019 derives it with Lagrange multipliers; here each column is solved on its own."""
    likes = random_histories(n_people=40, n_items=9).likes.toarray().astype(np.float64)
    links = ease_links(sp.csr_matrix(likes), regularisation=3.0)
    for item in range(9):
        others = np.delete(np.arange(9), item)
        gram = likes[:, others].T @ likes[:, others] + 3.0 * np.eye(8)
        weights = np.linalg.solve(gram, likes[:, others].T @ likes[:, item])
        np.testing.assert_allclose(links[others, item], weights, rtol=1e-4, atol=1e-6)
        assert links[item, item] == 0


sequences = st.lists(st.lists(st.integers(0, 7), max_size=9), min_size=1, max_size=6)


@given(sequences, st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_transitions_count_every_ordered_pair_by_its_distance(rows, window):
    expected = np.zeros((8, 8))
    for row in rows:
        for first in range(len(row)):
            for second in range(first + 1, min(first + window, len(row) - 1) + 1):
                expected[row[first], row[second]] += 1 / (second - first)
    counts = transition_counts(Ragged.from_rows(rows), 8, window).toarray()
    np.testing.assert_allclose(counts, expected, rtol=1e-5)


def test_transition_links_are_rates():
    links = transition_links(Ragged.from_rows([[0, 1], [0, 1], [0, 2], [2, 1]]), 3, window=1)
    np.testing.assert_allclose(links.toarray(), [[0, 2 / 3, 1 / 3], [0, 0, 0], [0, 1 / 2, 0]])


def test_cosine_is_that_of_the_columns():
    likes = random_histories(seed=3, n_items=8).likes
    columns = likes.toarray().astype(np.float64)
    length = np.linalg.norm(columns, axis=0)
    expected = np.zeros((8, 8))
    for a in range(8):
        for b in range(8):
            if a != b and length[a] and length[b]:
                expected[a, b] = columns[:, a] @ columns[:, b] / (length[a] * length[b])
    np.testing.assert_allclose(cosine_links(likes).toarray(), expected, atol=1e-6)


def test_content_is_close_for_equal_genres_and_zero_for_items_without_any():
    catalogue = plain_catalogue(4, genres=[{0, 1}, {0, 1}, {2}, set()])
    vectors = content_vectors(catalogue)
    likeness = (vectors @ vectors.T).toarray()
    np.testing.assert_allclose(likeness[0, 1], 1, rtol=1e-6)
    assert likeness[0, 2] == 0
    assert likeness[3].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("form", ["dense", "sparse"])
def test_item_item_scores_are_the_weighted_sums_of_links(form):
    histories = random_histories(seed=5, n_items=15)
    links = np.random.default_rng(0).random((15, 15)).astype(np.float16)
    given_links = links if form == "dense" else sp.csr_matrix(links.astype(np.float32))
    scores = ItemItem(Profile(last=3, decay=0.5), given_links).scores(histories)
    for person in range(histories.n_people):
        newest_first = histories.liked.row(person)[::-1][:3]
        parts = [0.5**back * links[item].astype(float) for back, item in enumerate(newest_first)]
        np.testing.assert_allclose(scores[person], sum(parts, np.zeros(15)), rtol=1e-5)


def test_scores_of_a_batch_are_those_of_batches_of_one():
    histories = random_histories(seed=6)
    rng = np.random.default_rng(1)
    links = rng.random((20, 20)).astype(np.float16)
    vectors = sp.csr_matrix(rng.random((20, 5)).astype(np.float32))
    for source in (ItemItem(Profile(decay=0.8), links), ByContent(Profile(last=4), vectors)):
        together = source.scores(histories)
        alone = [source.scores(histories.block(p, p + 1)) for p in range(histories.n_people)]
        np.testing.assert_array_equal(together, np.concatenate(alone))
