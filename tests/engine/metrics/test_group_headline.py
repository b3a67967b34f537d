"""The worst group and the gap: chosen by the data, judged so that the choice is allowed for."""

from __future__ import annotations

import numpy as np
import pytest

from engine.metrics.gap_null import gap_null
from engine.metrics.group_gap import group_gap
from engine.metrics.group_headline import (
    change_of_each,
    evidence_of_worst,
    worst_group,
    worst_groups_tied,
)
from engine.metrics.groups import by_group
from engine.metrics.registry import METRICS
from engine.metrics.statistics.policy import POLICY
from engine.metrics.statistics.verdict import judge

AGE = (36, 206, 340, 190, 72, 58, 40)
OCCUPATION = (79, 28, 18, 95, 67, 32, 7, 16, 12, 51, 14, 26, 9, 87, 31, 12, 195, 27, 14, 45, 27)
"""Sizes of the groups of the 942 people of MovieLens 100K, near enough."""
NDCG = METRICS["ndcg"]
NAMES = ("ndcg",)


def tables(before, after, codes, n_groups):
    now, old = (
        by_group(values.astype(np.float32)[:, None], codes, n_groups, names=NAMES)
        for values in (after, before)
    )
    change = (after - before).astype(np.float32)[:, None]
    return now, old, by_group(change, codes, n_groups, names=NAMES, is_difference=True)


def names_of(groups):
    return tuple(f"group {at:02d}" for at in range(len(groups)))


def ndcg_like(rng, n):
    return rng.binomial(1, 0.7, n) * rng.beta(1.5, 3.5, n)


def people(rng, sizes, *, shift=0.0, gap=0.0):
    """Before and after with half of people unchanged; by chance alone unless shifted."""
    codes = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    before = ndcg_like(rng, len(codes)) + gap * (codes == 0)
    moved = rng.binomial(1, 0.5, len(codes))
    swap = ndcg_like(rng, len(codes)) + gap * (codes == 0)
    after = np.where(moved, 0.5 * before + 0.5 * swap, before)
    first = rng.binomial(1, 0.5, len(codes)).astype(bool)
    before, after = np.where(first, before, after), np.where(first, after, before)
    return before, after + shift * (codes == 1), codes


@pytest.mark.parametrize("sizes", [AGE, OCCUPATION], ids=["age", "occupation"])
def test_the_group_called_worst_is_called_changed_no_more_often_than_stated(sizes):
    """Chosen for being lowest and judged as if it had not been: 9 % false "worse" by age."""
    rng = np.random.default_rng(8)
    n, worse, clear = 1000, 0, 0
    for _ in range(n):
        before, after, codes = people(rng, sizes)
        now, old, change = tables(before, after, codes, len(sizes))
        worst = worst_group(now, names_of(sizes), NDCG)
        verdict = judge([evidence_of_worst(change, old, worst, NDCG)])[0]
        worse += verdict.word == "worse"
        clear += verdict.is_clear
    assert clear / n <= 0.05
    assert worse / n <= 0.05


@pytest.mark.parametrize("sizes", [AGE, OCCUPATION], ids=["age", "occupation"])
def test_no_group_at_all_is_called_changed_more_often_than_stated(sizes):
    rng = np.random.default_rng(9)
    n, alarms = 600, 0
    for _ in range(n):
        before, after, codes = people(rng, sizes)
        _, old, change = tables(before, after, codes, len(sizes))
        alarms += any(one.is_clear for one in judge(change_of_each(change, old, NDCG)))
    assert alarms / n <= 0.06


@pytest.mark.parametrize("gap", [0.0, 0.2])
@pytest.mark.parametrize("sizes", [AGE, OCCUPATION, (270, 670)], ids=["age", "occupation", "two"])
def test_a_gap_that_stays_is_called_changed_no_more_often_than_stated(sizes, gap):
    rng = np.random.default_rng(10)
    n, alarms = 600, 0
    for _ in range(n):
        before, after, codes = people(rng, sizes, gap=gap)
        found = group_gap(*tables(before, after, codes, len(sizes)), "ndcg")
        alarms += found.p < POLICY.level
    assert alarms / n <= 0.06


