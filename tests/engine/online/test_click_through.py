"""Rates by place and policy, and attention found where it was planted."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import demo_data
from engine.online.click_through import click_through, click_through_lines
from engine.online.log import read_log

FOLDER = Path(demo_data.__file__).parent


def test_the_attention_planted_in_the_simulated_service_is_found():
    rates = click_through(read_log(pd.read_parquet(FOLDER / "impressions.parquet")))
    planted = json.loads((FOLDER / "truth" / "planted.json").read_text(encoding="utf-8"))
    assert [one.place for one in rates] == list(range(1, 21))
    held = 0
    for one, seen in zip(rates[1:], planted["attention"][1:], strict=True):
        half = (one.attention_high - one.attention_low) / 2
        held += one.attention_low <= seen <= one.attention_high
        assert abs(one.attention - seen) < 2 * half
    assert held >= 15  # of 19, each held in 95 % of logs
    assert rates[0].attention == pytest.approx(1.0)


def small() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_id": ["a", "a", "b", "b", "c", "c"],
            "item_id": ["x", "y"] * 3,
            "event": ["click", "impression", "click", "click", "impression", "impression"],
            "position": [0, 1] * 3,
            "propensity": 0.5,
            "policy": ["old"] * 4 + ["new"] * 2,
        }
    )


def test_rates_are_by_policy_and_count_views_and_people():
    rates = click_through(read_log(small()))
    found = {(one.policy, one.place): one for one in rates}
    assert {key: one.value for key, one in found.items()} == {
        ("old", 1): 1.0,
        ("old", 2): 0.5,
        ("new", 1): 0.0,
        ("new", 2): 0.0,
    }
    assert found["old", 2].attention == pytest.approx(0.5)
    assert found["old", 2].n == found["old", 2].n_people == 2
    assert np.isnan(found["new", 2].attention)
    assert np.isnan(found["new", 1].low)  # one person has no interval
    said = click_through_lines(rates)
    assert any("old, place 2: 50.0 %" in line for line in said)


def test_the_interval_of_the_ratio_is_that_of_many_logs_drawn_again():
    rng = np.random.default_rng(0)
    ratios, halves = [], []
    for _ in range(300):
        n = 1500
        table = pd.DataFrame(
            {
                "user_id": np.repeat(np.arange(n // 2), 2).astype(str),
                "item_id": rng.integers(0, 9, n).astype(str),
                "event": np.where(
                    rng.random(n) < np.tile([0.4, 0.2], n // 2), "click", "impression"
                ),
                "position": np.tile([0, 1], n // 2),
                "propensity": 0.1,
            }
        )
        second = click_through(read_log(table))[1]
        ratios.append(second.attention)
        halves.append((second.attention_high - second.attention_low) / 2)
    assert np.mean(ratios) == pytest.approx(0.5, abs=0.01)
    assert np.mean(halves) == pytest.approx(1.96 * np.std(ratios), rel=0.12)
