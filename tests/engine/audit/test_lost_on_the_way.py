"""The sentence over the heat map: which group of items is lost, and where."""

from __future__ import annotations

import numpy as np

from engine.audit.lost_on_the_way import StageShares, loss_sentence

STAGES = ("history", "retrieved", "ranked", "re-ranked")


def shares(rows: list[list[float]], target: list[float], half: float = 0.01) -> StageShares:
    table = np.array(rows)
    ends = [(row[-1] - half, row[-1] + half) for row in table]
    labels = ["head", "middle", "tail"][: len(rows)]
    return StageShares(labels, STAGES, table, np.array(target), "what people chose", ends, 942)


def test_the_group_farthest_below_its_share_is_named_with_the_step_that_takes_most():
    rows = [[0.3, 0.6, 0.5, 0.45], [0.4, 0.39, 0.4, 0.4], [0.3, 0.01, 0.1, 0.15]]
    said = loss_sentence(shares(rows, [0.3, 0.41, 0.3]))
    assert said == (
        "tail: 30.0 % of what people chose, 15.0 % of what is shown now (14.0 to 16.0 %, n = 942). "
        "On the way: 30.0 % history, 1.0 % retrieved, 10.0 % ranked. Most is lost from history to "
        "retrieved."
    )


def test_what_is_within_its_interval_is_not_lost():
    rows = [[0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.495]]
    assert loss_sentence(shares(rows, [0.5, 0.5])).startswith("No group of items is shown clearly")


def test_a_stage_without_a_figure_is_left_out_and_a_tiny_group_is_not_named():
    rows = [[np.nan, 0.6, 0.6, 0.8], [np.nan, 0.4, 0.4, 0.2], [np.nan, 0.0, 0.0, 0.0]]
    said = loss_sentence(shares(rows, [0.495, 0.5, 0.005], half=0.001))
    assert said.startswith("middle: ")
    assert "history" not in said
    assert said.endswith("Most is lost from ranked to re-ranked.")
