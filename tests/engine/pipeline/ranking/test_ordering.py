import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.pipeline.ranking.ordering import (
    GROUP,
    LEANS_BELOW,
    POPULAR,
    group_prior,
    lean_on_popularity,
    leaning,
    ordered,
)

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


@given(weight=st.floats(0, 1), seed=st.integers(0, 100))
def test_a_prior_of_groups_is_popularity_times_the_lifts_of_the_groups(weight, seed):
    rng = np.random.default_rng(seed)
    popularity = rng.integers(0, 50, 6).astype(np.float32)
    lifts = [rng.uniform(0.2, 4, (n + 1, 6)).astype(np.float32) for n in (2, 3)]
    for lift in lifts:
        lift[-1] = 1
    codes = np.array([[0, 2], [1, -1], [-1, -1]], np.int16)
    columns = np.array([[0, 5], [3, 3], [1, 2]], np.int32)
    found = group_prior(popularity, lifts, codes, columns, weight)
    for person in range(3):
        for place, item in enumerate(columns[person]):
            expected = float(popularity[item])
            for lift, code in zip(lifts, codes[person], strict=True):
                expected *= float(lift[code, item]) ** weight
            assert found[person, place] == pytest.approx(expected, rel=1e-5)
    np.testing.assert_array_equal(found[2], popularity[columns[2]])  # of no known group


def test_what_a_short_list_leans_on_is_said():
    n_seen = np.array([0, 9, 0, LEANS_BELOW])
    codes = np.array([[0, -1], [1, 1], [-1, -1], [0, 0]], np.int16)
    assert leaning(n_seen, codes, 0.5).tolist() == [GROUP, GROUP, POPULAR, 0]
    assert leaning(n_seen, codes, 0.0).tolist() == [POPULAR, POPULAR, POPULAR, 0]
