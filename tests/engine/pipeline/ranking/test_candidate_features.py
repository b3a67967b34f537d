import numpy as np
import pytest

from engine.arrays import PAD
from engine.pipeline.ranking.candidate_features import Context, candidate_features
from engine.pipeline.ranking.item_statistics import item_statistics
from tests.engine.pipeline.retrieval.history_makers import histories_of, plain_catalogue


@pytest.fixture
def context():
    histories = histories_of([[0, 1, 2], [3]], [[1, 1, 0], [1]], n_items=6)
    catalogue = plain_catalogue(
        6,
        genres=[{0}, {0, 1}, {1}, {1}, {0}, set()],
        years=[1990, 2000, 2010, 1980, 1995, np.nan],
    )
    codes = np.array([[0], [1]], np.int16)
    rng = np.random.default_rng(0)
    return Context(
        candidates=np.array([[4, 3, 5], [0, 2, PAD]], np.int32),
        scores={"als": rng.random((2, 3)).astype(np.float32)},
        person_factors=rng.random((2, 4)).astype(np.float32),
        item_factors=rng.random((6, 4)).astype(np.float32),
        histories=histories,
        group_codes=codes,
        group_names=("gender",),
        statistics=item_statistics(histories, codes),
        catalogue=catalogue,
    )


def column(context, name):
    features, names = candidate_features(context)
    return features[:, :, names.index(name)]


def test_names_are_unique_and_one_per_column(context):
    features, names = candidate_features(context)
    assert features.shape == (2, 3, len(names))
    assert len(set(names)) == len(names)
    assert features.dtype == np.float32


def test_padding_is_zero_and_ranks_last(context):
    features, _ = candidate_features(context)
    assert not features[1, 2].any()
    assert sorted(column(context, "als rank")[0]) == [1, 2, 3]
    assert sorted(column(context, "als rank")[1, :2]) == [1, 2]


def test_scores_and_ranks_are_of_the_candidates(context):
    expected = context.scores["als"][0]
    np.testing.assert_array_equal(column(context, "als score")[0], expected)
    np.testing.assert_array_equal(
        column(context, "als rank")[0], [1 + (expected > value).sum() for value in expected]
    )


def test_years_are_against_what_was_liked_not_what_was_seen(context):
    year = column(context, "release year")
    np.testing.assert_allclose(year[0, :2], [1995, 1980], atol=1e-3)
    assert np.isnan(year[0, 2])
    liked = (1990 + 2000) / 2
    np.testing.assert_allclose(
        column(context, "year against liked")[0, :2], [1995 - liked, 1980 - liked], atol=1e-3
    )


def test_taste_is_the_product_of_the_factors(context):
    expected = context.item_factors[[4, 3, 5]] @ context.person_factors[0]
    found = column(context, "taste without popularity")
    np.testing.assert_allclose(found[0], expected, rtol=1e-6)
    assert found[1, 2] == 0


def test_families_are_left_out_by_name(context):
    _, names = candidate_features(context, ["person", "groups"])
    assert names == (
        "person's seen",
        "person's liked",
        "person's liked share",
        "lift in gender",
    )


def test_genre_affinity_by_hand(context):
    # likes: item 0 is all genre 0, item 1 half and half; so the person is 3/4 genre 0
    np.testing.assert_allclose(column(context, "genres against liked")[0], [3 / 4, 1 / 4, 0])
    # seen adds item 2, all genre 1: half and half
    np.testing.assert_allclose(column(context, "genres against seen")[0], [1 / 2, 1 / 2, 0])


def test_activity_is_the_persons_own(context):
    assert column(context, "person's seen")[:, 0].tolist() == [3, 1]
    np.testing.assert_allclose(column(context, "person's liked share")[:, 0], [2 / 3, 1])


def test_group_lift_is_looked_up_by_group_and_is_neutral_for_somebody_unknown(context):
    lift = context.statistics.group_lift[0]
    np.testing.assert_array_equal(column(context, "lift in gender")[0], lift[0, [4, 3, 5]])
    unknown = Context(**{**vars(context), "group_codes": np.array([[-1], [-1]], np.int16)})
    assert column(unknown, "lift in gender")[0].tolist() == [1, 1, 1]


def test_without_genres_and_years_those_columns_are_left_out(context):
    bare = Context(**{**vars(context), "catalogue": plain_catalogue(6)})
    _, names = candidate_features(bare)
    assert not [name for name in names if "year" in name or "genre" in name]
