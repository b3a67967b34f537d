"""Bandits score arms as mabwiser does, of the same pulls."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.online.bandits.bandit import Sizes, Visit
from engine.online.bandits.policies import POLICIES
from tests.engine.online.mabwiser_golden import N_ARMS, N_FEATURES, pulls

GOLDEN = json.loads(Path(__file__).with_name("mabwiser_golden.json").read_text(encoding="utf-8"))


def learned(name: str):
    made = pulls()
    policy = POLICIES[name](Sizes(1, N_ARMS, N_FEATURES))
    for arm, reward, row in zip(made["arm"], made["reward"], made["features"], strict=True):
        visit = Visit(row[None], np.zeros(1, np.int64))
        policy.learn(np.array([arm]), np.array([reward]), visit)
    return policy


def scored(policy, row) -> np.ndarray:
    visit = Visit(np.asarray(row, float)[None], np.zeros(1, np.int64))
    return policy.scores(visit, np.random.default_rng(0))[0]


def test_ucb1_and_means_are_theirs():
    policy = learned("UCB1")
    assert policy.means[0] == pytest.approx(GOLDEN["means"], abs=1e-6)
    assert scored(policy, np.zeros(N_FEATURES)) == pytest.approx(GOLDEN["UCB1"], abs=1e-6)


def test_linucb_is_theirs():
    policy = learned("LinUCB")
    for row, expected in zip(pulls()["visitor"], GOLDEN["LinUCB"], strict=True):
        assert scored(policy, row) == pytest.approx(expected, abs=1e-6)
