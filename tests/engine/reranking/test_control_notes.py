"""What is said beside a control: that it can or does do nothing, or how far it went."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.controls import CONTROLS
from engine.reranking import ItemReach, control_notes, inert_reasons, item_reach, prepare, rerank
from engine.scenario import Scenario
from tests.engine.reranking.worlds import make_world


@pytest.fixture(scope="module")
def world():
    return make_world(seed=70, n_users=200, n_candidates=20, n_items=60)


def bare(world):
    """The same people and scores, with nothing known of items but that they exist."""
    n = world.n_items
    return replace(
        world,
        genre_matrix=np.zeros((n, 5), dtype=bool),
        released_day=np.full(n, np.nan),
        popularity=np.full(n, 7, dtype=np.int32),
        item_factors=np.zeros_like(world.item_factors),
        manifest={**world.manifest, "attributes": {}},
        user_groups=np.zeros((world.n_users, 0), dtype=np.int16),
        objectives=None,
    )


INERT = {
    "diversity": {"diversity": 0.4},
    "genres": {"diversity": 0.4, "likeness": "genres"},
    "xquad": {"diversity": 0.4, "diversity_method": "xquad"},
    "freshness": {"freshness": 0.4},
    "popularity_penalty": {"popularity_penalty": 0.4},
    "calibration": {"calibration": 0.4},
    "people_fairness": {"people_fairness": 0.4},
    "fairness for a genre that nobody has": {
        "item_fairness": 0.4,
        "item_fairness_group": "genre:Drama",
    },
    "a test that asks for nothing": {
        "item_fairness": 0.4,
        "item_fairness_method": "fair_star",
        "item_fairness_target": 0.1,
    },
}


@pytest.mark.parametrize("settings", INERT.values(), ids=INERT)
def test_a_control_that_can_do_nothing_says_why_and_does_nothing(world, settings):
    """At weight .4 a control that could do nothing said nothing."""
    empty, scenario = bare(world), Scenario(**settings)
    (note,) = control_notes(empty, scenario).values()
    assert not note.can_act
    assert note.text.startswith("Can do nothing here. ")
    assert (rerank(empty, scenario).items == rerank(empty, Scenario()).items).all()


@pytest.mark.parametrize("name", list(CONTROLS))
def test_a_control_said_to_do_nothing_changes_no_list_at_any_value(world, name):
    """Each control over its range, beside settings in which some of them have nothing to do."""
    control = CONTROLS[name]
    values = (
        list(control.options)
        if hasattr(control, "options")
        else [control.low, (control.low + control.high) / 2, control.high]
    )
    for base in (
        Scenario(diversity=0.4, freshness=0.3, item_fairness=0.3),
        Scenario(diversity=0.4, diversity_method="xquad", likeness="both"),
        Scenario(diversity=0.4, diversity_method="ssd", diversity_window=4),
        Scenario(item_fairness=0.3, item_fairness_method="fair_star", item_fairness_target=0.6),
        Scenario(item_fairness=0.3, item_fairness_method="max_min"),
    ):
        reason = inert_reasons(world, base).get(name)
        if not reason or name in ("diversity_window", "k"):
            continue
        made = [rerank(world, replace(base, **{name: _whole(control, value)})) for value in values]
        assert all((lists.items == made[0].items).all() for lists in made[1:]), reason


def _whole(control, value):
    return int(value) if getattr(control, "is_whole", False) else value


def test_a_setting_that_moves_no_list_says_that(world):
    """The group has this target already: the control could act, but does not."""
    scenario = Scenario(item_fairness=0.5, item_fairness_method="target", item_fairness_target=0.0)
    note = control_notes(world, scenario)["item_fairness"]
    assert note.can_act
    assert not note.changes
    assert note.text.startswith("At this setting it changes no list.")


def test_lifting_past_the_catalogues_share_is_said_with_both_figures(world):
    """Tail share 90 % against 72 % of the catalogue, without a word."""
    scenario = Scenario(item_fairness=1.0)
    lists = rerank(world, scenario)
    attention = 1 / np.log2(np.arange(10) + 2)
    share = (world.is_long_tail[lists.items] * attention).sum() / attention.sum() / 200
    aim = world.is_long_tail.mean()
    reach = item_reach(world, scenario, lists)
    assert reach.share == pytest.approx(share)
    assert reach.aim == aim
    assert reach.overshoot == pytest.approx(share - aim)
    assert reach.is_past
    note = control_notes(world, scenario, lists)["item_fairness"]
    assert note.is_past
    assert note.text == (
        f"Past the aim: the long tail gets {100 * share:.0f} % of exposure, the aim is "
        f"{100 * aim:.0f} %, its share of the catalogue."
    )
    assert not ItemReach("Core", 0.424, 0.42, "the share set").is_past


def test_a_target_is_its_own_aim_and_is_not_passed(world):
    scenario = Scenario(
        item_fairness=1.0,
        item_fairness_method="target",
        item_fairness_group="provider:Core",
        item_fairness_target=0.6,
    )
    reach = item_reach(world, scenario, rerank(world, scenario))
    assert (reach.group, reach.aim, reach.aim_is) == ("Core", 0.6, "the share set")
    assert reach.share >= 0.6
    assert not reach.is_past


def test_max_min_says_its_gap_and_where_it_moves(world):
    scenario = Scenario(item_fairness=0.3, item_fairness_method="max_min")
    note = control_notes(world, scenario)["item_fairness"]
    solved = prepare(world, scenario).group.solved
    assert f"at most {100 * solved['gap']:.1f} % from the best possible" in note.text
    assert note.text.endswith("not between them nor above.")
    assert item_reach(world, scenario, rerank(world, scenario)) is None


def test_people_fairness_without_another_weight_has_nothing_to_spare(world):
    region = np.repeat([0, 1], 100).astype(np.int16)
    apart = replace(
        world,
        user_groups=np.stack([region, region], axis=1),
        service=np.where(region == 0, 0.1, 0.8).astype(np.float32),
    )
    assert "No other weight is on" in inert_reasons(apart, Scenario())["people_fairness"]
    assert "people_fairness" not in inert_reasons(apart, Scenario(diversity=0.3))


def test_neutral_has_nothing_to_say(world):
    assert control_notes(world, Scenario()) == {}
