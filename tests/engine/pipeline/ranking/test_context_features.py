"""Features of the moment served and of providers, against a literal count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.artifacts import open_artifacts
from engine.fit import fit
from engine.pipeline.ranking.candidate_features import FEATURE_FAMILIES, Context, candidate_features
from engine.pipeline.ranking.context_features import SIZES, context_codes, context_lift
from engine.pipeline.ranking.item_statistics import item_statistics
from engine.pipeline.serving import everybodys_histories, serving_of
from tests.conftest import TINY_CONFIG
from tests.engine.pipeline.retrieval.history_makers import plain_catalogue, random_histories

NAMES = ("moment", "providers")


@given(second=st.integers(0, 2_000_000_000))
def test_codes_are_those_of_the_calendar(second):
    when = datetime.fromtimestamp(second, UTC)
    hour, weekend, season = context_codes(np.array([second / 86_400]))[0]
    assert hour == when.hour // 6 or (when.minute, when.second) == (0, 0)
    assert weekend == (when.weekday() >= 5)
    assert abs(season - 4 * (when.timetuple().tm_yday - 1) / 365.25) < 1.03


@settings(max_examples=20)
@given(seed=st.integers(0, 1000))
def test_a_lift_is_the_share_of_a_context_over_the_share_of_all(seed):
    histories = random_histories(seed=seed)
    lift, start = context_lift(histories), 0
    liked = histories.is_liked
    items, codes = histories.seen.indices[liked], context_codes(histories.day[liked])
    for column, size in zip(codes.T, SIZES, strict=True):
        for code in range(size):
            for item in (0, histories.n_items - 1):
                total = (np.sum(items == item) + 0.5) / (len(items) + 0.5 * histories.n_items)
                own = np.sum((items == item) & (column == code))
                share = (own + 20 * total) / (np.sum(column == code) + 20)
                assert lift[start + code, item] == pytest.approx(share / total, rel=1e-5)
        start += size


def described(histories, candidates, families=NAMES, *, with_contexts=True):
    codes = np.zeros((histories.n_people, 0), np.int16)
    catalogue = plain_catalogue(
        histories.n_items, providers=[i % 3 - (i % 7 == 0) * (i % 3 + 1) for i in range(60)]
    )
    context = Context(
        candidates=candidates,
        scores={},
        person_factors=np.zeros((histories.n_people, 2), np.float32),
        item_factors=np.zeros((histories.n_items, 2), np.float32),
        histories=histories,
        group_codes=codes,
        group_names=(),
        statistics=item_statistics(histories, codes, with_contexts=with_contexts),
        catalogue=catalogue,
    )
    features, names = candidate_features(context, families)
    return dict(zip(names, np.moveaxis(features, 2, 0), strict=True)), context


def test_the_moment_is_that_of_the_last_interaction_and_circles():
    histories = random_histories(n_people=20, n_items=60, longest=9, seed=2)
    candidates = np.tile(np.arange(5, dtype=np.int32), (20, 1))
    found, context = described(histories, candidates)
    for person in range(20):
        span = slice(*histories.seen.indptr[person : person + 2])
        days = histories.day[span]
        if not len(days):
            assert np.isnan(found["hour served, sine"][person]).all()
            assert np.isnan(found["liked on such days"][person]).all()
            continue
        turn = 2 * np.pi * (days[-1] % 1)
        assert found["hour served, sine"][person, 0] == pytest.approx(np.sin(turn), abs=1e-5)
        assert found["hour served, cosine"][person, 0] == pytest.approx(np.cos(turn), abs=1e-5)
        code = context_codes(days[-1:])[0]
        lift = context.statistics.context_lift[4 + code[1]]
        np.testing.assert_allclose(found["liked on such days"][person], lift[:5], rtol=1e-6)
        gap = np.log1p(days[-1] - days[-2]) if len(days) > 1 else np.nan
        np.testing.assert_allclose(found["days since the one before"][person, 0], gap, rtol=1e-5)


def test_a_providers_share_is_without_the_item_itself():
    histories = random_histories(n_people=30, n_items=60, longest=20, seed=5)
    candidates = np.tile(np.arange(60, dtype=np.int32), (30, 1))
    found, context = described(histories, candidates)
    liked, seen = context.statistics.liked, context.statistics.seen
    codes, mean = context.catalogue.provider_codes, liked.sum() / seen.sum()
    for item in range(60):
        others = (codes == codes[item]) & (np.arange(60) != item)
        share = (liked[others].sum() + 10 * mean) / (seen[others].sum() + 10)
        value = found["liked share of its provider"][0, item]
        assert np.isnan(value) if codes[item] < 0 else value == pytest.approx(share, rel=1e-5)
    for person in range(30):
        own = histories.liked.row(person)
        for item in (1, 2, 8):
            share = np.mean(codes[own] == codes[item]) if len(own) else 0.0
            assert found["provider among liked"][person, item] == pytest.approx(share, rel=1e-5)


def test_the_moment_asks_nothing_where_nobody_counted_by_it():
    histories = random_histories(n_people=5, n_items=60, seed=1)
    found, _ = described(histories, np.zeros((5, 3), np.int32), ("moment",), with_contexts=False)
    assert found == {}
    assert set(NAMES) <= set(FEATURE_FAMILIES)


def test_a_fit_without_groups_and_with_the_moment_serves_what_it_wrote(tiny_data, tmp_path):
    families = ("sources", "agreement", "item", "moment", "providers")
    fit(tiny_data, tmp_path, config=replace(TINY_CONFIG, features=families))
    artifacts = open_artifacts(tmp_path)
    manifest = artifacts.manifest
    assert tuple(manifest["recipe"]["features"]) == families
    assert manifest["demographic"] == manifest["attribute_flips"] == []
    assert {"season served, sine", "provider among liked"} <= set(manifest["feature_names"])
    people = np.arange(5)
    serving = serving_of(artifacts)
    served = serving.serve(
        everybodys_histories(artifacts).take(people), serving.group_codes[people]
    )
    np.testing.assert_array_equal(served.candidates, artifacts.candidates[:5])
    assert set(np.unique(artifacts.fallback)) <= {0, 1}  # nobody's groups are read
