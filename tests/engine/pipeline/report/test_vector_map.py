"""The map of vectors: who is most alike by a loop, what a map keeps, what colours it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.trials import CancelledError
from engine.errors import DataError
from engine.pipeline.report.flat_map import LEAST_DRAWN, flat_map, same_near
from engine.pipeline.report.map_classes import OTHER_GENRES, classes_of
from engine.pipeline.report.vectors import is_known, most_alike, vectors_of


def unit(rows):
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(length > 0, length, 1)).astype(np.float32)


@given(st.integers(0, 2**31), st.integers(2, 12), st.integers(1, 4), st.booleans())
@settings(deadline=None)
def test_the_most_alike_are_those_that_a_loop_over_all_pairs_finds(seed, n, d, is_sparse):
    rng = np.random.default_rng(seed)
    raw = rng.integers(-2, 3, (n, d)).astype(float)
    rows = unit(raw)
    found = most_alike(sp.csr_matrix(rows) if is_sparse else rows, 0, 5)
    cosines = []
    for other in range(1, n):
        lengths = np.sqrt((raw[0] ** 2).sum() * (raw[other] ** 2).sum())
        if lengths > 0:
            cosines.append(((raw[0] * raw[other]).sum() / lengths, other))
    best = sorted((cosine for cosine, _ in cosines), reverse=True)[:5]
    np.testing.assert_allclose(found.cosine, best, atol=1e-6)
    assert found.n_compared == len(cosines)
    assert 0 not in found.rows
    for row, cosine in zip(found.rows, found.cosine, strict=True):
        assert {b: a for a, b in cosines}[row] == pytest.approx(cosine, abs=1e-6)


def test_what_has_no_vector_is_like_nothing():
    rows = unit(np.array([[0.0, 0.0], [1, 0], [1, 1]]))
    assert is_known(rows).tolist() == [False, True, True]
    assert len(most_alike(rows, 0).rows) == 0
    assert most_alike(rows, 1).rows.tolist() == [2]


def test_every_model_with_vectors_gives_them_for_items_and_people(tiny_artifacts):
    found = {one.name: one for one in vectors_of(tiny_artifacts)}
    assert {"als", "content"} <= set(found)
    for one in found.values():
        assert one.items.shape[0] == tiny_artifacts.n_items
        assert one.people.shape[0] == tiny_artifacts.n_users
        assert one.items.shape[1] == one.people.shape[1]
    # ALS's own factors are in the fit: the same up to their length
    own = unit(np.asarray(tiny_artifacts.mf_item_factors))
    np.testing.assert_allclose(found["als"].items, own, atol=1e-5)
    np.testing.assert_allclose(
        found["als"].people, unit(np.asarray(tiny_artifacts.mf_user_factors)), atol=1e-3
    )


def blobs(n=90, seed=0):
    """Three tight groups far apart in eight dimensions; points of no group have no vector."""
    rng = np.random.default_rng(seed)
    group = np.arange(n) % 3
    rows = unit(3 * np.eye(8)[group] + 0.2 * rng.standard_normal((n, 8)))
    rows[::30] = 0
    return rows, np.where(is_known(rows), group, -1)


@pytest.fixture(scope="module")
def mapped():
    rows, group = blobs()
    heard = []
    return flat_map(rows, tell=heard.append), group, heard


def test_groups_that_are_apart_are_apart_on_both_pictures(mapped):
    found, group, _ = mapped
    assert found.n_known == len(found.rows) == 87
    for picture in ("tsne", "pca"):
        share, chance = same_near(found, picture, group[found.rows])
        assert share.value == 1.0
        assert chance == pytest.approx((27 * 26 + 2 * 30 * 29) / 87 / 86)
        assert found.kept[picture].n == 87
        assert found.kept[picture].value > 2 * found.chance
    assert 0 < found.explained <= 1


def test_the_nearest_on_a_picture_are_the_nearest(mapped):
    found, _, _ = mapped
    for picture, places in found.places.items():
        apart = ((places[:, None].astype(float) - places[None]) ** 2).sum(axis=2)
        np.fill_diagonal(apart, np.inf)
        expected = np.sort(apart, axis=1)[:, :10]
        own = np.take_along_axis(apart, found.near[picture], axis=1)
        np.testing.assert_allclose(np.sort(own, axis=1), expected, rtol=1e-4, atol=1e-6)


def test_a_map_tells_how_far_it_is_and_stops_when_asked(mapped):
    _, _, heard = mapped
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) > 3

    def stop(_share):
        raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        flat_map(blobs()[0], tell=stop)


def test_the_same_seed_gives_the_same_map_and_a_sample_is_no_larger_than_asked():
    rows, _ = blobs()
    one, again, other = (flat_map(rows, most=40, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.rows, again.rows)
    np.testing.assert_array_equal(one.places["tsne"], again.places["tsne"])
    assert len(one.rows) == 40
    assert one.n_known == 87
    assert is_known(rows)[one.rows].all()
    assert not np.array_equal(one.rows, other.rows)


def test_many_points_in_one_place_are_drawn_and_none_is_its_own_neighbour():
    found = flat_map(unit(np.eye(2)[np.arange(30) % 2]))
    for near in found.near.values():
        assert (near != np.arange(30)[:, None]).all()
    assert all(np.isfinite(places).all() for places in found.places.values())


@pytest.mark.parametrize("form", [np.asarray, sp.csr_matrix])
def test_vectors_that_are_all_the_same_are_refused_in_one_sentence(form):
    with pytest.raises(DataError, match=r"those of all 30 drawn are the same"):
        flat_map(form(unit(np.ones((30, 3)))))


def test_a_map_of_hardly_anything_is_refused_in_one_sentence():
    rows = np.zeros((50, 3), np.float32)
    rows[: LEAST_DRAWN - 1, 0] = 1
    with pytest.raises(DataError, match=r"at least 12, and 11 of 50 have one"):
        flat_map(rows)


def test_a_sparse_map_is_the_map_of_the_same_numbers_dense():
    rows, group = blobs()
    found = flat_map(sp.csr_matrix(rows))
    share, _ = same_near(found, "pca", group[found.rows])
    assert share.value == 1.0
    dense = flat_map(rows).places["pca"]
    np.testing.assert_allclose(np.abs(found.places["pca"]), np.abs(dense), atol=1e-3)


def test_classes_next_to_each_other_count_as_one_where_they_have_an_order(mapped):
    found, _, _ = mapped
    codes = np.arange(len(found.rows)) % 10
    apart = np.abs(codes[found.near["pca"]] - codes[:, None])
    share, chance = same_near(found, "pca", codes, within=1)
    assert share.value == pytest.approx((apart <= 1).mean())
    pairs = (np.abs(codes[:, None] - codes[None]) <= 1).sum() - len(codes)
    assert chance == pytest.approx(pairs / len(codes) / (len(codes) - 1))


def test_without_genres_popularity_alone_can_colour(tiny_artifacts):
    n = tiny_artifacts.n_items
    manifest = {**tiny_artifacts.manifest, "genre_names": []}
    bare = replace(tiny_artifacts, genre_matrix=np.zeros((n, 0), bool), manifest=manifest)
    for what in ("items", "people"):
        assert set(classes_of(bare, what)) == {"popularity"}


def test_colours_are_the_rarest_genre_and_tenths_of_popularity(tiny_artifacts):
    found = classes_of(tiny_artifacts, "items")
    genres = np.asarray(tiny_artifacts.genre_matrix)
    counts, codes = genres.sum(axis=0), found["genre"].codes
    for item in range(tiny_artifacts.n_items):
        own = np.flatnonzero(genres[item])
        if not len(own):
            assert codes[item] == -1
            continue
        label = found["genre"].labels[codes[item]]
        rarest = {tiny_artifacts.genre_names[g] for g in own if counts[g] == counts[own].min()}
        assert label in rarest or label == OTHER_GENRES
    deciles = found["popularity"].codes
    order = np.argsort(np.asarray(tiny_artifacts.popularity), kind="stable")
    assert (np.diff(deciles[order]) >= 0).all()
    same = np.asarray(tiny_artifacts.popularity)
    assert all(len(set(deciles[same == one])) == 1 for one in set(same.tolist()))
    assert set(classes_of(tiny_artifacts, "people")) == {"genre", "popularity"}
