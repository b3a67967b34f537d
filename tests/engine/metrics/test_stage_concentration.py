"""Concentration by stage, against one audience made smaller at a time."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from engine.metrics.audience import audience_of
from engine.metrics.kernels.exposure_blocks import N_BLOCKS
from engine.metrics.stage_concentration import FIGURES, concentration_by_stage
from engine.metrics.stages import LIST_STAGES, are_alike, retrieval_recall, stage_lists
from engine.metrics.statistics.policy import POLICY
from engine.metrics.statistics.verdict import Word
from engine.metrics.user_matrix import measure

K = 6


@pytest.fixture(scope="module")
def lists(tiny_artifacts):
    return {stage: stage_lists(tiny_artifacts, stage, K) for stage in LIST_STAGES}


@pytest.fixture(scope="module")
def found(tiny_artifacts, lists):
    audience = audience_of(tiny_artifacts)
    measured = {stage: measure(audience, items) for stage, items in lists.items()}
    replicates = {stage: one.replicates for stage, one in measured.items()}
    return concentration_by_stage(replicates, audience.n_users)


def literal(rows, n_items):
    """Coverage and n90 of some people's items, from their counts."""
    counts = np.bincount(np.concatenate(rows), minlength=n_items)
    filled = np.cumsum(np.sort(counts)[::-1])
    return (counts > 0).mean(), 1 + np.flatnonzero(filled >= 0.9 * counts.sum())[0]


def test_figures_of_histories_and_lists_are_those_of_their_counts(found, tiny_artifacts, lists):
    n_items = tiny_artifacts.n_items
    rows = {stage: [row[row >= 0] for row in items] for stage, items in lists.items()}
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
            for items in (lists["filtered"], lists["ranked"])
        ]
        gaps.append(covered[1] - covered[0])
    error = np.sqrt((N_BLOCKS - 1) / N_BLOCKS * ((gaps - np.mean(gaps)) ** 2).sum())
    column = found.column("coverage")
    verdict = found.steps[3][column]
    half = stats.t.ppf(0.5 + verdict.confidence / 2, N_BLOCKS - 1) * error
    step = found.value[3, column] - found.value[2, column]
    assert verdict.value == pytest.approx(step)
    assert verdict.low == pytest.approx(step - half)
    assert verdict.high == pytest.approx(step + half)
    assert all(one.word is Word.UNDEFINED for one in found.steps[0])


def test_a_step_is_clear_exactly_where_its_interval_leaves_0_out(found):
    """The interval used to be of one step alone beside a mark corrected over all of them."""
    judged = [one for row in found.steps for one in row if one.word is not Word.UNDEFINED]
    assert judged
    for one in judged:
        assert one.is_clear == (not one.low <= 0 <= one.high)
        assert one.confidence >= POLICY.confidence


def test_a_stage_that_changes_nothing_takes_no_step(tiny_artifacts):
    one = measure(audience_of(tiny_artifacts), stage_lists(tiny_artifacts, "ranked", K)).replicates
    found = concentration_by_stage({"ranked": one, "reranked": one}, tiny_artifacts.n_users)
    assert [one.value for one in found.steps[1]] == [0.0] * len(FIGURES)
    assert {one.word for one in found.steps[1]} == {Word.AS_BEFORE}


def test_history_and_retrieved_lists_get_no_mark_beside_lists_of_what_nobody_met(found):
    """A history of 79 items beside lists of 10, or a list of what was seen, differs by itself."""
    assert found.stages == LIST_STAGES
    for place, stage in enumerate(found.stages):
        is_like = place > 0 and are_alike(found.stages[place - 1], stage)
        for step in found.steps[place]:
            assert np.isfinite(step.value) == is_like
            assert is_like or step.word is Word.UNDEFINED
    assert are_alike("filtered", "ranked")
    assert are_alike("ranked", "reranked")
    assert not are_alike("history", "filtered")
    assert not are_alike("retrieved", "filtered")


def test_every_stage_has_lists_of_one_length(lists, tiny_artifacts):
    for items in lists.values():
        assert items.shape == (tiny_artifacts.n_users, K)
    n_past = np.minimum(tiny_artifacts.history.lengths(), K)
    np.testing.assert_array_equal((lists["history"] >= 0).sum(axis=1), n_past)


def test_retrieval_is_judged_by_all_of_its_candidates(tiny_artifacts):
    recall = retrieval_recall(tiny_artifacts)
    for user in range(tiny_artifacts.n_users):
        held = set(tiny_artifacts.holdout.row(user).tolist())
        by_hand = len(held & set(tiny_artifacts.candidates[user].tolist())) / max(len(held), 1)
        assert recall[user] == pytest.approx(by_hand) if held else np.isnan(recall[user])
