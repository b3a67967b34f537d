"""EASE, ridge, transitions, cosine and content against literal derivations of another kind."""

import mmap

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.arrays import Ragged
from engine.pipeline.retrieval.content import Content, content_vectors
from engine.pipeline.retrieval.directed_ridge import penalty_for, ridge_weights
from engine.pipeline.retrieval.ease import cosine_links, ease_weights
from engine.pipeline.retrieval.factor_search import grid_rows
from engine.pipeline.retrieval.links import ByLinks, LinkModel, Links, strongest
from engine.pipeline.retrieval.profiles import Profile
from engine.pipeline.retrieval.source_config import RidgeConfig
from engine.pipeline.retrieval.transitions import transition_links
from tests.engine.pipeline.retrieval.history_makers import plain_catalogue, random_histories


def dense(links):
    """Links as a plain matrix."""
    matrix = np.zeros((len(links.indptr) - 1, links.n_items))
    for key in range(len(matrix)):
        part = slice(links.indptr[key], links.indptr[key + 1])
        matrix[key, links.items[part]] = links.values[part]
    return matrix


def all_items(histories):
    """Ask every person about every item."""
    items = np.arange(histories.n_items, dtype=np.int32)
    return grid_rows(np.tile(items, (histories.n_people, 1)))


def scores_of(source, histories):
    """Everybody's score of every item, as a table: only tests are small enough for that."""
    return source.score(histories, all_items(histories)).reshape(histories.n_people, -1)


def test_ease_is_one_ridge_regression_per_item_without_itself():
    """Steck 2019 derives it with Lagrange multipliers; here each column is solved on its own."""
    histories = random_histories(n_people=40, n_items=9)
    likes = histories.likes.toarray().astype(np.float64)
    links = ease_weights(histories.distinct(liked=True), 9, regularisation=3.0)
    for item in range(9):
        others = np.delete(np.arange(9), item)
        gram = likes[:, others].T @ likes[:, others] + 3.0 * np.eye(8)
        weights = np.linalg.solve(gram, likes[:, others].T @ likes[:, item])
        np.testing.assert_allclose(links[others, item], weights, rtol=1e-4, atol=1e-6)
        assert links[item, item] == 0


@pytest.mark.parametrize("unknown", [(), (3, 7)])
def test_the_directed_ridge_is_the_least_squares_solution(unknown):
    """The moments are written out one by one and solved with λ as extra rows, not as a Gram."""
    config = RidgeConfig(last=3, decay=0.6, ahead=2, regularisation=4.0)
    liked = random_histories(seed=9, n_people=50, n_items=10).liked
    rows = Ragged(liked.indptr, np.where(np.isin(liked.indices, unknown), -1, liked.indices))
    before, after = [], []
    for person in range(rows.n_rows):
        row = rows.row(person).tolist()
        for now in range(len(row) - 1):
            s, y = np.zeros(10), np.zeros(10)
            for back in range(min(3, now + 1)):
                if row[now - back] >= 0:
                    s[row[now - back]] += 0.6**back
            for item in row[now + 1 : now + 3]:
                if item >= 0:
                    y[item] += 1
            before.append(s)
            after.append(y)
    left = np.vstack([*before, 2.0 * np.eye(10)])
    right = np.vstack([*after, np.zeros((10, 10))])
    expected = np.linalg.lstsq(left, right, rcond=None)[0]
    np.testing.assert_allclose(ridge_weights(rows, 10, config), expected, atol=1e-5)


def test_the_penalty_falls_with_the_data_between_its_ends():
    penalties = [penalty_for(n, RidgeConfig()) for n in (0, 10_000, 125_000, 500_000, 10**7)]
    assert penalties == [200, 200, 100, 50, 50]


sequences = st.lists(st.lists(st.integers(0, 7), max_size=9), min_size=1, max_size=6)


