"""Other definitions: of the same kind, each once, with the findings of the metric's own audit."""

from __future__ import annotations

import numpy as np
import pytest

from engine.audit.definitions import every_verdict, other_findings
from engine.audit.flips import verdict_table
from engine.audit.worst import find_worst, worst_frame, worst_sentence
from engine.metrics.registry import METRICS, USER_METRICS
from tests.engine.audit.audits import audit_in


def test_a_relevance_metric_is_held_against_the_others_and_against_attention(tiny_artifacts):
    audit = audit_in(tiny_artifacts)
    found = other_findings(audit)
    measured = audit.evaluation.measured
    alike = [
        name
        for name in USER_METRICS
        if METRICS[name].family == "relevance"
        and METRICS[name].direction == "higher"
        # Had again, met for the first time: for data in which things are had again. Not these.
        and np.isfinite(measured.column(name)).any()
    ]
    assert {"ndcg", "recall", "mrr"} < set(alike)
    assert "recall_again" not in alike
    assert len([label for label in found if label.startswith("Hits by attention")]) == 3
    assert len(found) == len(alike) - 1 + 3
    assert "NDCG@10" not in found


@pytest.mark.parametrize("other", ["recall", "mrr"])
def test_a_definition_finds_what_its_own_audit_finds(tiny_artifacts, other: str):
    found = other_findings(audit_in(tiny_artifacts))
    own = audit_in(tiny_artifacts, metric=other).comparison.after
    # Written out, since an undefined figure (NaN) equals nothing.
    assert repr(found[f"{METRICS[other].label}@10"].findings) == repr(own)


def test_a_description_without_direction_is_not_held_against_hits(tiny_artifacts):
    found = other_findings(audit_in(tiny_artifacts, metric="unjudged"))
    assert not [label for label in found if label.startswith("Hits")]


def test_the_finder_lists_what_stands_by_itself_first_and_counts_all(tiny_artifacts):
    worst = find_worst(audit_in(tiny_artifacts, min_n=5))
    frame = worst_frame(worst)
    assert len(frame) == len(worst.findings) > 20
    stands = frame["found"] & (frame["explained by"] == "")
    assert stands.sum() == len(worst.standing)
    assert stands.head(len(worst.standing)).all()
    assert str(len(worst.findings)) in worst_sentence(worst, "NDCG@10")
    nobody = find_worst(audit_in(tiny_artifacts, min_n=500))
    assert worst_frame(nobody).empty
    assert worst_sentence(nobody, "NDCG@10") == "No group is large enough to be tested."


def test_every_verdict_is_listed_once_a_definition_and_group(tiny_artifacts):
    view = audit_in(tiny_artifacts, min_n=5)
    found = other_findings(view)
    listed = every_verdict(view, found)
    assert set(listed["definition"]) == {"NDCG@10", *found}
    assert not listed.duplicated(["definition", "group"]).any()
    table = verdict_table(view.comparison.after, found)
    assert listed["flips"].sum() == table["flips"].sum()
