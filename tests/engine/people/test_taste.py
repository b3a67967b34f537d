"""Genre mixes, centres and nearest items, each against a literal transcription."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.arrays import PAD, Ragged
from engine.people import (
    distance_from_centre,
    genre_membership,
    genre_mix,
    liked_rows,
    list_genre_mix,
    nearest_items,
)

MEMBERSHIP = np.array([[1, 0], [0.5, 0.5], [0, 1]], np.float32)


def test_a_genre_mix_is_the_mean_of_its_items_and_undefined_without_any():
    mix = genre_mix(Ragged.from_rows([[0, 1], [], [2, 2, 1]]), MEMBERSHIP)
    assert mix[0].tolist() == [(1 + 0.5) / 2, (0 + 0.5) / 2]
    assert np.isnan(mix[1]).all()
    assert mix[2] == pytest.approx([0.5 / 3, (1 + 1 + 0.5) / 3])


def test_an_item_is_shared_evenly_among_its_genres(tiny_artifacts):
    labels, membership = genre_membership(tiny_artifacts)
    listed = tiny_artifacts.items["genres"].str.split("|")
    for item, names in enumerate(listed):
        expected = [1 / len(names) if label in names else 0.0 for label in labels]
        assert membership[item] == pytest.approx(expected)


def test_the_genres_of_some_items_are_those_rows_of_all(tiny_artifacts):
    some = np.array([5, 3, 5])
    assert np.array_equal(
        genre_membership(tiny_artifacts, some)[1], genre_membership(tiny_artifacts)[1][some]
    )


def test_an_item_without_genre_is_in_a_group_of_its_own(tiny_artifacts):
    bare = replace(tiny_artifacts, genre_matrix=np.zeros_like(tiny_artifacts.genre_matrix))
    labels, membership = genre_membership(bare)
    assert labels[-1] == "no genre"
    assert (membership[:, -1] == 1).all()


def test_padding_does_not_count_in_a_list():
    lists = np.array([[0, 1, PAD], [PAD, PAD, PAD]], np.int32)
    assert list_genre_mix(lists, MEMBERSHIP)[0].tolist() == [0.75, 0.25]
    assert np.isnan(list_genre_mix(lists, MEMBERSHIP)[1]).all()


def test_liked_rows_are_the_liked_part_of_each_history(tiny_artifacts):
    rows = liked_rows(tiny_artifacts)
    for user in range(tiny_artifacts.n_users):
        history = tiny_artifacts.history
        span = slice(history.indptr[user], history.indptr[user + 1])
        expected = history.indices[span][tiny_artifacts.history_is_liked[span]]
        assert rows.row(user).tolist() == expected.tolist()


def test_distance_from_the_centre_by_hand():
    """Three people on a line at 0, 1 and 5 of mean 2; the fourth is not looked at."""
    part = np.array([[0.0], [1.0], [5.0], [100.0]])
    distance = distance_from_centre((part,), np.array([True, True, True, False]))
    spread = (4 + 1 + 9) / 3
    assert distance[:3] == pytest.approx([2 / spread**0.5, 1 / spread**0.5, 3 / spread**0.5])
    assert np.isnan(distance[3])


@given(
    part=arrays(np.float64, (6, 2), elements=st.integers(-300, 300).map(lambda n: n / 90)),
    scale=st.floats(0.01, 100),
)
def test_the_scale_of_a_description_does_not_matter(part, scale):
    rng = np.random.default_rng(1)
    other = rng.random((6, 3))
    among = np.ones(6, bool)
    plain = distance_from_centre((part, other), among)
    assert distance_from_centre((part * scale, other), among) == pytest.approx(plain, abs=1e-6)


def test_who_lacks_a_description_has_no_distance_and_nobody_gives_none():
    part = np.array([[0.0], [np.nan], [1.0]])
    distance = distance_from_centre((part,), np.ones(3, bool))
    assert np.isnan(distance).tolist() == [False, True, False]
    assert np.isnan(distance_from_centre((part,), np.zeros(3, bool))).all()


@given(seed=st.integers(0, 200), n_anchors=st.integers(0, 5), n=st.integers(1, 4))
def test_nearest_items_against_a_loop(seed, n_anchors, n):
    rng = np.random.default_rng(seed)
    factors = rng.normal(size=(8, 3)).astype(np.float32)
    factors /= np.linalg.norm(factors, axis=1, keepdims=True)
    anchors = rng.permutation(8)[:n_anchors].astype(np.int32)
    items = np.array([0, 5, PAD], np.int32)
    nearest, likeness = nearest_items(factors, anchors, items, n=n)
    for place, item in enumerate(items):
        pairs = [] if item == PAD else [(a, factors[a] @ factors[item]) for a in anchors]
        pairs = sorted((p for p in pairs if p[0] != item), key=lambda p: -p[1])[:n]
        assert [i for i in nearest[place] if i != PAD] == [anchor for anchor, _ in pairs]
        assert likeness[place, : len(pairs)] == pytest.approx([v for _, v in pairs], abs=1e-6)
        assert np.isnan(likeness[place, len(pairs) :]).all()


def test_of_equally_like_anchors_the_latest_wins():
    factors = np.array([[1, 0], [0, 1], [0, 1]], np.float32)
    nearest, _ = nearest_items(factors, np.array([1, 2], np.int32), np.array([0], np.int32), n=1)
    assert nearest.tolist() == [[2]]
