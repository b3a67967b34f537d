"""Over many simulated logs intervals hold the truth as often as they say, and bias is where it is
broken on purpose. ``python -m tests.benchmarks.ope`` prints the same for the simulated service."""

from __future__ import annotations

import numpy as np
import pytest

from engine.online.earned import earned, true_worth
from engine.online.experiment import DesignConfig, design_of, simulate_log
from engine.scenario import Scenario
from engine.simulate.world import World, world_of

N_LOGS = 60
"""So few that 95 % may read as 84 % by luck (four errors); the benchmark takes 200."""
SETTING = Scenario(diversity=0.5)


@pytest.fixture(scope="module")
def world(tiny_artifacts):
    assumed = world_of(tiny_artifacts)
    return World("true", assumed.people, np.clip(assumed.preference * 2, 0.01, 0.9))


def many_logs(artifacts, world, attention):
    config = DesignConfig(places=4, pool=8, visits=1500, temperature=0.7, attention=attention)
    design = design_of(artifacts, world, Scenario(), SETTING, config)
    answers = [earned(artifacts, simulate_log(design, seed=s), "gender") for s in range(N_LOGS)]
    return design, answers


def held(answers, part, truth):
    found: dict[str, list[tuple[float, bool]]] = {}
    for answer in answers:
        for one in getattr(answer, part):
            is_in = one.low <= truth <= one.high
            found.setdefault(one.name, []).append((one.value, is_in))
    return {
        name: (
            float(np.mean([value for value, _ in rows])) - truth,
            float(np.std([value for value, _ in rows])) / np.sqrt(len(rows)),
            float(np.mean([is_in for _, is_in in rows])),
        )
        for name, rows in found.items()
    }


def test_intervals_hold_the_truth_as_often_as_they_say(tiny_artifacts, world):
    design, answers = many_logs(tiny_artifacts, world, "position")
    first = held(answers, "first", float(design.worth(design.chances[1], 1).mean()))
    for name in ("IPW", "SNIPW", "DM", "DR", "SNDR", "Switch-DR", "DRos"):
        bias, error, share = first[name]
        assert abs(bias) < 4 * error, name
        assert 0.84 <= share <= 1.0, (name, share)
    lists = held(answers, "lists", true_worth(design, design.config.places))
    for name, (bias, error, share) in lists.items():
        assert abs(bias) < 4 * error, name
        assert 0.84 <= share <= 1.0, (name, share)


def test_intervals_beside_the_baseline_hold_the_truth_too(tiny_artifacts, world):
    design, answers = many_logs(tiny_artifacts, world, "position")
    base = design.of_baseline
    for part, places in (("first", 1), ("lists", design.config.places)):
        truth = true_worth(design, places) - true_worth(base, places)
        found: dict[str, list[tuple[float, bool]]] = {}
        for answer in answers:
            for one in getattr(answer, part):
                held_by = one.beside.low <= truth <= one.beside.high
                found.setdefault(one.name, []).append((one.beside.value, held_by))
        for name, rows in found.items():
            values = np.array([value for value, _ in rows])
            if name in ("Replay", "DM"):  # of the ranking itself; of a model of the wrong form
                continue
            assert abs(values.mean() - truth) < 4 * values.std() / np.sqrt(len(rows)), name
            assert np.mean([is_in for _, is_in in rows]) >= 0.84, name


def test_a_cascade_breaks_the_independent_estimator_and_not_the_others(tiny_artifacts, world):
    design, answers = many_logs(tiny_artifacts, world, "cascade")
    lists = held(answers, "lists", true_worth(design, design.config.places))
    bias, error, share = lists["Independent IPS"]
    assert abs(bias) > 4 * error
    assert share < 0.8
    for name in ("Standard IPS", "Reward interaction IPS"):
        bias, error, _ = lists[name]
        assert abs(bias) < 4 * error, name
