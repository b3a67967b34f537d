"""Popularity lift, against its definition."""

from __future__ import annotations

import numpy as np
import pytest

from engine.metrics.audience import describe
from engine.metrics.popularity_by_group import popularity_lift
from engine.metrics.user_matrix import measure
from tests.engine.metrics.random_service import random_artifacts


@pytest.fixture(scope="module")
def artifacts():
    return random_artifacts(200, 50, seed=2)


@pytest.fixture(scope="module")
def audience(artifacts):
    return describe(artifacts)


@pytest.fixture(scope="module")
def measured(audience, artifacts):
    return measure(audience, artifacts.candidates[:, :7])


def people_of(artifacts, codes, group):
    return [
        u
        for u in range(artifacts.n_users)
        if codes[u] == group and len(artifacts.history.row(u)) and (artifacts.candidates[u, 0] >= 0)
    ]


def test_lift_is_the_change_of_mean_popularity(artifacts, audience, measured):
    codes = audience.codes("age")
    lift = popularity_lift(audience, measured, codes, 4)
    phi = artifacts.popularity / artifacts.n_users
    for group in range(3):
        people = people_of(artifacts, codes, group)
        lists = [[i for i in artifacts.candidates[u, :7] if i >= 0] for u in people]
        past = np.mean([phi[artifacts.history.row(u)].mean() for u in people])
        now = np.mean([phi[items].mean() for items in lists])
        assert lift.n[group] == len(people)
        assert lift.value[group] == pytest.approx((now - past) / past, rel=1e-6)
        assert lift.low[group] < lift.value[group] < lift.high[group]
    assert np.isnan(lift.value[3])
    assert lift.n[3] == 0


def test_the_interval_of_a_lift_is_that_of_the_bootstrap(audience, measured):
    codes = np.zeros(200, int)
    lift = popularity_lift(audience, measured, codes, 1)
    now = measured.column("arp").astype(float)
    past = audience.history_popularity
    has = ~np.isnan(now) & ~np.isnan(past)
    drawn = np.random.default_rng(0).integers(0, has.sum(), (4000, has.sum()))
    ratios = now[has][drawn].mean(axis=1) / past[has][drawn].mean(axis=1) - 1
    low, high = np.percentile(ratios, [2.5, 97.5])
    width = high - low
    assert lift.low[0] == pytest.approx(low, abs=0.1 * width)
    assert lift.high[0] == pytest.approx(high, abs=0.1 * width)


def test_lists_that_are_the_history_have_no_lift(artifacts, audience):
    width = int(artifacts.history.lengths().max())
    lists = np.full((200, width), -1, np.int32)
    for user in range(200):
        own = artifacts.history.row(user)
        lists[user, : len(own)] = own
    same = measure(audience, lists)
    lift = popularity_lift(audience, same, audience.codes("age"), 4)
    np.testing.assert_allclose(lift.value[:3], 0, atol=1e-6)
