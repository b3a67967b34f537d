"""Estimators equal to the Open Bandit Pipeline's, on samples made here and on its public one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.online.estimators import ESTIMATORS, REPLAY, SHRINKAGE, SWITCH_AT, Actions
from engine.online.slates import SLATE_ESTIMATORS, Slates
from tests.engine.online import obp_golden
from tests.engine.online.obp_golden import bandit_sample, even_sample, slate_sample

GOLDEN = json.loads(Path(__file__).with_name("obp_golden.json").read_text(encoding="utf-8"))


def actions(log) -> Actions:
    row = np.arange(len(log["action"]))
    return Actions(
        reward=log["reward"],
        weight=log["policy"][row, log["action"]] / log["pscore"],
        is_same=log["policy"].argmax(axis=1) == log["action"],
        model_own=log["model"][row, log["action"]],
        model_policy=(log["policy"] * log["model"]).sum(axis=1),
        person=row,
    )


def test_the_golden_figures_are_of_the_constants_in_use():
    assert (obp_golden.SWITCH_AT, obp_golden.SHRINKAGE) == (SWITCH_AT, SHRINKAGE)
    weight = actions(bandit_sample()).weight
    assert (weight > SWITCH_AT).any()  # else the switch would not be tried


@pytest.mark.parametrize("name", ESTIMATORS)
def test_an_estimator_of_one_action_equals_theirs(name):
    found = ESTIMATORS[name](actions(bandit_sample())).value
    assert found == pytest.approx(GOLDEN["first"][name], abs=1e-6)


@pytest.mark.parametrize("name", SLATE_ESTIMATORS)
def test_an_estimator_of_lists_equals_theirs(name):
    log = slate_sample()
    own = Slates(
        reward=log["reward"],
        given_above=log["above_policy"] / log["above"],
        at_place=log["at_policy"] / log["at"],
    )
    assert SLATE_ESTIMATORS[name](own).value == pytest.approx(GOLDEN["lists"][name], abs=1e-6)


def test_on_the_public_sample_of_the_open_bandit_dataset_all_equal_theirs():
    log = even_sample(GOLDEN["public_shown"], GOLDEN["public_clicked"])
    own = actions(log)
    assert len(own.reward) == 10_000
    assert own.reward.mean() == pytest.approx(0.0038)  # published with the sample
    for name, one in ESTIMATORS.items():
        assert one(own).value == pytest.approx(GOLDEN["public"][name], abs=1e-6)
    assert ESTIMATORS[REPLAY](own).value == pytest.approx(
        GOLDEN["public_clicked"][0] / GOLDEN["public_shown"][0]
    )
