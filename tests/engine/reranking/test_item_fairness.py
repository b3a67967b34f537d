"""Lifting a group: by weight, to a target, by a floor, by max-min."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ScenarioError
from engine.reranking import prepare, rerank
from engine.reranking.exposure_target import smallest_lift
from engine.reranking.fair_star import adjusted_alpha, minimum_targets
from engine.scenario import Scenario
from tests.engine.reranking.worlds import make_world, permuted


def share_of(lists, group):
    """Attention-weighted share of the group, place by place."""
    attention = 1 / np.log2(np.arange(lists.items.shape[1]) + 2)
    shown = lists.items >= 0
    in_group = group[np.where(shown, lists.items, 0)] & shown
    return (in_group * attention).sum() / (shown * attention).sum()


@pytest.fixture(scope="module")
def world():
    return make_world(seed=2, n_users=400, n_candidates=30, n_items=80)


@pytest.mark.parametrize("weight", [0.4, 1.0])
@pytest.mark.parametrize("diversity", [0.0, 0.3])
def test_target_is_just_met(world, weight, diversity):
    scenario = Scenario(
        diversity=diversity,
        item_fairness=weight,
        item_fairness_method="target",
        item_fairness_group="provider:Core",
        item_fairness_target=0.45,
    )
    group = world.provider_codes == 2
    plain = share_of(rerank(world, Scenario(diversity=diversity)), group)
    aim = plain + weight * (0.45 - plain)
    plan = prepare(world, scenario)
    assert plain < aim <= share_of(plan.run(), group)
    lift = plan.group.solved["lift"]
    without_group = plan.problem.offsets[:, 0] - plan.group.lift
    lower = plan.lifted(without_group + (lift - 1 / 500) * group)
    is_close = share_of(plan.run(), group) - aim <= 5e-4
    assert is_close or share_of(lower.run(), group) < aim
    assert plan.group.solved["share reached"] == pytest.approx(
        share_of(plan.run(), group), abs=1e-12
    )


def test_a_group_that_has_its_target_is_left_alone(world):
    scenario = Scenario(item_fairness=1.0, item_fairness_method="target", item_fairness_target=0.0)
    assert (rerank(world, scenario).items == world.candidates[:, :10]).all()
    assert prepare(world, scenario).group.solved["lift"] == 0.0


def test_a_target_out_of_reach_is_approached_as_far_as_possible(world):
    scenario = Scenario(
        item_fairness=1.0,
        item_fairness_method="target",
        item_fairness_group="genre:Western",
        item_fairness_target=1.0,
    )
    plan = prepare(world, scenario)
    group = world.genre_matrix[:, 4]
    n_group = np.minimum(group[world.candidates].sum(axis=1), 10)
    assert (group[plan.run().items].sum(axis=1) == n_group).all()
    assert plan.group.solved["share reached"] < plan.group.solved["share aimed at"] == 1.0


@pytest.mark.parametrize("aim", [0.0, 0.1, 0.5, 0.77, 0.99])
def test_smallest_lift_of_a_step_function(aim):
    def share_at(lift):
        return min(1.0, np.floor(lift * 40) / 40)

    lift, share = smallest_lift(share_at, aim)
    assert share == share_at(lift) >= aim
    assert lift == 0.0 or share - aim <= 5e-4 or share_at(lift - 1 / 900) < aim


@pytest.mark.parametrize("target", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("diversity", [0.0, 0.5])
def test_every_prefix_holds_its_fair_star_count(world, target, diversity):
    scenario = Scenario(
        k=12,
        diversity=diversity,
        item_fairness=1.0,
        item_fairness_method="fair_star",
        item_fairness_target=target,
        item_fairness_group="genre:Drama",
    )
    lists = rerank(world, scenario)
    group = world.genre_matrix[:, 2]
    counts = minimum_targets(12, target, adjusted_alpha(12, target, 0.1))
    held = np.cumsum(group[lists.items], axis=1)
    owed = counts[None, 1:]
    n_group = group[world.candidates].sum(axis=1)[:, None]
    assert (held >= np.minimum(owed, n_group)).all()
    assert (lists.floor_missed > 0).tolist() == (held < owed).any(axis=1).tolist()


def test_fair_star_is_off_or_on_and_says_so(world):
    """From .05 to .95 the slider did nothing, since parts of small counts round to none."""
    full = minimum_targets(10, 0.7, adjusted_alpha(10, 0.7, 0.1)).tolist()
    for weight in (0.05, 0.5, 1.0):
        plan = prepare(
            world,
            Scenario(
                item_fairness=weight, item_fairness_method="fair_star", item_fairness_target=0.7
            ),
        )
        assert plan.limits.floors.tolist() == full
        assert plan.group.levels == (0.0,)
        assert plan.group.solved["asked of a whole list"] == full[-1]


def max_min_value(world, lists):
    """Mean relevance and the smallest provider's exposure for its size, place by place."""
    attention = 1 / np.log2(np.arange(10) + 2)
    scores = world.scores.astype(float)
    low, high = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
    gains = np.take_along_axis((scores - low) / (high - low), lists.positions, axis=1)
    relevance = (gains * attention).sum() / (attention.sum() * world.n_users)
    sizes = np.bincount(world.provider_codes + 1, minlength=4)[1:]
    ratios = [
        share_of(lists, world.provider_codes == p) / (sizes[p] / sizes.sum()) for p in range(3)
    ]
    return relevance, min(ratios)


