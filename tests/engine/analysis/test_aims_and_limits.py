"""Words for aims and limits: what is read, what is refused, and in which sentence."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.aims import Aim
from engine.analysis.constraints import Constraint, parts_of, refuse_contradictions
from engine.analysis.space import CAP, make_space
from engine.analysis.trials import evaluate_many
from engine.errors import ScenarioError
from engine.metrics.audience import audience_of
from engine.metrics.registry import METRICS
from engine.scenario import NEUTRAL, Scenario
from tests.engine.metrics.random_service import random_artifacts

WORD = st.text(st.characters(codec="utf-8", exclude_characters="@=%<>"), min_size=1).map(
    lambda text: text.strip()
)
USER_METRICS = [name for name, spec in METRICS.items() if spec.scope == "user"]


@pytest.fixture(scope="module")
def artifacts():
    return random_artifacts(120, 60, n_candidates=30, n_held=5, seed=3)


@given(st.sampled_from(USER_METRICS), WORD.filter(bool), WORD.filter(bool))
def test_an_aim_reads_back_what_it_says_for_any_group_name(metric, attribute, label):
    if attribute.startswith(("worst:", "gap:")):
        return
    aim = Aim(metric, "group", attribute, label)
    assert Aim.parse(str(aim)) == aim


@pytest.mark.parametrize("text", ["ndcg", "ndcg@worst:gender", "ndcg@gap:age band", "coverage"])
def test_aims_read_back(text):
    assert str(Aim.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "ndcg loss <= 1%",
        "top_item_share <= 40%",
        "ild >= 0.6",
        "ndcg loss <= 2% for every gender",
        "ndcg@gender=woman loss <= 2%",
    ],
)
def test_limits_read_back(text):
    assert str(Constraint.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "ndcg", "ndcg loss", "ndcg loss >= 1%", "ndcg << 3", "nonsense >= 1", "ndcg >= 1.2.3",
     "ndcg loss <= 200%", "coverage >= 1% for every gender", "ndcg >= --1"],
)  # fmt: skip
def test_a_limit_that_cannot_be_meant_is_refused_in_a_sentence(text):
    with pytest.raises(ScenarioError):
        Constraint.parse(text)


@given(st.text(max_size=40))
def test_no_text_for_a_limit_ends_in_anything_but_a_sentence(text):
    with contextlib.suppress(ScenarioError):
        Constraint.parse(text)


def test_limits_that_contradict_each_other_are_named():
    limits = [Constraint.parse("aplt >= 30%"), Constraint.parse("aplt <= 20%")]
    with pytest.raises(ScenarioError, match="contradict each other"):
        refuse_contradictions(limits)


def test_a_limit_on_a_small_group_is_refused_by_name_and_left_out_of_every(artifacts):
    audience = audience_of(artifacts)
    attribute = next(iter(audience.attributes))
    labels = audience.attributes[attribute]
    codes = audience.codes(attribute)
    users = np.concatenate([np.flatnonzero(codes != 0), np.flatnonzero(codes == 0)[:5]])
    every = Constraint.parse(f"ndcg loss <= 2% for every {attribute}")
    parts, notes = parts_of(audience, [every], users, 20)
    assert [part.label for part in parts] == list(labels[1:])
    assert labels[0] in notes[0]
    alone = Constraint("ndcg", "loss", 0.02, attribute, labels[0])
    with pytest.raises(ScenarioError, match="fewer than 20 people"):
        parts_of(audience, [alone], users, 20)


@pytest.mark.parametrize("aim", ["ndcg@worst:nothing", "ndcg@gender=nobody", "nonsense"])
def test_an_aim_that_these_data_lack_is_refused(artifacts, aim):
    with pytest.raises(ScenarioError):
        evaluate_many(artifacts, [NEUTRAL], [aim])


def test_controls_to_move_are_named_once_and_exist():
    for names in ([], ["diversity", "diversity"], ["nonsense"]):
        with pytest.raises(ScenarioError):
            make_space(NEUTRAL, names)


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_a_setting_of_a_space_stands_where_its_point_says(point):
    space = make_space(Scenario(k=12), ["diversity", CAP, "diversity_method=mmr,dpp"])
    scenario = space.scenario(point)
    assert space.scenario(space.point(scenario)) == scenario


def test_the_design_begins_at_the_origin_and_has_no_setting_twice():
    space = make_space(Scenario(diversity=0.3), ["diversity", "freshness"])
    design = space.design(50, seed=1)
    assert design[0] == Scenario(diversity=0.3)
    assert len(set(design)) == 50
    assert design == space.design(50, seed=1)
    assert design != space.design(50, seed=2)


def test_the_grid_is_every_setting_once():
    space = make_space(NEUTRAL, ["diversity_method=mmr,msd", CAP])
    grid = list(space.grid())
    assert len(grid) == len(set(grid)) == space.size == 20
