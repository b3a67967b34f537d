"""The paired change of the popularity lift, against a bootstrap over people and its parts."""

from __future__ import annotations

import numpy as np
import pytest

from engine.metrics.audience import audience_of
from engine.metrics.lift_change import LiftChange, lift_change
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
    assert change.before == pytest.approx(lifts[1], abs=1e-6)


def test_the_interval_is_that_of_a_bootstrap_over_people(sides):
    audience, after, before = sides
    everyone = np.zeros(audience.n_users, np.int64)
    change = lift_change(audience, after, before, everyone, 1)
    step = after.column("arp") - before.column("arp")
    past = audience.history_popularity
    drawn = np.random.default_rng(4).integers(0, len(step), (4000, len(step)))
    spread = (step[drawn].mean(axis=1) / past[drawn].mean(axis=1)).std()
    assert change.error[0] == pytest.approx(spread, rel=0.05)


def test_groups_too_small_to_tell_are_undefined(sides):
    audience, after, before = sides
    codes = np.full(audience.n_users, -1)
    codes[0] = 0
    change = lift_change(audience, after, before, codes, 2)
    assert change.n.tolist() == [1, 0]
    assert np.isnan(change.error).all()
    assert [one.word for one in change.judged()] == ["too few people", "undefined"]
    assert np.isnan(change.value[1])


def test_the_same_lists_change_nothing(sides):
    audience, after, _ = sides
    change = lift_change(audience, after, after, np.zeros(audience.n_users, np.int64), 1)
    verdict = change.judged()[0]
    assert (verdict.word, verdict.low, verdict.high, verdict.p) == ("as before", 0, 0, 1)


def test_a_lift_that_shrinks_is_nearer_to_what_people_chose():
    """More and less popular are no better and worse: the aim is the popularity of the history."""
    found = LiftChange(
        np.array([100, 100]), np.array([90, 90]), np.array([0.5, -0.4]), np.full(2, -0.1),
        np.full(2, 0.01),
    )  # fmt: skip
    assert [one.word for one in found.judged()] == ["nearer", "further"]
