import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.pipeline.ranking.ordering import LEANS_BELOW, lean_on_popularity, ordered

tables = arrays(
    np.float32,
    st.tuples(st.integers(1, 4), st.integers(1, 8)),
    elements=st.one_of(st.integers(-4, 4).map(float), st.just(-np.inf)),
)


@given(tables)
@settings(max_examples=60, deadline=None)
def test_order_falls_and_ties_keep_their_places(scores):
    order, falling = ordered(scores)
    for row, places, values in zip(scores, order, falling, strict=True):
        assert sorted(places.tolist()) == list(range(len(row)))
        keys = [(-row[place], place) for place in places]
        assert keys == sorted(keys)
        expected = np.where(np.isneginf(row[places]), 0, row[places])
        np.testing.assert_array_equal(values, expected)


def test_from_ten_interactions_on_the_ranker_is_alone():
    scores = np.array([[3.0, 1.0, 2.0]] * 2, np.float32)
    popularity = np.array([[1.0, 100.0, 10.0]] * 2, np.float32)
    leaning = lean_on_popularity(scores, popularity, np.array([LEANS_BELOW, 500]))
    np.testing.assert_array_equal(leaning, scores)


def test_somebody_new_gets_popularity_alone_and_others_a_mix():
    scores = np.array([[3.0, 1.0, 2.0, -np.inf]] * 3, np.float32)
    popularity = np.array([[1.0, 100.0, 10.0, 7.0]] * 3, np.float32)
    leaning = lean_on_popularity(scores, popularity, np.array([0, 5, 9]))
    assert np.argsort(-leaning[0])[:3].tolist() == [1, 2, 0]
    assert np.argsort(-leaning[2])[:3].tolist() == [0, 2, 1]
    log = np.log1p([1.0, 100.0, 10.0])
    standard = (log - log.mean()) / log.std()
    ranker = np.array([1.0, -1.0, 0.0]) / np.sqrt(2 / 3)
    np.testing.assert_allclose(leaning[1, :3], (ranker + standard) / 2, rtol=1e-5)
    assert np.isneginf(leaning[:, 3]).all()


def test_equal_scores_lean_without_dividing_by_zero():
    ones = np.ones((1, 3), np.float32)
    assert lean_on_popularity(ones, ones, np.array([3])).tolist() == [[0, 0, 0]]
