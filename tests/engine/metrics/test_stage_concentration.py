"""Concentration by stage, against one audience made smaller at a time."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from engine.metrics.audience import audience_of
from engine.metrics.kernels.exposure_blocks import N_BLOCKS
from engine.metrics.stage_concentration import (
    FIGURES,
    concentration_by_stage,
    history_replicates,
)
from engine.metrics.stages import stage_lists
from engine.metrics.user_matrix import measure

K = 6


@pytest.fixture(scope="module")
def lists(tiny_artifacts):
    return {stage: stage_lists(tiny_artifacts, stage, K) for stage in ("retrieved", "ranked")}


@pytest.fixture(scope="module")
def found(tiny_artifacts, lists):
    audience = audience_of(tiny_artifacts)
    measured = {stage: measure(audience, items) for stage, items in lists.items()}
    replicates = {stage: one.replicates for stage, one in measured.items()}
    history = history_replicates(measured["ranked"].blocks)
    return concentration_by_stage({"history": history, **replicates}, audience.n_users)


def literal(rows, n_items):
    """Coverage and n90 of some people's items, from their counts."""
    counts = np.bincount(np.concatenate(rows), minlength=n_items)
    filled = np.cumsum(np.sort(counts)[::-1])
    return (counts > 0).mean(), 1 + np.flatnonzero(filled >= 0.9 * counts.sum())[0]


def test_figures_of_histories_and_lists_are_those_of_their_counts(found, tiny_artifacts, lists):
    n_items = tiny_artifacts.n_items
    history = tiny_artifacts.history
    rows = {
        "history": [np.unique(history.row(user)) for user in range(history.n_rows)],
        **{stage: [row[row >= 0] for row in items] for stage, items in lists.items()},
    }
    for place, stage in enumerate(found.stages):
        coverage, n90 = literal(rows[stage], n_items)
        assert found.value[place, found.column("coverage")] == pytest.approx(coverage)
        assert found.value[place, found.column("n90")] == n90


def test_a_step_is_paired_over_the_same_people(found, tiny_artifacts, lists):
    """The interval, from audiences that are each measured anew without one block of people."""
    n_items, block = tiny_artifacts.n_items, np.arange(tiny_artifacts.n_users) % N_BLOCKS
    gaps = []
    for left_out in range(N_BLOCKS):
        covered = [
            literal([row[row >= 0] for row in items[block != left_out]], n_items)[0]
            for items in (lists["retrieved"], lists["ranked"])
        ]
        gaps.append(covered[1] - covered[0])
    error = np.sqrt((N_BLOCKS - 1) / N_BLOCKS * ((gaps - np.mean(gaps)) ** 2).sum())
    half = stats.t.ppf(0.975, N_BLOCKS - 1) * error
    column = found.column("coverage")
    step = found.value[2, column] - found.value[1, column]
    assert found.step[2, column] == pytest.approx(step)
    assert found.step_low[2, column] == pytest.approx(step - half)
    assert found.step_high[2, column] == pytest.approx(step + half)
    assert np.isnan(found.step[0]).all()


def test_only_a_step_beyond_the_noise_is_clear(found):
    unclear = (found.step_low < 0) & (found.step_high > 0)
    assert not (found.is_clear & unclear).any()
    assert found.is_clear.any()
    assert not found.is_clear[0].any()


def test_a_stage_that_changes_nothing_takes_no_step(tiny_artifacts):
    one = measure(audience_of(tiny_artifacts), stage_lists(tiny_artifacts, "ranked", K)).replicates
    found = concentration_by_stage({"ranked": one, "reranked": one}, tiny_artifacts.n_users)
    assert found.step[1].tolist() == [0.0] * len(FIGURES)
    assert not found.is_clear.any()
