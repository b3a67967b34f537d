"""Stages of the audit: only like is compared with like, and retrieval by what retrieval does."""

from __future__ import annotations

import numpy as np
import pytest

from engine.audit.at_stages import stage_values, stage_view
from engine.metrics.stages import retrieval_recall
from tests.engine.audit.audits import audit_in


@pytest.mark.parametrize("metric", ["ndcg", "dislike_rate", "arp", "ild"])
def test_the_retrieved_list_that_still_holds_what_was_seen_is_not_compared(tiny_artifacts, metric):
    values = stage_values(audit_in(tiny_artifacts, metric=metric))
    assert "retrieved" not in values
    first = ["history"] if metric in ("arp", "ild") else []
    assert list(values) == [*first, "filtered", "ranked", "re-ranked"]


def test_a_history_shorter_than_the_list_has_no_value(tiny_artifacts):
    view = audit_in(tiny_artifacts, metric="ild")
    values = stage_values(view)["history"]
    is_short = tiny_artifacts.history.lengths() < view.scenario.k
    assert is_short.any()
    assert np.isnan(values[is_short]).all()
    assert np.isfinite(values[~is_short]).all()


def test_steps_are_taken_between_like_stages_alone(tiny_artifacts):
    steps = stage_view(audit_in(tiny_artifacts, metric="arp")).steps
    assert set(steps["step"]) == {"filtered → ranked", "ranked → re-ranked"}


def test_retrieval_is_compared_by_the_recall_of_all_candidates(tiny_artifacts):
    view = audit_in(tiny_artifacts)
    frame = stage_view(view).retrieval.set_index("group")
    recall = retrieval_recall(tiny_artifacts)
    name = f"recall@{tiny_artifacts.filtered.shape[1]}"
    for code, label in enumerate(view.groups.labels):
        mine = recall[view.groups.codes == code]
        assert frame.loc[label, name] == pytest.approx(np.nanmean(mine))
        assert frame.loc[label, "n"] == np.isfinite(mine).sum()
