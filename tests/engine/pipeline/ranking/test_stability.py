"""A new ranker near the last one: what it learns from, and how much less lists then change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from engine.artifacts import open_artifacts
from engine.errors import DataError
from engine.fit import fit
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.ranking.registry import ALONE
from engine.pipeline.ranking.stability import STAYS, rank_correlations, stability_curve
from tests.conftest import TINY_CONFIG
from tests.engine.pipeline.ranking.test_rankers import CONFIG, NAMES, lists_with_a_signal

LEARNERS = ("logistic", "listwise", "pointwise")


@pytest.fixture(scope="module")
def training():
    features, is_candidate, is_label = lists_with_a_signal(3, n_people=150)
    # the last ranker read the weaker one of the two columns that labels come from
    last = np.where(is_candidate, np.nan_to_num(features[:, :, 2]), 0.0).astype(np.float32)
    return TrainingSet(features, is_candidate, is_label, NAMES, last)


@settings(max_examples=30)
@given(seed=st.integers(0, 1000))
def test_rank_correlations_are_spearmans(seed):
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, 6, (2, 4, 12)).astype(float)
    is_there = rng.random((4, 12)) < 0.8
    is_there[:, :3] = True
    found = rank_correlations(one, other, is_there)
    for row in range(4):
        mine, theirs = one[row, is_there[row]], other[row, is_there[row]]
        if len(set(mine)) < 2 or len(set(theirs)) < 2:
            assert np.isnan(found[row])
        else:
            assert found[row] == pytest.approx(spearmanr(mine, theirs).statistic, abs=1e-12)


@settings(max_examples=10)
@given(stay=st.floats(0.01, 0.95))
def test_a_target_lies_between_the_label_and_the_last_rankers_chance(training, stay):
    one = replace(training, stay=stay)
    labels, targets = one.labels().astype(float), one.targets()
    chance = (targets - (1 - stay) * labels) / stay
    assert ((chance > 0) & (chance < 1)).all()
    assert chance.mean() == pytest.approx(labels.mean(), abs=1e-3)  # the line keeps the base rate
    rows, both, weights = one.weighed()
    half = len(labels)
    np.testing.assert_allclose(weights[:half], targets)
    np.testing.assert_allclose(weights[:half] + weights[half:], 1)
    assert both[:half].all()
    assert not both[half:].any()
    np.testing.assert_array_equal(rows[:half], rows[half:])


@pytest.mark.parametrize("name", LEARNERS)
def test_without_a_weight_the_last_ranker_changes_nothing(training, name):
    alone = ALONE[name].fit(replace(training, last=None), CONFIG, 0)
    beside = ALONE[name].fit(training, CONFIG, 0)
    scores = [one.score(training.features, training.is_candidate) for one in (alone, beside)]
    np.testing.assert_array_equal(*scores)


@pytest.mark.parametrize("name", LEARNERS)
def test_the_more_the_last_ranker_counts_the_nearer_the_new_one_is(training, name):
    points = stability_curve(lambda part: ALONE[name].fit(part, CONFIG, 0), training, (0, 0.5, 0.9))
    near = [one.correlation for one in points]
    assert near[0] < near[1] < near[2]
    assert points[2].changed <= points[0].changed
    assert points[2].ndcg_at_10 < points[0].ndcg_at_10
    assert {one.n for one in points} == {150}


def test_a_fit_stays_near_the_one_whose_place_it_takes(tiny_data, tmp_path):
    near = replace(TINY_CONFIG, rankers=("logistic",), stay=0.75, seed=1)
    with pytest.raises(DataError, match="--stay needs the ranker of an earlier fit"):
        fit(tiny_data, tmp_path, config=near)
    fit(tiny_data, tmp_path, config=replace(near, stay=0.0, seed=0))
    fit(tiny_data, tmp_path, config=near)
    said = open_artifacts(tmp_path).manifest
    assert said["config"]["stay"] == 0.75
    assert [one["stay"] for one in said["metrics"]["stability"]] == list(STAYS)
    with pytest.raises(DataError, match="the same features"):
        fit(tiny_data, tmp_path, config=replace(near, features=("sources", "agreement")))
