"""Reasons of a rank: against the person's mean candidate, adding up."""

from __future__ import annotations

import numpy as np
import pytest

from engine.people.rank_reasons import ITSELF, rank_reasons, reasons_table

NAMES = ("als score", "als rank", "release year", "person's seen")


def contributions():
    rng = np.random.default_rng(4)
    parts = rng.normal(size=(6, len(NAMES) + 1))
    parts[:, -2:] = (0.7, -1.5)  # alike for all candidates
    parts[5] = np.nan
    return parts


def test_reasons_add_up_to_the_difference_from_the_mean_candidate():
    parts = contributions()
    found = rank_reasons(NAMES, parts, 2)
    scores = [parts[row].sum() for row in range(5)]
    assert found.score == pytest.approx(scores[2])
    assert found.mean_score == pytest.approx(sum(scores) / 5)
    assert found.values.sum() == pytest.approx(scores[2] - sum(scores) / 5)


def test_what_is_alike_for_all_candidates_is_no_reason():
    found = rank_reasons(NAMES, contributions(), 0)
    alike = dict(zip(found.families, found.values, strict=True))
    assert alike["How much they have seen and liked"] == pytest.approx(0.0)


def test_what_a_ranker_learned_of_an_item_by_its_number_is_a_reason_of_its_own():
    parts = contributions()
    parts[:5, -1] = np.arange(5)
    found = rank_reasons(NAMES, parts, 4)
    alike = dict(zip(found.families, found.values, strict=True))
    assert alike[ITSELF] == pytest.approx(2.0)
    assert found.values.sum() == pytest.approx(found.score - found.mean_score)
    table = reasons_table(NAMES, parts, 4, "A title").set_index("reason")
    assert table.loc[ITSELF, "score against the mean candidate"] == pytest.approx(2.0)
    assert ITSELF not in rank_reasons(NAMES, contributions(), 4).families


def test_the_strongest_reason_comes_first():
    values = np.abs(rank_reasons(NAMES, contributions(), 1).values)
    assert (np.diff(values) <= 0).all()


def test_reasons_of_a_fitted_ranker_add_up(tiny_artifacts):
    explain = pytest.importorskip("engine.rank_explanation").explain_ranks
    parts = explain(tiny_artifacts, 7)
    found = rank_reasons(tiny_artifacts.manifest["feature_names"], parts, 0)
    assert found.values.sum() == pytest.approx(found.score - found.mean_score)
