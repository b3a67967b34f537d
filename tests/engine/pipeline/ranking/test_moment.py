import dataclasses

import numpy as np
import pytest
from engine.pipeline.ranking.lists import make_lists, rank_lists
from engine.pipeline.ranking.moment import blocks, make_moment
from engine.pipeline.ranking.source_quality import source_quality, source_weights
from engine.pipeline.retrieval.source_parts import SourceConfig
from engine.pipeline.retrieval.sources import PROPOSING

from engine.arrays import PAD, Ragged
from engine.held_out import ndcg_at
from engine.pipeline.retrieval.als import AlsConfig
from tests.engine.pipeline.retrieval.history_makers import plain_catalogue, random_histories

N_PEOPLE, N_ITEMS = 40, 60


@pytest.fixture(scope="module")
def audience():
    return random_histories(n_people=N_PEOPLE, n_items=N_ITEMS, longest=25)


def moment_of(audience, **changes):
    rng = np.random.default_rng(0)
    catalogue = plain_catalogue(
        N_ITEMS,
        [{int(g)} for g in rng.integers(0, 4, N_ITEMS)],
        years=rng.uniform(1950, 2020, N_ITEMS),
    )
    config = dataclasses.replace(SourceConfig(als=AlsConfig(factors=8)), **changes)
    codes = (np.arange(N_PEOPLE) % 2).astype(np.int16)[:, None]
    return make_moment(
        audience, catalogue, codes, ("gender",), config, n_candidates=30, seed=0
    ), codes


@pytest.fixture(scope="module")
def moment(audience):
    return moment_of(audience)


def test_a_person_alone_gets_what_they_get_among_others(moment, audience):
    moment, codes = moment
    together = moment.describe(audience, codes)
    for person in (0, 7, 39):
        alone = moment.describe(audience.take(np.array([person])), codes[[person]])
        np.testing.assert_array_equal(alone.fused.filtered[0], together.fused.filtered[person])
        np.testing.assert_allclose(
            alone.features[0], together.features[person], rtol=1e-4, atol=1e-5
        )


def test_blocks_cover_everybody_once():
    for n_people, n_items in ((0, 5), (1, 10**7), (1000, 100_000), (942, 1682)):
        people = [
            person for block in blocks(n_people, n_items) for person in range(n_people)[block]
        ]
        assert people == list(range(n_people))


def test_lists_made_in_blocks_are_those_made_at_once(moment, audience, monkeypatch):
    moment, codes = moment
    at_once = make_lists(moment, audience, codes, with_baselines=True, tell=lambda _: None)
    monkeypatch.setattr("engine.pipeline.ranking.moment.BLOCK_CELLS", 1)  # blocks of 16
    told = []
    in_blocks = make_lists(moment, audience, codes, with_baselines=True, tell=told.append)
    assert told == [16 / 40, 32 / 40, 1.0]
    np.testing.assert_array_equal(in_blocks.filtered, at_once.filtered)
    np.testing.assert_array_equal(in_blocks.source_masks, at_once.source_masks)
    assert in_blocks.baselines.keys() == at_once.baselines.keys()


def test_sparse_links_of_a_large_catalogue_propose_as_dense_ones_do(audience, moment):
    """Above ``max_dense_items`` links stay sparse and cosine stands in for EASE."""
    sparse, codes = moment_of(audience, max_dense_items=10)
    dense, _ = moment
    in_sparse, in_dense = sparse.scores(audience), dense.scores(audience)
    for name in ("next_liked_3", "next_seen_20", "als", "content"):
        np.testing.assert_allclose(in_sparse[name], in_dense[name], rtol=5e-3, atol=1e-3)
    assert not np.allclose(in_sparse["ease"], in_dense["ease"])
    assert sparse.describe(audience, codes).fused.filtered.shape == (N_PEOPLE, 30)


def test_source_quality_is_that_of_each_source_alone(moment, audience):
    moment, _ = moment
    labels = Ragged.from_rows([[int(p) % N_ITEMS, (3 * p) % N_ITEMS] for p in range(N_PEOPLE)])
    quality = source_quality(moment, audience, labels)
    assert list(quality) == [spec.name for spec in PROPOSING]
    scores = moment.scores(audience)["ease"].astype(np.float64)
    gained = []
    for person in range(N_PEOPLE):
        own = scores[person].copy()
        own[audience.seen.row(person)] = -np.inf
        hits = np.isin(np.argsort(-own, kind="stable"), labels.row(person))
        gained.append(ndcg_at(10, hits[None], labels.lengths()[[person]])[0])
    np.testing.assert_allclose(quality["ease"]["ndcg_at_10"], np.mean(gained), atol=0.02)


def test_the_best_source_weighs_one_and_half_as_good_a_sixteenth():
    quality = {spec.name: {"ndcg_at_10": 0.0} for spec in PROPOSING}
    quality["als"]["ndcg_at_10"], quality["ease"]["ndcg_at_10"] = 0.1, 0.2
    weights = dict(zip(quality, source_weights(quality), strict=True))
    np.testing.assert_allclose([weights["ease"], weights["als"]], [1, 1 / 16])
    assert weights["content"] == 0.01


@pytest.mark.parametrize("nothing", [0.0, float("nan")])
def test_without_labels_all_sources_weigh_the_same(nothing):
    quality = {spec.name: {"ndcg_at_10": nothing} for spec in PROPOSING}
    assert set(source_weights(quality)) == {1.0}


def test_ranking_orders_by_the_ranker_and_leans_where_history_is_short(moment, audience):
    moment, codes = moment
    lists = make_lists(moment, audience, codes, with_baselines=False, tell=lambda _: None)

    class Backwards:
        def predict(self, features):
            return features[:, lists.feature_names.index("fused place")]

    n_seen = audience.seen.lengths()
    order, scores = rank_lists(
        Backwards(), lists, moment.statistics.liked, n_seen, tell=lambda _: None
    )
    ranked = np.take_along_axis(lists.filtered, order, axis=1)
    for person in range(N_PEOPLE):
        n = (lists.filtered[person] != PAD).sum()
        if n_seen[person] >= 10:
            np.testing.assert_array_equal(ranked[person][:n], lists.filtered[person][:n][::-1])
        if n_seen[person] == 0:
            assert (np.diff(moment.statistics.liked[ranked[person][:n]]) <= 0).all()
    assert (np.diff(scores, axis=1) <= 0)[ranked[:, 1:] != PAD].all()
