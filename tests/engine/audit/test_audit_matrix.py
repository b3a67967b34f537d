"""The scan: every group of one attribute against everyone else, in a few metrics, worst first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.audit.audit import audit_scenario
from engine.audit.matrix import BESIDE, MatrixRow, group_matrix, stage_scan
from engine.audit.matrix_words import matrix_frame, matrix_sentence, matrix_words
from engine.audit.settings import AuditSettings
from engine.metrics.crossing import cross
from engine.scenario import Scenario
from tests.engine.metrics.given_values import with_values


@pytest.fixture(scope="module")
def audit(tiny_artifacts):
    settings = AuditSettings(("gender",), min_n=10)
    return audit_scenario(tiny_artifacts, Scenario(k=6, diversity=0.6), settings)


def test_every_group_of_every_attribute_is_there_with_its_own_mean(audit):
    matrix = group_matrix(audit)
    assert [metric.name for metric in matrix.metrics] == list(BESIDE)
    assert {row.attribute for row in matrix.rows} == set(audit.artifacts.attributes)
    for row in matrix.rows:
        labels, codes = cross(audit.evaluation.audience, (row.attribute,))
        is_in = codes[audit.evaluation.measured.users] == labels.index(row.group)
        for name, one in row.cells.items():
            values = audit.evaluation.measured.column(name).astype(np.float64)
            assert one.mean == pytest.approx(np.nanmean(values[is_in]))
            assert one.rest_mean == pytest.approx(np.nanmean(values[~is_in]))
            assert one.n == np.isfinite(values[is_in]).sum()
            assert one.n >= 10


def test_the_pages_metric_comes_first_and_stands_there_once(tiny_artifacts):
    settings = AuditSettings(("gender",), metric="recall", min_n=10)
    matrix = group_matrix(audit_scenario(tiny_artifacts, Scenario(k=6), settings))
    assert [metric.name for metric in matrix.metrics] == ["recall", "ndcg", "aplt"]


def test_under_the_baseline_no_group_is_said_to_be_moved(tiny_artifacts):
    still = audit_scenario(tiny_artifacts, Scenario(k=6), AuditSettings(("gender",), min_n=10))
    matrix = group_matrix(still)
    assert set(matrix_words(matrix)["the setting"]) == {"as before"}
    assert set(matrix_frame(matrix)["the setting"]) == {0.0}


def test_scans_of_the_stages_that_are_kept_give_the_same(audit):
    kept = stage_scan(audit)
    fresh, given = group_matrix(audit), group_matrix(audit, stages=kept)
    assert [(row.group, row.starts) for row in fresh.rows] == [
        (row.group, row.starts) for row in given.rows
    ]


def starved(audit):
    """The same lists where men find nothing at all, and women what they found and more."""
    labels, codes = cross(audit.evaluation.audience, ("gender",))
    is_man = codes[audit.evaluation.measured.users] == labels.index("man")
    values = audit.evaluation.measured.values.copy()
    from engine.metrics.registry import COLUMN

    spread = np.linspace(0.3, 0.7, len(values), dtype=np.float32)
    values[:, COLUMN["ndcg"]] = np.where(is_man, spread / 10, spread)
    measured = with_values(audit.evaluation.measured, values)
    return replace(audit, evaluation=replace(audit.evaluation, measured=measured))


def test_a_group_that_is_clearly_worse_stands_first_is_named_and_has_its_start(audit):
    matrix = group_matrix(starved(audit))
    first = matrix.rows[0]
    assert (first.attribute, first.group) == ("gender", "man")
    assert "ndcg" in first.worse
    frame = matrix_frame(matrix)
    assert frame["NDCG@6, clear"].iloc[0] == "▼"
    assert first.starts == "re-ranked"  # the stages before it hold the lists as they were
    said = matrix_sentence(matrix)
    assert "Farthest: man (gender), NDCG@6" in said
    assert "% lower: −0." in said
    assert said.endswith("; from the re-ranked list on.")


def test_where_nothing_is_clear_equality_is_not_claimed(audit):
    matrix = group_matrix(audit)
    bare = replace(matrix, rows=tuple(row for row in matrix.rows if not row.worse))
    assert "That is no proof of equality" in matrix_sentence(bare)
    assert matrix_sentence(replace(matrix, rows=())).startswith("No group is large enough")


def test_a_row_without_a_metric_has_no_mark(audit):
    matrix = group_matrix(audit)
    row = MatrixRow("gender", "nobody", {}, None, "")
    frame = matrix_frame(replace(matrix, rows=(row,)))
    assert frame["NDCG@6"].isna().all()
    words = matrix_words(replace(matrix, rows=(row,)))
    assert words["apart"] == words["the setting"] == words["starts at"] == ["–"]
    assert frame[["apart", "the setting", "starts at"]].isna().all(axis=None)


def test_every_column_of_the_matrix_sorts_as_numbers_and_is_said_both_ways(audit):
    matrix = group_matrix(starved(audit))
    frame, words = matrix_frame(matrix), matrix_words(matrix)
    for name, texts in words.items():
        assert pd.api.types.is_float_dtype(frame[name])
        assert len(texts) == len(frame)
    first = matrix.rows[0].cells["ndcg"]
    assert frame["apart"].iloc[0] == first.difference < 0
    assert words["apart"][0].startswith(f"−{100 * -first.difference / first.rest_mean:.1f} % (−0.")
    starts = dict(zip(words["starts at"], frame["starts at"], strict=True))
    assert starts["re-ranked"] == frame["starts at"].max()