@pytest.mark.parametrize("weight", [0.1, 0.5, 1.0])
def test_max_min_lifts_the_worst_off_and_its_objective(weight):
    world = make_world(seed=6, n_users=300, n_candidates=30, n_items=60)
    codes = world.provider_codes.copy()
    popular = np.bincount(world.candidates[:, :10].ravel(), minlength=60) > 52
    codes[popular & (codes == 1)] = 0  # provider 1 is left with items that stand low
    object.__setattr__(world, "provider_codes", codes)
    scenario = Scenario(item_fairness=weight, item_fairness_method="max_min")
    plain = max_min_value(world, rerank(world, Scenario()))
    lifted = max_min_value(world, rerank(world, scenario))
    assert lifted[1] > plain[1]
    assert lifted[0] + weight * lifted[1] > plain[0] + weight * plain[1]
    solved = prepare(world, scenario).group.solved
    assert solved["smallest exposure for its size"] == pytest.approx(lifted[1], abs=1e-9)
    assert solved["the same without lift"] == pytest.approx(plain[1], abs=1e-9)


@pytest.mark.parametrize("method", ["target", "max_min"])
def test_what_is_solved_does_not_depend_on_the_order_of_people(world, method):
    order = np.random.default_rng(0).permutation(world.n_users)
    scenario = Scenario(item_fairness=0.7, item_fairness_method=method, diversity=0.2)
    lists, other = rerank(world, scenario), rerank(permuted(world, order), scenario)
    assert (other.items == lists.items[order]).all()


def test_an_unknown_group_is_refused_with_the_known_ones(world):
    with pytest.raises(ScenarioError, match=r"names the genre 'Opera'.*it has: Action, Comedy"):
        rerank(world, Scenario(item_fairness=0.1, item_fairness_group="genre:Opera"))


def test_without_providers_genres_take_their_place():
    world = make_world(seed=6, n_users=200)
    world.manifest["provider_names"] = []
    object.__setattr__(world, "provider_codes", np.full(world.n_items, -1, dtype=np.int16))
    solved = prepare(
        world, Scenario(item_fairness=0.5, item_fairness_method="max_min")
    ).group.solved
    shares = world.genre_matrix / np.maximum(world.genre_matrix.sum(axis=1, keepdims=True), 1)
    attention = 1 / np.log2(np.arange(10) + 2)
    exposure = (shares[world.candidates[:, :10]] * attention[None, :, None]).sum(axis=(0, 1))
    exposure /= attention.sum() * world.n_users
    smallest = (exposure / (shares.sum(axis=0) / shares.sum())).min()
    assert solved["the same without lift"] == pytest.approx(smallest, abs=1e-9)
