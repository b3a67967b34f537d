"""The figure of two definitions, and the people behind a group."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.audit.by_definition import by_definition_frame
from dashboard.audit.group_people import group_traits
from engine.audit.definitions import other_findings
from engine.audit.flips import flips, most_flips, verdict_table
from tests.engine.audit.audits import audit_in


def test_groups_are_drawn_by_their_ratio_under_both_definitions_and_flips_are_marked(
    tiny_artifacts,
):
    view = audit_in(tiny_artifacts, metric="novelty", reference="rest", attributes=("age band",))
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


def test_the_people_of_a_group_have_its_traits(tiny_artifacts):
    view = audit_in(tiny_artifacts, attributes=("age band", "gender"), min_n=5)
    users = tiny_artifacts.users
    for code, group in enumerate(view.groups.labels):
        traits = group_traits(view, group)
        assert " · ".join(traits.values()) == group
        is_own = (users["gender"] == traits["gender"]).to_numpy()
        members = view.evaluation.measured.users[view.groups.codes == code]
        assert is_own[members].all()
