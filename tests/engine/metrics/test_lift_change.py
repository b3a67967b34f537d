"""The paired change of the popularity lift, against a bootstrap over people and its parts."""

from __future__ import annotations

import numpy as np
import pytest

from engine.metrics.audience import audience_of
from engine.metrics.lift_change import lift_change
from engine.metrics.popularity_by_group import popularity_lift
from engine.metrics.stages import stage_lists
from engine.metrics.user_matrix import measure


@pytest.fixture(scope="module")
def sides(tiny_artifacts):
    audience = audience_of(tiny_artifacts)
    before = measure(audience, stage_lists(tiny_artifacts, "retrieved", 8))
    return audience, measure(audience, stage_lists(tiny_artifacts, "ranked", 8)), before


def test_the_change_is_the_difference_of_the_two_lifts(sides):
    audience, after, before = sides
    codes = audience.codes("gender").astype(np.int64)
    change = lift_change(audience, after, before, codes, 2)
    lifts = [popularity_lift(audience, one, codes, 2).value for one in (after, before)]
    assert change.value == pytest.approx(lifts[0] - lifts[1], abs=1e-6)
    assert change.n.tolist() == np.bincount(codes).tolist()


def test_the_interval_is_that_of_a_bootstrap_over_people(sides):
    audience, after, before = sides
    everyone = np.zeros(audience.n_users, np.int64)
    change = lift_change(audience, after, before, everyone, 1)
    step = after.column("arp") - before.column("arp")
    past = audience.history_popularity
    drawn = np.random.default_rng(4).integers(0, len(step), (4000, len(step)))
    spread = (step[drawn].mean(axis=1) / past[drawn].mean(axis=1)).std()
    assert (change.high - change.low)[0] / (2 * 1.98) == pytest.approx(spread, rel=0.05)


def test_groups_too_small_to_tell_are_undefined(sides):
    audience, after, before = sides
    codes = np.full(audience.n_users, -1)
    codes[0] = 0
    change = lift_change(audience, after, before, codes, 2)
    assert change.n.tolist() == [1, 0]
    assert np.isnan(change.low).all()
    assert np.isnan(change.value[1])


def test_the_same_lists_change_nothing(sides):
    audience, after, _ = sides
    change = lift_change(audience, after, after, np.zeros(audience.n_users, np.int64), 1)
    assert (change.value[0], change.low[0], change.high[0], change.p[0]) == (0, 0, 0, 1)
