"""Other definitions: of the same kind, each once, with the findings of the metric's own audit."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.audit.by_definition import by_definition_frame, every_verdict, most_flips
from dashboard.audit.flips import flips, verdict_table
from dashboard.audit.group_people import group_traits
from dashboard.audit.other_definitions import other_findings
from dashboard.audit.worst import find_worst, worst_frame, worst_sentence
from engine.metrics.registry import METRICS, USER_METRICS
from tests.dashboard.audit.views import view_of


def test_a_relevance_metric_is_held_against_the_others_and_against_attention(tiny_artifacts):
    found = other_findings(view_of(tiny_artifacts))
    alike = [
        name
        for name in USER_METRICS
        if METRICS[name].family == "relevance" and METRICS[name].direction == "higher"
    ]
    assert len([label for label in found if label.startswith("Hits by attention")]) == 3
    assert len(found) == len(alike) - 1 + 3
    assert "NDCG@10" not in found


@pytest.mark.parametrize("other", ["recall", "mrr"])
def test_a_definition_finds_what_its_own_audit_finds(tiny_artifacts, other: str):
    found = other_findings(view_of(tiny_artifacts))
    own = view_of(tiny_artifacts, metric=other).comparison.after
    # Written out, since an undefined figure (NaN) equals nothing.
    assert repr(found[f"{METRICS[other].label}@10"].findings) == repr(own)


def test_a_description_without_direction_is_not_held_against_hits(tiny_artifacts):
    found = other_findings(view_of(tiny_artifacts, metric="unjudged"))
    assert not [label for label in found if label.startswith("Hits")]


def test_the_finder_lists_what_stands_by_itself_first_and_counts_all(tiny_artifacts):
    worst = find_worst(view_of(tiny_artifacts, min_n=5))
    frame = worst_frame(worst)
    assert len(frame) == len(worst.findings) > 20
    stands = frame["found"] & (frame["explained by"] == "")
    assert stands.sum() == len(worst.standing)
    assert stands.head(len(worst.standing)).all()
    assert str(len(worst.findings)) in worst_sentence(worst, "NDCG@10")
    nobody = find_worst(view_of(tiny_artifacts, min_n=500))
    assert worst_frame(nobody).empty
    assert worst_sentence(nobody, "NDCG@10") == "No group is large enough to be tested."


def test_groups_are_drawn_by_their_ratio_under_both_definitions_and_flips_are_marked(
    tiny_artifacts,
):
    view = view_of(tiny_artifacts, metric="novelty", reference="rest", attributes=("age band",))
    chosen, found = view.comparison.after, other_findings(view)
    table = verdict_table(chosen, found)
    label = table["definition"].iloc[most_flips(table)]
    assert table["flips"].max() == table["flips"].iloc[most_flips(table)]
    drawn = by_definition_frame(chosen, found[label], label)
    marked = [name.removeprefix("⇄ ") for name in drawn["group"] if name.startswith("⇄ ")]
    assert marked == [text.partition(":")[0] for text in flips(chosen, found[label])]
    values = np.asarray(view.evaluation.measured.column("novelty"), float)
    for place, group in enumerate(drawn["group"].str.removeprefix("⇄ ")):
        is_in = view.groups.codes == view.groups.labels.index(group)
        ratio = np.nanmean(values[is_in]) / np.nanmean(values[~is_in])
        assert drawn["before"].iloc[place] == pytest.approx(ratio, rel=1e-5)


def test_every_verdict_is_listed_once_a_definition_and_group(tiny_artifacts):
    view = view_of(tiny_artifacts, min_n=5)
    listed = every_verdict(view)
    found = other_findings(view)
    assert set(listed["definition"]) == {"NDCG@10", *found}
    assert not listed.duplicated(["definition", "group"]).any()
    table = verdict_table(view.comparison.after, found)
    assert listed["flips"].sum() == table["flips"].sum()


def test_the_people_of_a_group_have_its_traits(tiny_artifacts):
    view = view_of(tiny_artifacts, attributes=("age band", "gender"), min_n=5)
    users = tiny_artifacts.users
    for code, group in enumerate(view.groups.labels):
        traits = group_traits(view, group)
        assert " · ".join(traits.values()) == group
        is_own = (users["gender"] == traits["gender"]).to_numpy()
        members = view.evaluation.measured.users[view.groups.codes == code]
        assert is_own[members].all()