def test_a_gap_that_grows_is_found():
    rng = np.random.default_rng(11)
    found = [
        group_gap(*tables(*people(rng, AGE, shift=-0.12), len(AGE)), "ndcg") for _ in range(60)
    ]
    assert np.mean([one.p < 0.05 for one in found]) > 0.8


def test_the_verdict_on_a_gap_and_its_interval_never_disagree():
    rng = np.random.default_rng(12)
    for trial in range(120):
        sizes = (AGE, OCCUPATION, (270, 670))[trial % 3]
        before, after, codes = people(rng, sizes, shift=rng.normal(0, 0.08))
        found = group_gap(*tables(before, after, codes, len(sizes)), "ndcg")
        for error in (0.05, 0.05 / 8, 0.001, 1e-5):
            low, high = found.ends(error)
            assert (low > 0 or high < 0) == (found.p < error)
            assert low <= found.difference <= high


def test_the_interval_of_a_gap_holds_the_true_one():
    """Two groups whose true means are known; and no gap at all, where noise makes one."""
    rng = np.random.default_rng(13)
    for truth in (0.0, 0.1):
        held = []
        for _ in range(400):
            codes = np.repeat([0, 1, 2], (60, 200, 300))
            values = ndcg_like(rng, 560) + truth * (codes == 0)
            found = group_gap(*tables(values, values, codes, 3), "ndcg")
            held.append(found.low <= truth <= found.high)
        assert np.mean(held) >= 0.94


@pytest.mark.parametrize("sizes", [AGE, OCCUPATION], ids=["age", "occupation"])
def test_what_chance_makes_is_that_of_the_lists_shown(sizes):
    """It was the neutral list's, whatever the setting; now dealing people of these lists anew."""
    rng = np.random.default_rng(14)
    before, _, codes = people(rng, sizes)
    for values in (before, 0.3 * before):
        found = group_gap(*tables(before, values, codes, len(sizes)), "ndcg")
        dealt = gap_null(values, codes, len(sizes), n_shuffles=4000)
        assert found.value == pytest.approx(dealt.value, rel=1e-5)
        assert found.chance == pytest.approx(dealt.limit, rel=0.05)
        assert found.is_beyond_chance == (found.value > found.chance)


def test_nothing_moved_leaves_the_gap_as_before():
    rng = np.random.default_rng(15)
    before, _, codes = people(rng, AGE)
    found = group_gap(*tables(before, before, codes, len(AGE)), "ndcg")
    assert (found.difference, found.p, found.ends(0.05)) == (0.0, 1.0, (0.0, 0.0))


def test_small_groups_are_no_worst_group_and_make_no_gap():
    values, codes = np.linspace(0, 1, 60), np.repeat([0, 1, 2], (19, 20, 21))
    now, old, change = tables(values, values, codes, 3)
    assert worst_group(now, names_of(range(3)), NDCG) == 1
    assert group_gap(now, old, change, "ndcg").n_groups == 2
    assert group_gap(*tables(values, values, np.zeros(60, int), 1), "ndcg") is None
    few = by_group(np.ones((5, 1), np.float32), np.zeros(5, int), 1, names=NAMES)
    assert worst_group(few, ("a",), NDCG) is None
    assert worst_groups_tied(few, NDCG) == []


def test_of_two_groups_that_are_equally_low_the_larger_is_named():
    values = np.concatenate([np.zeros(70), np.ones(30)])
    codes = np.repeat([0, 1, 2], (30, 40, 30))
    now = tables(values, values, codes, 3)[0]
    assert worst_group(now, names_of(range(3)), NDCG) == 1
    assert worst_groups_tied(now, NDCG) == [0, 1]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_the_order_of_groups_in_the_data_does_not_choose_the_worst(order):
    values = np.concatenate([np.zeros(60), np.ones(30)])
    names = np.array(["artist", "writer", "doctor"])
    codes = np.argsort(order)[np.repeat([0, 1, 2], 30)]
    labels = tuple(names[list(order)])
    now = tables(values, values, codes, 3)[0]
    assert labels[worst_group(now, labels, NDCG)] == "artist"
