"""The audit in sentences, in shares and in one number: what is said is what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from engine.audit.comparison import Comparison, Groups, compare
from engine.audit.losers import EVERYBODY, change_of, drawn_losers, losers_frame
from engine.audit.one_number import gap_in_words, measures_frame, null_of
from engine.audit.settings import AuditSettings
from engine.audit.summary import (
    clear_findings,
    conclusion,
    detectable_ratio,
    shift_sentence,
    suppressed_sentence,
)
from engine.metrics.between_groups import GROUP_MEASURES
from engine.metrics.registry import METRICS
from tests.engine.audit.audits import audit_in

NDCG = METRICS["ndcg"]
CODES = np.repeat([0, 1, 2, 3, 4], [400, 200, 60, 5, 18])
GROUPS = Groups(("men", "women", "others", "few", "fewer"), CODES)


def compared(before_scale=(1.0,) * 5, after_scale=(1.0,) * 5, metric=NDCG) -> Comparison:
    values = np.random.default_rng(0).beta(1.5, 4, len(CODES))
    before = values * np.array(before_scale)[CODES]
    after = values * np.array(after_scale)[CODES]
    choice = AuditSettings(("gender",), reference="largest")
    return compare(before, after, GROUPS, choice, metric, label="NDCG@10")


def test_the_farthest_clear_disparity_is_said_first():
    comparison = compared(after_scale=(1.0, 0.7, 0.4, 1.0, 1.0))
    assert [finding.group for finding in clear_findings(comparison)] == ["others", "women"]
    said = conclusion(comparison)
    assert said[0].startswith("others: NDCG@10 is")
    assert len(said) == 2


def test_nothing_clear_is_not_called_equal():
    said = " ".join(conclusion(compared()))
    assert "No group's NDCG@10 clearly differs from that of the largest group (men)" in said
    assert "no proof of equality" in said
    assert "200 people (women)" in said
    assert "60 (others)" in said


def test_the_detectable_ratio_is_found_four_times_in_five():
    """Planted at the size that the page calls detectable, it is found in about 80 % of audits."""
    n, spread = 200, np.array([1.5, 4.0])
    codes = np.repeat([0, 1], n)
    groups = Groups(("a", "b"), codes)
    choice = AuditSettings(("x",), reference="largest")

    def audit(seed: int, ratio: float) -> Comparison:
        values = np.random.default_rng(seed).beta(*spread, 2 * n)
        values[codes == 1] /= ratio
        return compare(values, values, groups, choice, NDCG, label="NDCG")

    size = np.median([detectable_ratio(audit(seed, 1.0).after[1]) for seed in range(20)])
    found = [audit(seed, size).after[1].is_clear for seed in range(100, 500)]
    # Three standard errors of a share of 400 at 80 % are 6 points; the scaled group is a little
    # less noisy than the one that the size was read from.
    assert np.mean(found) == pytest.approx(0.8, abs=0.08)


def test_suppressed_groups_are_counted_with_their_people():
    comparison = compared()
    assert "2 groups with fewer than 20 people (23 people together)" in suppressed_sentence(
        comparison, 20
    )


@pytest.mark.parametrize(
    ("metric", "expected"),
    [("ndcg", "sets back women"), ("miscalibration", "brings forward women")],
)
def test_the_shift_names_who_moved_more_than_the_reference(metric: str, expected: str):
    comparison = compared(after_scale=(1.0, 0.5, 1.0, 1.0, 1.0), metric=METRICS[metric])
    assert expected in shift_sentence(comparison)
    assert "leaves every figure as it was" in shift_sentence(compared())


def test_everybody_stands_first_and_small_groups_are_left_out():
    change = np.where(CODES == 1, -0.1, 0.1)
    frame = losers_frame(change, GROUPS, 20)
    assert frame["group"].tolist() == [EVERYBODY, "men", "women", "others"]
    assert frame.set_index("group").loc["women", "worse"] == 1
    assert frame.set_index("group").loc[EVERYBODY, "worse"] == pytest.approx(200 / 683)
    assert drawn_losers(frame).equals(frame)
    falling = change_of(np.zeros(3), np.array([0.1, -0.1, np.nan]), METRICS["miscalibration"])
    assert falling[:2].tolist() == [-0.1, 0.1]


def test_every_measure_stands_beside_its_chance(tiny_artifacts):
    view = audit_in(tiny_artifacts, attributes=("age band",), min_n=10)
    frame = measures_frame(view).set_index("measure")
    assert len(frame) == len(GROUP_MEASURES) - 1
    shown = [f.value.value for f in view.comparison.after if np.isfinite(f.value.value)]
    assert frame.loc["Gap", "after"] == pytest.approx(max(shown) - min(shown), abs=1e-6)
    assert frame.loc["Ratio", "after"] == pytest.approx(min(shown) / max(shown), abs=1e-6)
    assert frame["p"].between(0, 1).all()
    assert gap_in_words(null_of(audit_in(tiny_artifacts, min_n=500))) == "fewer than two groups"
