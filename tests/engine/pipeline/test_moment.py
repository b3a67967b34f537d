import dataclasses

import numpy as np
import pytest

from engine.arrays import PAD, Ragged
from engine.held_out import is_in_rows, ndcg_at
from engine.pipeline.blocks import blocks
from engine.pipeline.lists import serve_everybody
from engine.pipeline.moment import make_moment
from engine.pipeline.ranking.candidate_features import FEATURE_FAMILIES
from engine.pipeline.retrieval.source_config import AlsConfig, SourceConfig
from engine.pipeline.source_quality import source_quality, source_weights
from engine.pipeline.teaching import teaching_lists
from tests.engine.pipeline.retrieval.history_makers import plain_catalogue, random_histories

N_PEOPLE, N_ITEMS = 40, 60


class ByPlace:
    """Ranks by the fused place, first or last ones first."""

    def __init__(self, names, sign):
        self.column, self.sign = names.index("fused place"), sign

    def score(self, features, _is_candidate):
        return self.sign * features[:, :, self.column]


def silent(_share):
    pass


@pytest.fixture(scope="module")
def audience():
    return random_histories(n_people=N_PEOPLE, n_items=N_ITEMS, longest=25)


def moment_of(audience):
    rng = np.random.default_rng(0)
    catalogue = plain_catalogue(
        N_ITEMS,
        [{int(g)} for g in rng.integers(0, 4, N_ITEMS)],
        years=rng.uniform(1950, 2020, N_ITEMS),
    )
    codes = (np.arange(N_PEOPLE) % 2).astype(np.int16)[:, None]
    moment = make_moment(
        audience,
        catalogue,
        codes,
        ("gender",),
        SourceConfig(als=AlsConfig(factors=8)),
        families=tuple(FEATURE_FAMILIES),
        n_candidates=30,
        seed=0,
    )
    return moment, codes


@pytest.fixture(scope="module")
def fitted(audience):
    return moment_of(audience)


@pytest.fixture(scope="module")
def labels():
    return Ragged.from_rows([[int(p) % N_ITEMS, (3 * p) % N_ITEMS] for p in range(N_PEOPLE)])


def test_a_person_alone_gets_what_they_get_among_others(fitted, audience):
    moment, codes = fitted
    together = moment.describe(audience, codes)
    for person in (0, 7, 39):
        alone = moment.describe(audience.take(np.array([person])), codes[[person]])
        np.testing.assert_array_equal(alone.fused.filtered[0], together.fused.filtered[person])
        np.testing.assert_array_equal(alone.fused.retrieved[0], together.fused.retrieved[person])
        np.testing.assert_allclose(
            alone.features[0], together.features[person], rtol=1e-4, atol=1e-5
        )


@pytest.mark.parametrize("n_people", [0, 1, 1024, 1025, 5000])
def test_blocks_cover_everybody_once(n_people):
    people = [person for block in blocks(n_people) for person in range(n_people)[block]]
    assert people == list(range(n_people))


def everything(fitted, audience, labels):
    moment, codes = fitted
    taught = teaching_lists(moment, audience, codes, labels, max_bytes=10**9, tell=silent)
    ranker = ByPlace(taught.training.feature_names, 1)
    served = serve_everybody(moment, ranker, audience, codes, max_feature_bytes=10**9, tell=silent)
    return taught, served


def test_the_size_of_blocks_changes_nothing(fitted, audience, labels, monkeypatch):
    taught, served = everything(fitted, audience, labels)
    monkeypatch.setattr("engine.pipeline.blocks.BLOCK_PEOPLE", 7)
    taught_by_7, served_by_7 = everything(fitted, audience, labels)
    np.testing.assert_array_equal(taught_by_7.filtered, taught.filtered)
    np.testing.assert_array_equal(taught_by_7.training.is_label, taught.training.is_label)
    np.testing.assert_allclose(
        taught_by_7.training.features, taught.training.features, rtol=1e-4, atol=1e-5
    )
    for name in ("retrieved", "filtered", "candidates", "source_masks"):
        np.testing.assert_array_equal(getattr(served_by_7, name), getattr(served, name), name)
    assert served.baselines.keys() == served_by_7.baselines.keys()
    for name, rows in served.baselines.items():
        np.testing.assert_array_equal(served_by_7.baselines[name], rows)