@given(sequences, st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_transitions_count_every_ordered_pair_by_its_distance(rows, window):
    expected = np.zeros((8, 8))
    for row in rows:
        for first in range(len(row)):
            for second in range(first + 1, min(first + window, len(row) - 1) + 1):
                expected[row[first], row[second]] += 1 / (second - first)
    links = transition_links(Ragged.from_rows(rows), 8, window, n=8)
    np.testing.assert_allclose(dense(links), expected, rtol=1e-5)


def test_transition_links_are_rates():
    rows = Ragged.from_rows([[0, 1], [0, 1], [0, 2], [2, 1]])
    links = transition_links(rows, 3, 1, n=3, power=1.0)
    np.testing.assert_allclose(dense(links), [[0, 2 / 3, 1 / 3], [0, 0, 0], [0, 1 / 2, 0]])


def test_of_many_transitions_the_strongest_are_kept():
    rows = Ragged.from_rows([[0, 1], [0, 1], [0, 2], [0, 3], [0, 3], [0, 3]])
    links = transition_links(rows, 4, 1, n=2)
    np.testing.assert_allclose(dense(links)[0], [0, 2, 0, 3])


def test_links_made_in_blocks_of_items_are_those_made_at_once(monkeypatch):
    histories = random_histories(seed=4, n_items=23, n_people=50)
    rows = histories.distinct(liked=True)
    at_once = cosine_links(rows, 23, 9), transition_links(histories.seen, 23, 3, n=9)
    monkeypatch.setattr("engine.pipeline.retrieval.links.BLOCK_ITEMS", 5)
    in_blocks = cosine_links(rows, 23, 9), transition_links(histories.seen, 23, 3, n=9)
    for first, second in zip(at_once, in_blocks, strict=True):
        np.testing.assert_array_equal(dense(first), dense(second))


def test_cosine_is_that_of_the_columns():
    histories = random_histories(seed=3, n_items=8)
    columns = histories.likes.toarray().astype(np.float64)
    length = np.linalg.norm(columns, axis=0)
    expected = np.zeros((8, 8))
    for a in range(8):
        for b in range(8):
            if a != b and length[a] and length[b]:
                expected[a, b] = columns[:, a] @ columns[:, b] / (length[a] * length[b])
    links = cosine_links(histories.distinct(liked=True), 8, 8)
    np.testing.assert_allclose(dense(links), expected, atol=1e-6)


def test_the_strongest_links_are_the_largest_in_size():
    matrix = np.array([[0.1, -0.9, 0.5, 0.2], [0.0, 0.3, 0.1, -0.2]], np.float32)
    items, values = strongest(matrix, 2)
    assert items.tolist() == [[1, 2], [1, 3]]
    np.testing.assert_array_equal(values, np.array([[-0.9, 0.5], [0.3, -0.2]], np.float32))


def test_content_is_close_for_equal_genres_and_zero_for_items_without_any():
    catalogue = plain_catalogue(4, genres=[{0, 1}, {0, 1}, {2}, set()])
    vectors = content_vectors(catalogue)
    likeness = (vectors @ vectors.T).toarray()
    np.testing.assert_allclose(likeness[0, 1], 1, rtol=1e-6)
    assert likeness[0, 2] == 0
    assert likeness[3].tolist() == [0, 0, 0, 0]


def test_content_scores_are_sums_of_cosines():
    histories = random_histories(seed=5, n_items=15)
    rng = np.random.default_rng(3)
    catalogue = plain_catalogue(15, genres=[set(rng.choice(6, 2).tolist()) for _ in range(15)])
    vectors = content_vectors(catalogue)
    table = scores_of(Content(vectors).source(Profile(last=4)), histories)
    likeness = (vectors @ vectors.T).toarray()
    for person in range(histories.n_people):
        expected = likeness[histories.liked.row(person)[-4:]].sum(axis=0)
        np.testing.assert_allclose(table[person], expected, rtol=1e-4, atol=1e-5)


def random_links(seed=0, n_items=15, n=15):
    values = np.random.default_rng(seed).normal(size=(n_items, n_items)).astype(np.float32)
    return Links.from_rows(*strongest(values, n), n_items), values


def test_link_scores_are_the_weighted_sums_of_links():
    histories = random_histories(seed=5, n_items=15)
    links, values = random_links()
    table = scores_of(ByLinks(Profile(last=3, decay=0.5).weights, links), histories)
    for person in range(histories.n_people):
        newest_first = histories.liked.row(person)[::-1][:3]
        parts = [0.5**back * values[item] for back, item in enumerate(newest_first)]
        np.testing.assert_allclose(table[person], sum(parts, np.zeros(15)), rtol=1e-4, atol=1e-6)


def test_saved_links_are_the_same_and_are_not_read_into_memory(tmp_path):
    links, _ = random_links(n=4)
    LinkModel(links, "by chance").save(tmp_path)
    again = LinkModel.load(tmp_path)
    assert again.method == "by chance"
    assert again.report() == {"method": "by chance", "links": 60, "keys": 15}
    np.testing.assert_array_equal(dense(again.links), dense(links))
    base = again.links.values
    while isinstance(base, np.ndarray):
        base = base.base
    assert isinstance(base, mmap.mmap)
    assert not again.links.values.flags.writeable
