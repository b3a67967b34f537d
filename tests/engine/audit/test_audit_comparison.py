"""What the page compares: references, frames, flips and stages, on audiences with a known gap."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.charts.disparity import COLUMNS as DOT_COLUMNS
from dashboard.charts.stage_disparity import COLUMNS as STAGE_COLUMNS
from engine.audit.comparison import MOST_DRAWN, Comparison, Groups, compare, dots_frame
from engine.audit.comparison import table_frame as table_of
from engine.audit.finding import lowest
from engine.audit.flips import Judged, flips, flips_sentence, verdict_table
from engine.audit.losers import losers_frame
from engine.audit.reference import reference_of, references_in_words
from engine.audit.settings import AuditSettings
from engine.audit.stages import (
    drawn_groups,
    stage_findings,
    stage_frame,
    start_sentence,
    step_findings,
    step_frame,
)
from engine.audit.words import disparity_sentence
from engine.metrics.registry import METRICS
from engine.metrics.statistics.group_test import EVERYONE, REST
from engine.metrics.statistics.verdict import Word

LABELS = ("men", "women", "few", "fewer")
CHOICE = AuditSettings(("gender",), reference="largest")
NDCG = METRICS["ndcg"]


def audience(seed: int = 0, gap: float = 0.6) -> tuple[Groups, np.ndarray, np.ndarray]:
    """300 men, 200 women whose values are ``gap`` times lower on average after, and 15 and 9."""
    rng = np.random.default_rng(seed)
    codes = np.repeat([0, 1, 2, 3], [300, 200, 15, 9])
    before = rng.beta(1.5, 4, len(codes))
    after = before * np.array([1.0, gap, 1.0, 1.0])[codes]
    before[0] = after[0] = np.nan
    return Groups(LABELS, codes), before, after


def compared(**more) -> Comparison:
    groups, before, after = audience()
    choice = AuditSettings(**{"attributes": ("gender",), "reference": "largest", **more})
    return compare(before, after, groups, choice, NDCG, label="NDCG@10")


@pytest.mark.parametrize(
    ("chosen", "code", "words"),
    [
        ("largest", 0, "the largest group (men)"),
        ("rest", REST, "everyone else"),
        ("everyone", EVERYONE, "everyone"),
        ("women", 1, "the reference (women)"),
        ("no such group", 0, "the largest group (men)"),
    ],
)
def test_every_reference_has_its_code_and_words(chosen: str, code: int, words: str):
    groups, before, _ = audience()
    found = reference_of(chosen, LABELS, before, groups.codes)
    assert (found.code, found.words) == (code, words)


def test_a_group_called_like_one_of_our_references_is_a_choice_of_its_own():
    labels = ("everyone", "everyone else", "largest", "group: everyone", "women")
    words = references_in_words(labels)
    assert len(words) == len(set(words.values())) == 3 + len(labels)
    for code, chosen in enumerate(list(words)[3:]):
        found = reference_of(chosen, labels, np.ones(5), np.arange(5))
        assert (found.code, found.words) == (code, f"the reference ({labels[code]})")
    assert reference_of("everyone", labels, np.ones(5), np.arange(5)).code == EVERYONE


def test_a_gap_that_the_change_makes_is_found_after_and_not_before():
    comparison = compared()
    assert comparison.before[1].verdict.word is Word.NOT_CLEAR
    assert comparison.after[1].judgement == "clearly worse, beyond the band"
    assert comparison.shift[1].is_lower
    assert comparison.shift[1].is_clear
    assert comparison.shift[0].is_reference
    assert comparison.n_suppressed == 2
    assert [finding.group for finding in comparison.shown] == ["men", "women"]


def test_the_frame_of_the_figure_holds_what_it_draws_and_no_suppressed_group():
    frame = dots_frame(compared())
    assert set(DOT_COLUMNS) <= set(frame.columns)
    assert frame["group"].tolist() == ["men", "women"]
    assert frame["standing"].tolist() == ["not clear", "clearly worse"]
    assert "% lower (−0.107) than for the largest group (men)" in frame["in_words"][1]
    _, _, after = audience()
    assert frame["after"][1] == pytest.approx(np.nanmean(after[300:500]))


def test_the_table_keeps_suppressed_groups_without_their_figures_and_sizes():
    table = table_of(compared())
    few = table.set_index("group").loc["few"]
    assert few["people"] is pd.NA
    assert few["verdict"] == "too few people"
    assert np.isnan(few["after"])
    assert np.isnan(few["change"])
    assert table["people"].isna().tolist() == table["after"].isna().tolist()
    assert table["without a value"].tolist()[0] == 1
    shown = table_of(compared(min_n=3)).set_index("group").loc["few"]
    assert not np.isnan(shown["after"])


def test_what_a_suppressed_group_could_be_worked_out_from_is_not_shown_either():
    """With one small group, the others' means and everyone else's give its mean exactly."""
    codes = np.repeat([0, 1, 2], [300, 200, 5])
    values = np.random.default_rng(0).random(505)
    for reference in ("rest", "everyone", "men"):
        choice = AuditSettings(("x",), reference=reference)
        comparison = compare(
            values, values, Groups(("men", "women", "few"), codes), choice, NDCG, label="x"
        )
        table = table_of(comparison).set_index("group")
        assert table["verdict"].loc[["women", "few"]].tolist() == ["hidden", "too few people"]
        figures = table.loc[["women", "few"]]
        assert figures.select_dtypes("number").isna().all(axis=None)
        assert "worked out" in disparity_sentence(comparison.after[1], "NDCG")
        assert losers_frame(values - 0.5, Groups(("men", "women", "few"), codes), 20)[
            "group"
        ].tolist() == ["everybody", "men"]


def test_of_many_groups_the_largest_are_drawn_in_their_order():
    sizes = np.arange(25, 25 + 60)
    codes = np.repeat(np.arange(60), sizes)
    values = np.random.default_rng(0).random(len(codes))
    groups = Groups(tuple(f"g{code}" for code in range(60)), codes)
    comparison = compare(values, values, groups, CHOICE, NDCG, label="NDCG@10")
    frame = dots_frame(comparison)
    assert frame["group"].tolist() == [f"g{code}" for code in range(60 - MOST_DRAWN, 60)]
    assert len(table_of(comparison)) == 60


def test_with_nobody_shown_the_frame_is_empty():
    assert len(dots_frame(compared(min_n=1000))) == 0


def test_flips_name_the_group_and_both_verdicts():
    comparison = compared()
    apart = comparison.shift
    same, other = Judged(comparison.after, apart), Judged(comparison.before, apart)
    assert flips(comparison.after, same) == []
    assert flips(comparison.after, other) == ["women: clearly worse → not clear"]
    table = verdict_table(comparison.after, {"recall": other, "MAP": same}).set_index("definition")
    assert table.loc["recall", "flips"] == 1
    assert table.loc["MAP", "clearly below"] == "women"
    assert table.loc["MAP", "lowest group"] == "women"
    assert table.loc["MAP", "ratio"] == pytest.approx(comparison.after[1].ratio.value)
    sentence = flips_sentence(table.reset_index(), "NDCG@10")
    assert sentence.startswith("1 of 2 other definitions flip")
    assert sentence.endswith("recall.")
    alone = verdict_table(comparison.after, {"MAP": same})
    assert "none of 1 other definition does" in flips_sentence(alone, "NDCG@10")


def test_clear_here_and_not_clear_there_is_no_flip_without_a_test_of_the_difference():
    """Two noisy versions of one disparity: one on each side of the level, and no different."""
    groups, _, after = audience(gap=1.0)
    just, not_quite = (
        compare(after * (1 - part * (groups.codes == 1)), after, groups, CHOICE, NDCG, label="x")
        for part in (0.3, 0.0)
    )
    calm = compare(after, after, groups, CHOICE, NDCG, label="x").shift
    judged = Judged(not_quite.before, calm)
    assert just.before[1].standing != not_quite.before[1].standing
    assert flips(just.before, judged) == []


def test_lowest_woman_1_00_times_higher_cannot_be_said():
    """The reference is the lowest: it is named, and no ratio contradicts it."""
    groups, before, _ = audience(gap=1.0)
    comparison = compare(
        before,
        before * np.array([0.5, 1.0, 1.0, 1.0])[groups.codes],
        groups,
        CHOICE,
        NDCG,
        label="x",
    )
    (least,) = lowest(comparison.after)
    assert (least.group, least.judgement) == ("men", "reference")


def test_lowest_artist_while_two_groups_stand_at_0_cannot_be_said():
    codes = np.repeat(np.arange(4), 60)
    values = np.random.default_rng(0).beta(1.5, 4, 240) * np.array([1.0, 0.1, 0.0, 0.0])[codes]
    groups = Groups(("men", "artist", "b", "c"), codes)
    for reference in ("men", "rest"):
        choice = AuditSettings(("x",), reference=reference)
        comparison = compare(values, values, groups, choice, NDCG, label="x")
        assert [one.group for one in lowest(comparison.after)] == ["b", "c"]
        table = verdict_table(comparison.after, {"y": Judged(comparison.after, comparison.shift)})
        assert table.loc[0, "lowest group"] == "b, c"
        assert table.loc[0, "its mean"] == 0


def test_a_tie_does_not_let_the_alphabet_choose_the_reference():
    codes = np.repeat([0, 1], 100)
    found = reference_of("largest", ("man", "woman"), np.ones(200), codes)
    assert found.code == REST
    assert found.words == "everyone else (2 groups are equally large)"


def stages() -> tuple[Groups, dict[str, np.ndarray]]:
    groups, before, after = audience()
    return groups, {"filtered": before, "ranked": after, "reranked": after * 0.9}


def test_the_disparity_starts_at_the_stage_that_makes_it():
    groups, values = stages()
    reference = reference_of("largest", LABELS, values["ranked"], groups.codes)
    found = stage_findings(values, groups, CHOICE, NDCG, reference)
    steps = step_findings(values, groups, CHOICE, NDCG, reference)
    said = start_sentence(found, steps, "NDCG@10")
    assert "women (clearly worse, beyond the band): clearly wider by filtered → ranked" in said
    calm = {"filtered": found["ranked"], "ranked": found["filtered"]}
    assert "no group" in start_sentence(calm, {}, "NDCG@10")
    assert drawn_groups(found) == ["women"]
    assert found["reranked"][1].is_clear
    frame = stage_frame(found)
    assert set(STAGE_COLUMNS) <= set(frame.columns)
    assert len(frame) == 3 * 4


def test_clear_here_and_not_clear_there_is_no_difference_between_two_stages():
    """The gap is the same at both stages, and clear at the second only for want of noise."""
    groups, values = stages()
    rng = np.random.default_rng(5)
    last = values["ranked"]
    noisy = last + rng.normal(0, 5, len(last))
    noisy -= np.nanmean(noisy - last)
    both = {"filtered": noisy, "ranked": last}
    reference = reference_of("largest", LABELS, last, groups.codes)
    found = stage_findings(both, groups, CHOICE, NDCG, reference)
    assert not found["filtered"][1].is_clear
    assert found["ranked"][1].is_clear
    steps = step_findings(both, groups, CHOICE, NDCG, reference)
    assert "no step from the filtered list on widens it clearly" in (
        start_sentence(found, steps, "NDCG@10")
    )


def test_the_step_that_costs_a_group_is_told_from_the_one_that_does_not():
    groups, values = stages()
    reference = reference_of("largest", LABELS, values["ranked"], groups.codes)
    found = step_findings(values, groups, CHOICE, NDCG, reference)
    steps = step_frame(found).set_index("step")
    assert steps.loc["filtered → ranked", "verdict"] == "loses against the reference"
    assert steps.loc["filtered → ranked", "high"] < 0
    change = values["ranked"] - values["filtered"]
    expected = np.nanmean(change[300:500]) - np.nanmean(change[:300])
    assert steps.loc["filtered → ranked", "against the reference"] == pytest.approx(expected)