def test_what_was_served_is_found_again_in_the_fused_order(fitted, audience):
    moment, codes = fitted
    _, names = moment.features(audience.block(0, 0), codes[:0], np.empty((0, 30), np.int32))
    ranker = ByPlace(names, 1)  # the last first
    served = serve_everybody(moment, ranker, audience, codes, max_feature_bytes=10**9, tell=silent)
    assert (served.filtered != served.candidates).any()
    people = np.arange(3, N_PEOPLE, 2)
    candidates, features = served.as_filtered(people)
    np.testing.assert_array_equal(candidates, served.filtered[people])
    expected, _ = moment.features(audience.take(people), codes[people], candidates)
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-5)


def test_progress_rises_to_one(fitted, audience, labels, monkeypatch):
    monkeypatch.setattr("engine.pipeline.blocks.BLOCK_PEOPLE", 16)
    moment, codes = fitted
    told = []
    taught = teaching_lists(moment, audience, codes, labels, max_bytes=10**9, tell=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    ranker, told = ByPlace(taught.training.feature_names, 1), []
    serve_everybody(moment, ranker, audience, codes, max_feature_bytes=0, tell=told.append)
    assert told == [16 / 40, 32 / 40, 1.0]


def test_a_ranker_is_taught_by_those_who_liked_a_candidate_next(fitted, audience, labels):
    moment, codes = fitted
    taught = teaching_lists(moment, audience, codes, labels, max_bytes=10**9, tell=silent)
    is_label = is_in_rows(taught.filtered, labels, N_ITEMS)
    people = np.flatnonzero(is_label.any(axis=1))
    assert 5 < len(people) < N_PEOPLE
    np.testing.assert_array_equal(taught.training.is_label, is_label[people])
    expected, names = moment.features(audience.take(people), codes[people], taught.filtered[people])
    assert taught.training.feature_names == names
    np.testing.assert_array_equal(taught.training.features, expected)
    one = 4 * expected.shape[1] * expected.shape[2]
    few = teaching_lists(moment, audience, codes, labels, max_bytes=3 * one, tell=silent)
    assert few.training.n_people == 3


def test_source_quality_is_that_of_each_source_alone(fitted, audience, labels):
    retrieval = fitted[0].retrieval
    quality = source_quality(retrieval, audience, labels)
    assert list(quality) == [use.name for use in retrieval.proposing]
    items = retrieval.sources["ease"].propose(audience, 200).items
    gained = [
        ndcg_at(10, np.isin(items[[p]], labels.row(p)), labels.lengths()[[p]])[0]
        for p in range(N_PEOPLE)
    ]
    np.testing.assert_allclose(quality["ease"]["ndcg_at_10"], np.mean(gained))


def test_the_best_source_weighs_one_and_half_as_good_a_sixteenth():
    quality = {"content": {"ndcg_at_10": 0.0}, "als": {"ndcg_at_10": 0.1}}
    weights = source_weights({**quality, "ease": {"ndcg_at_10": 0.2}})
    np.testing.assert_allclose([weights["ease"], weights["als"]], [1, 1 / 16])
    assert weights["content"] == 0.01


@pytest.mark.parametrize("nothing", [0.0, float("nan")])
def test_without_labels_all_sources_weigh_the_same(nothing):
    weights = source_weights({name: {"ndcg_at_10": nothing} for name in ("als", "ease")})
    assert weights == {"als": 1.0, "ease": 1.0}


def test_ranking_orders_by_the_ranker_and_leans_where_history_is_short(fitted, audience, labels):
    moment, codes = fitted
    ranker = ByPlace(everything(fitted, audience, labels)[0].training.feature_names, 1)
    served = serve_everybody(moment, ranker, audience, codes, max_feature_bytes=0, tell=silent)
    assert served.features is None
    n_seen = audience.seen.lengths()
    for person in range(N_PEOPLE):
        n = (served.filtered[person] != PAD).sum()
        ranked = served.candidates[person][:n]
        if n_seen[person] >= 10:
            np.testing.assert_array_equal(ranked, served.filtered[person][:n][::-1])
        if n_seen[person] == 0:
            assert (np.diff(moment.statistics.liked[ranked]) <= 0).all()
    assert (np.diff(served.scores, axis=1) <= 0)[served.candidates[:, 1:] != PAD].all()


def test_what_comes_after_the_moment_changes_no_candidate(fitted, audience):
    """The same audience with other futures: nothing that a moment learns may differ."""
    again, codes = moment_of(dataclasses.replace(audience))
    np.testing.assert_array_equal(
        again.describe(audience, codes).fused.filtered,
        fitted[0].describe(audience, codes).fused.filtered,
    )
