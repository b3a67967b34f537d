"""Noise is not acted on; a planted difference is, and its gap shrinks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from engine.reranking import relevance_kept, rerank
from engine.reranking.candidate_pool import pool_of
from engine.reranking.people_budget import gap_of, weight_shares
from engine.reranking.service_gap import LEVEL, SMALLEST_GROUP, service_gap
from engine.scenario import Scenario
from tests.engine.reranking.worlds import make_world

ON = {"diversity": 0.6, "freshness": 0.5, "people_attribute": "region"}


def hits(rng, codes, chance):
    """A service with many zeros, as NDCG has."""
    return np.where(rng.random(len(codes)) < chance[codes], rng.random(len(codes)), 0.0)


def test_equal_groups_are_called_different_no_more_often_than_said():
    rng = np.random.default_rng(1)
    codes = np.repeat(np.arange(5), (23, 40, 80, 200, 400))
    found = [service_gap(hits(rng, codes, np.full(5, 0.5)), codes, 5).is_clear for _ in range(800)]
    assert np.mean(found) <= LEVEL + 3 * np.sqrt(LEVEL * (1 - LEVEL) / 800)


def test_welch_is_that_of_scipy_where_variances_need_no_steadying():
    """Large groups: the pooled variance then counts for nothing."""
    rng = np.random.default_rng(2)
    codes = np.repeat(np.arange(3), 20_000)
    service = rng.normal(0.4, 0.2, 60_000) + 0.003 * (codes == 2)
    gap = service_gap(service, codes, 3)
    expected = stats.f_oneway(*(service[codes == g] for g in range(3)), equal_var=False)
    assert gap.p == pytest.approx(expected.pvalue, rel=0.02)


def test_between_variance_and_shrinkage_by_hand():
    """DerSimonian and Laird's moments, from their own formulas, on equal and large groups."""
    rng = np.random.default_rng(3)
    codes = np.repeat(np.arange(4), 5000)
    service = rng.normal(0.3, 0.2, 20_000) + np.array([0.0, 0.02, 0.05, 0.01])[codes]
    gap = service_gap(service, codes, 4)
    means = np.array([service[codes == g].mean() for g in range(4)])
    noise = np.array([service[codes == g].var(ddof=1) / 5000 for g in range(4)])
    weight = 1 / noise
    centre = np.average(means, weights=weight)
    q = (weight * (means - centre) ** 2).sum()
    between = (q - 3) / (weight.sum() - (weight**2).sum() / weight.sum())
    assert gap.between == pytest.approx(between, rel=0.01)
    part = between / (between + noise)
    again = np.average(means, weights=1 / (between + noise))
    assert gap.shrunk == pytest.approx(part * means + (1 - part) * again, abs=1e-5)
    assert 0.9 < gap.reliability < 1.0


def test_a_small_group_without_a_hit_is_no_certainty():
    """23 people of whom none had a hit: a variance of 0 was taken as certainty."""
    rng = np.random.default_rng(4)
    codes = np.r_[np.zeros(400, int), np.ones(23, int)]
    service = np.where(rng.random(423) < 0.05, 0.5, 0.0)
    service[400:] = 0.0
    assert not service_gap(service, codes, 2).is_clear


def test_groups_too_small_or_unknown_take_the_overall_mean():
    codes = np.r_[np.zeros(40, int), np.ones(40, int), np.full(SMALLEST_GROUP - 1, 2), [-1] * 5]
    service = np.where(codes == 0, 0.2, 0.6) + np.tile([0.0, 0.1], 52)[: len(codes)]
    service[:4] = np.nan
    gap = service_gap(service, codes, 3)
    assert gap.is_own.tolist() == [True, True, False]
    assert gap.counts.tolist() == [36, 40, SMALLEST_GROUP - 1]
    assert gap.shrunk[2] == gap.overall == pytest.approx(np.nanmean(service))


@pytest.mark.parametrize("service", [np.full(80, np.nan), np.full(80, 0.4)])
def test_without_any_difference_there_is_no_p_and_nothing_is_clear(service):
    gap = service_gap(service, np.repeat([0, 1], 40), 2)
    assert np.isnan(gap.p)
    assert not gap.is_clear


@pytest.fixture(scope="module")
def large():
    return make_world(seed=60, n_users=900, n_candidates=25, n_items=80)


def with_service(world, chance, seed):
    rng = np.random.default_rng(seed)
    region = rng.integers(0, 3, world.n_users).astype(np.int16)
    groups = np.stack([world.user_groups[:, 0], region], axis=1)
    service = hits(rng, region, np.array(chance)).astype(np.float32)
    return replace(world, user_groups=groups, service=service), region


def gap_in_kept(world, region, weight):
    """Range over groups of the relevance that lists keep."""
    kept = relevance_kept(world, rerank(world, Scenario(people_fairness=weight, **ON)))
    return np.ptp([np.nanmean(kept[region == g].astype(float)) for g in range(3)])


def test_noise_between_groups_leaves_lists_alone_and_gaps_do_not_grow(large):
    """Gaps by gender grew from .004 to .022: any difference was stretched to 0 … 1."""
    grown = []
    for seed in range(20):
        world, region = with_service(large, (0.5, 0.5, 0.5), seed)
        if gap_of(pool_of(world), "region").is_clear:
            continue
        grown.append(gap_in_kept(world, region, 1.0) - gap_in_kept(world, region, 0.0))
    assert len(grown) >= 17
    assert grown == [0.0] * len(grown)


def test_a_planted_difference_spares_the_worse_served_and_its_gap_shrinks(large):
    world, region = with_service(large, (0.15, 0.5, 0.85), 5)
    pool = pool_of(world)
    gap = gap_of(pool, "region")
    assert gap.is_clear
    shares = [
        weight_shares(pool, Scenario(people_fairness=1.0, **ON))[region == g][0] for g in range(3)
    ]
    assert shares[0] == pytest.approx(1 - gap.reliability)
    assert shares[0] < shares[1] < shares[2] == 1.0
    kept = [
        relevance_kept(world, rerank(world, Scenario(people_fairness=w, **ON))).astype(float)
        for w in (0.0, 1.0)
    ]
    served = [world.service * part for part in kept]
    before, after = (np.ptp([np.nanmean(s[region == g]) for g in range(3)]) for s in served)
    assert after < before
    worst, best = (np.nanmean(kept[1][region == g] - kept[0][region == g]) for g in (0, 2))
    assert worst > 0.02
    assert best == 0.0
