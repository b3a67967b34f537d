"""Effort: one scale for all controls, always measured, never read off a curve."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ScenarioError
from engine.reranking import (
    ITEM_FAIRNESS,
    effort,
    effort_curve,
    relevance_kept,
    rerank,
)
from engine.scenario import Cap, Scenario
from engine.terms import WITH_EFFORT
from engine.terms.diversity_methods import DIVERSITY_METHODS
from tests.engine.reranking.worlds import make_world

WAYS = {
    **{
        f"diversity by {name}": ("diversity", {"diversity_method": name})
        for name in DIVERSITY_METHODS
    },
    **{
        f"item fairness by {name}": ("item_fairness", {"item_fairness_method": name})
        for name in ITEM_FAIRNESS
    },
    "fair_star at .6": (
        "item_fairness",
        {"item_fairness_method": "fair_star", "item_fairness_target": 0.6},
    ),
    **{name: (name, {}) for name in ("freshness", "calibration", "popularity_penalty")},
}
"""Every control with an effort, in every method."""


@cache
def the_world():
    return make_world(seed=30, n_users=300, n_candidates=30, n_items=100)


@pytest.fixture(scope="module")
def world():
    return the_world()


def cost_of(world, scenario):
    """Share of the ranker's relevance that lists give up, from the lists themselves."""
    kept = relevance_kept(world, rerank(world, scenario)).astype(float)
    return 1 - np.nanmean(kept)


@given(st.sampled_from(sorted(WAYS)), st.floats(0.0, 0.6))
def test_what_is_shown_for_an_asked_effort_is_what_lists_cost(way, asked):
    """FA*IR: 1 % asked and 0 % got; max-min: 1 % asked and 3.1 % got."""
    control, finer = WAYS[way]
    world, scenario = the_world(), Scenario(**finer)
    curve = effort_curve(world, scenario, control)
    found = curve.find(asked)
    measured = cost_of(world, replace(scenario, **{control: found.weight}))
    assert found.effort == pytest.approx(measured, abs=1e-6)
    assert found.is_reached == (abs(found.effort - asked) <= effort.TOLERANCE)
    nearest = np.abs(curve.efforts - asked).min()
    assert abs(found.effort - asked) <= nearest + 1e-9, "no weight measured before is nearer"
    assert found.weight == round(found.weight, 3) or curve.is_stepped


@pytest.mark.parametrize("way", sorted(way for way in WAYS if "fair" not in way))
def test_smooth_controls_reach_what_is_asked(world, way):
    control, finer = WAYS[way]
    curve = effort_curve(world, Scenario(**finer), control)
    assert not curve.is_stepped
    start, top = curve.efforts[0], curve.highest
    assert start == 0.0 < top
    for asked in np.linspace(0.0, top, 6):
        found = curve.find(float(asked))
        assert abs(found.effort - asked) <= 0.002  # a thousandth of a weight moves some lists
    assert curve.find(top + 0.1).effort == pytest.approx(top)
    assert not curve.find(top + 0.1).is_reached
    assert curve.find(0.0).weight == 0.0


@pytest.mark.parametrize("way", ["fair_star at .6", "item fairness by max_min"])
def test_stepped_controls_tell_the_levels_that_they_reach(world, way):
    control, finer = WAYS[way]
    curve = effort_curve(world, Scenario(**finer), control)
    assert curve.is_stepped
    for weight in np.linspace(0, 1, 21):
        cost = cost_of(world, Scenario(item_fairness=float(weight), **finer))
        assert np.abs(curve.efforts - cost).min() < 1e-6
    levels = np.sort(curve.efforts)
    widest = int(np.diff(levels).argmax())
    between = float(levels[widest] + levels[widest + 1]) / 2
    found = curve.find(between)
    assert not found.is_reached
    assert found.effort in curve.efforts


@pytest.mark.parametrize("control", WITH_EFFORT)
def test_a_controls_effort_is_what_it_alone_costs(world, control):
    """Other weights and caps do not count; the control's finer settings do."""
    finer = Scenario(k=6, half_life_days=90, item_fairness_group="long_tail")
    busy = replace(finer, freshness=0.4, calibration=0.2, caps=(Cap("genre", None, 2, 5),))
    curve = effort_curve(world, busy, control)
    for weight in (0.0, 0.25, 0.5625):
        cost = cost_of(world, replace(finer, **{control: weight}))
        assert curve.effort(weight) == pytest.approx(cost, abs=1e-6)
    assert curve.sampling_error == 0.0
    assert curve.n_people == 300


def test_settings_of_other_controls_do_not_measure_anew(world):
    one = effort_curve(world, Scenario(half_life_days=30), "diversity")
    other = effort_curve(world, Scenario(half_life_days=60, freshness=0.3), "diversity")
    assert one is other
    assert effort_curve(world, Scenario(half_life_days=60), "freshness") is not effort_curve(
        world, Scenario(half_life_days=30), "freshness"
    )


def test_a_control_that_only_scales_others_has_no_effort(world):
    with pytest.raises(ScenarioError, match="people_fairness"):
        effort_curve(world, Scenario(), "people_fairness")


def test_a_large_audience_is_sampled_and_says_so(world, monkeypatch):
    monkeypatch.setattr(effort, "MOST_PEOPLE", 100)
    fresh = replace(world, folder=world.folder)
    curve = effort_curve(fresh, Scenario(k=7), "diversity")
    whole = cost_of(world, Scenario(k=7, diversity=1.0))
    assert curve.n_people == 100
    assert abs(curve.efforts[-1] - whole) < 4 * curve.sampling_error


def test_relevance_kept_by_hand():
    world = make_world(seed=31, n_users=4, short_rows=True)
    lists = rerank(world, Scenario(k=5, diversity=1.0))
    kept = relevance_kept(world, lists)
    for user in range(4):
        scores = world.scores[user, : world.n_valid[user]].astype(float)
        if len(scores) == 0 or scores.max() == scores.min():
            assert np.isnan(kept[user])
            continue
        gains = (scores - scores.min()) / (scores.max() - scores.min())
        places = lists.positions[user][lists.positions[user] >= 0]
        assert kept[user] == pytest.approx(gains[places].sum() / gains[:5].sum(), rel=1e-6)
    some = relevance_kept(world, rerank(world, Scenario(k=5, diversity=1.0), users=np.array([2])),
                          users=np.array([2]))  # fmt: skip
    assert np.array_equal(some, kept[2:3], equal_nan=True)
