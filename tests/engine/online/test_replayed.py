"""Bandits replayed on a log: what they would have earned is what it is known to be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.__main__ import main
from engine.errors import DataError
from engine.online.bandits.policies import HANDED_DOWN
from engine.online.bandits.replayed import REPLAYED, replay_bandits, replayed_lines
from engine.online.log import read_log

PAYS = np.array([0.1, 0.5, 0.2])


def logged(artifacts, chance, n: int = 9000, seed: int = 0) -> pd.DataFrame:
    """Three titles on top, drawn unevenly, each with a rate of its own."""
    rng = np.random.default_rng(seed)
    arm = rng.choice(3, n, p=chance)
    return pd.DataFrame(
        {
            "user_id": artifacts.users["user_id"].to_numpy(object)[
                rng.integers(0, artifacts.n_users, n)
            ],
            "item_id": artifacts.items["item_id"].to_numpy(object)[arm],
            "event": np.where(rng.random(n) < PAYS[arm], "click", "impression"),
            "position": 0,
            "propensity": np.asarray(chance)[arm],
            "timestamp": np.arange(n),
        }
    )


def test_even_earns_the_mean_rate_and_learners_come_near_the_best(tiny_artifacts):
    log = read_log(logged(tiny_artifacts, [0.6, 0.2, 0.2]))
    labels, found = replay_bandits(log, tiny_artifacts)
    by = {one.name: one for one in found}
    assert set(by) == set(REPLAYED)
    assert HANDED_DOWN not in by
    assert len(labels) == 3
    # of 9,000 uneven draws those stay that make three arms equally likely: a fifth of each
    assert by["Even"].n_events == pytest.approx(9000 * 0.6, rel=0.05)
    assert by["Even"].low < PAYS.mean() < by["Even"].high
    assert by["Even"].n_matched == pytest.approx(by["Even"].n_events / 3, rel=0.1)
    for name in ("Thompson (Beta)", "Ensemble for drift", "ε-greedy"):
        assert by[name].low > by["Even"].high
        assert by[name].value < PAYS.max() + 0.03
    assert "n = " in replayed_lines(labels, found)[1]


def test_the_same_seed_replays_the_same(tiny_artifacts):
    log = read_log(logged(tiny_artifacts, [0.4, 0.3, 0.3], n=1500))
    one, other = (replay_bandits(log, tiny_artifacts, names=["LinUCB"])[1] for _ in range(2))
    assert one == other


def test_what_cannot_be_replayed_is_refused_in_a_sentence(tiny_artifacts):
    few = read_log(logged(tiny_artifacts, [0.4, 0.3, 0.3], n=60))
    with pytest.raises(DataError, match="at least 60 are needed to replay bandits"):
        replay_bandits(few, tiny_artifacts)
    below = read_log(
        logged(tiny_artifacts, [0.4, 0.3, 0.3], n=300).assign(position=[0, *[1] * 299])
    )
    with pytest.raises(DataError, match="fewer than two titles of known chance at the top"):
        replay_bandits(below, tiny_artifacts)


def test_the_command_replays(tiny_folder, tiny_artifacts, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("engine.data.artifact_folder", lambda _name: tiny_folder)
    monkeypatch.chdir(tmp_path)
    logged(tiny_artifacts, [0.4, 0.3, 0.3], n=900).to_csv("log.csv", index=False)
    asked = ["bandit", "--data", "tiny", "--policy", "UCB1", "--log"]
    assert main([*asked, "log.csv"]) == 0
    assert "UCB1" in capsys.readouterr().out
    assert main([*asked, "kept"]) in (0, 2)  # eight of eighty even titles may be too few
    assert main([*asked[:3], "--policy", HANDED_DOWN, "--log", "log.csv"]) == 2
