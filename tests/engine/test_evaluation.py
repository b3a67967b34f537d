"""From a scenario to figures: the same from any road, with intervals, and mergeable."""

from __future__ import annotations

import json
import math
from dataclasses import astuple, replace

import numpy as np
import pytest

from engine.__main__ import main
from engine.arrays import PAD
from engine.data.naming import name_of
from engine.errors import ScenarioError
from engine.evaluation import (
    ceiling,
    evaluate,
    evaluate_scenario,
    stage_lists,
    sums_of,
    to_json,
)
from engine.metrics.audience import audience_of, describe
from engine.metrics.ceiling import best_ndcg
from engine.metrics.figures import figures_of
from engine.metrics.registry import COLUMN, HEADLINE, METRICS
from engine.metrics.settings import Settings
from engine.metrics.stages import LIST_STAGES
from engine.metrics.unjudged import unjudged_of
from engine.metrics.user_matrix import measure
from engine.reranking import neutral_lists
from engine.scenario import NEUTRAL, Scenario
from tests.engine.metrics.given_values import with_values
from tests.engine.metrics.random_service import random_artifacts

SCENARIO = Scenario(k=6, diversity=0.6, freshness=0.3)
NOT_HERE = ("repeat_share", "recall_again", "recall_new")
"""Undefined where a fit offers nothing again."""


@pytest.fixture(scope="module")
def artifacts():
    return random_artifacts(250, 80, n_candidates=30, n_held=6, seed=1)


@pytest.fixture(scope="module")
def evaluation(artifacts):
    return evaluate_scenario(artifacts, SCENARIO)


def test_every_metric_has_a_figure_with_value_interval_and_size(evaluation):
    assert set(evaluation.figures) == set(METRICS)
    for name, figure in evaluation.figures.items():
        assert figure.n + figure.n_undefined == 250, name
        if name in NOT_HERE:
            assert figure.n == 0, name
            continue
        assert figure.low <= figure.value <= figure.high, name


def test_figures_are_means_of_the_matrix_and_changes_are_paired(evaluation):
    for name in ("ndcg", "ild", "recall_tail", "mean_age"):
        now = evaluation.measured.column(name).astype(float)
        before = evaluation.baseline.column(name).astype(float)
        figure = evaluation.figures[name]
        assert figure.value == pytest.approx(np.nanmean(now), rel=1e-9)
        assert figure.difference == pytest.approx(np.nanmean(now - before), rel=1e-5, abs=1e-9)
        assert figure.n == (~np.isnan(now)).sum()


def test_more_diversity_and_freshness_show_in_their_own_metrics(evaluation):
    assert evaluation.figures["ild"].verdict == "higher"
    assert evaluation.figures["freshness"].verdict == "higher"


def test_neutral_changes_nothing(artifacts):
    same = evaluate_scenario(artifacts, replace(NEUTRAL, k=6))
    for name, figure in same.figures.items():
        if math.isnan(figure.difference):
            # The baseline is not compared with itself.
            assert name in ("overlap", "rbo", *NOT_HERE)
            continue
        assert figure.difference == figure.difference_low == figure.difference_high == 0, name
        assert figure.verdict == "as before", name
        assert figure.p == 1, name
    assert same.figures["overlap"].value == 1


@pytest.mark.parametrize("cut", [1, 97, 249])
def test_two_parts_of_the_audience_merge_to_the_whole(artifacts, evaluation, cut):
    parts = [
        evaluate_scenario(artifacts, SCENARIO, users=users)
        for users in (np.arange(cut), np.arange(cut, 250))
    ]
    merged = parts[0].sums + parts[1].sums
    whole = evaluation.sums
    for ours, theirs in (
        (merged.now.total, whole.now.total),
        (merged.now.squares, whole.now.squares),
        (merged.change.total, whole.change.total),
        (merged.blocks.attention, whole.blocks.attention),
        (merged.blocks.clicks, whole.blocks.clicks),
        (merged.blocks.held, whole.blocks.held),
        (merged.baseline_blocks.slots, whole.baseline_blocks.slots),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)
    found = figures_of(unjudged_of(merged), shown=HEADLINE)
    for name, figure in evaluation.figures.items():
        numbers = [v for v in astuple(figure) if isinstance(v, float)]
        other = [v for v in astuple(found[name]) if isinstance(v, float)]
        assert other == pytest.approx(numbers, rel=1e-8, abs=1e-9, nan_ok=True), name


def test_a_part_of_the_people_is_evaluated_as_if_alone(artifacts):
    users = np.array([3, 100, 7, 200])
    part = evaluate_scenario(artifacts, SCENARIO, users=users)
    everyone = evaluate_scenario(artifacts, SCENARIO)
    np.testing.assert_array_equal(part.measured.values, everyone.measured.values[users])
    assert part.n_users == 4
    held = sum(len(artifacts.holdout.row(user)) for user in users)
    assert part.measured.blocks.held.sum() == held


def test_another_baseline_turns_the_difference_round(artifacts, evaluation):
    back = evaluate_scenario(artifacts, replace(NEUTRAL, k=6), baseline=SCENARIO)
    for name in ("ndcg", "ild", "coverage", "gini", "exposure_divergence"):
        there, here = evaluation.figures[name], back.figures[name]
        assert here.difference == pytest.approx(-there.difference, abs=1e-9)
        assert here.difference_low == pytest.approx(-there.difference_high, abs=1e-9)


def test_groups_are_before_now_and_paired(artifacts, evaluation):
    groups = evaluation.groups("age")
    assert groups.labels == ("young", "middle", "old", "nobody")
    assert groups.now.n[3] == 0
    assert np.isnan(groups.now.mean[3]).all()
    before = evaluate_scenario(artifacts, replace(NEUTRAL, k=6)).groups("age").now
    np.testing.assert_array_equal(groups.before.mean[:, :5], before.mean[:, :5])
    column = groups.now.column("ild")
    has = groups.now.n_defined[:3, column] == groups.before.n_defined[:3, column]
    change = groups.now.mean[:3, column] - groups.before.mean[:3, column]
    np.testing.assert_allclose(groups.change.mean[:3, column][has], change[has], atol=1e-7)


def test_intersections_split_the_groups(evaluation):
    both, age = evaluation.groups("gender", "age"), evaluation.groups("age")
    old = [g for g, label in enumerate(both.labels) if label.endswith("old")]
    assert len(old) == 2
    column = both.now.column("ild")
    total = both.now.total[old, column].sum()
    assert total == pytest.approx(age.now.total[2, column])
    with pytest.raises(ScenarioError, match="No attribute is named 'shoe size'"):
        evaluation.groups("shoe size")


def test_exposure_adds_up_to_the_attention_given(evaluation):
    lists = evaluation.lists.items
    weights = 1 / np.log2(np.arange(2, 8))
    given = ((lists != PAD) * weights).sum()
    assert evaluation.exposure.sum() == pytest.approx(given)
    assert evaluation.baseline_exposure.sum() == pytest.approx(given)


def test_holm_is_over_what_is_shown(artifacts):
    alone = evaluate_scenario(artifacts, SCENARIO, shown=("ndcg",)).figures["ndcg"]
    among = evaluate_scenario(artifacts, SCENARIO, shown=HEADLINE).figures["ndcg"]
    assert alone.p == among.p
    assert alone.p_adjusted == alone.p
    assert among.p_adjusted >= among.p


def test_the_attention_model_reaches_the_exposure(artifacts):
    top = evaluate_scenario(artifacts, SCENARIO, settings=Settings(attention="top_k", top=1))
    first = np.bincount(top.lists.items[:, 0][top.lists.items[:, 0] >= 0], minlength=80)
    np.testing.assert_array_equal(top.exposure, first)


def test_the_detectable_change_is_found_four_times_in_five():
    rng = np.random.default_rng(0)
    artifacts = random_artifacts(250, 80, seed=1)
    audience = describe(artifacts)
    base = measure(audience, artifacts.candidates[:, :6])
    sd, found = 0.2, 0
    noise = rng.normal(0, sd, (400, 250))
    shift = 2.8 * sd / np.sqrt(250)
    for row in noise:
        values = base.values.copy()
        values[:, COLUMN["ild"]] += (row + shift).astype(np.float32)
        sums = sums_of(with_values(base, values), base)
        unjudged = unjudged_of(sums, replicates=(base.replicates, base.replicates))
        figure = figures_of(unjudged, shown=("ild",))["ild"]
        found += figure.verdict == "higher"
        assert figure.detectable == pytest.approx(shift, rel=0.25)
    assert found / 400 == pytest.approx(0.8, abs=0.06)


def test_json_holds_every_figure_and_says_why_one_is_missing(artifacts, evaluation):
    report = json.loads(json.dumps(to_json(evaluation), allow_nan=False))
    assert report["n_users"] == 250
    assert report["scenario"]["diversity"] == 0.6
    assert report["metrics"]["ndcg"]["value"] == evaluation.figures["ndcg"].value
    assert set(report["metrics"]["ndcg"]) >= {"value", "low", "high", "n", "difference"}
    nobody = evaluate_scenario(
        artifacts, SCENARIO, users=np.flatnonzero(artifacts.holdout.lengths() == 0)
    )
    missing = json.loads(json.dumps(to_json(nobody), allow_nan=False))["metrics"]["ndcg"]
    assert missing["value"] is None
    assert missing["n"] == 0
    assert missing["reason"] == "Nothing is held out for the person."


@pytest.mark.parametrize("stage", LIST_STAGES)
def test_every_stage_can_be_measured(stage, artifacts):
    lists = stage_lists(artifacts, stage, 6)
    assert lists.shape == (250, 6)
    baseline = measure(audience_of(artifacts), neutral_lists(artifacts, 6).items)
    figures = evaluate(audience_of(artifacts), lists, baseline).figures
    assert figures["coverage"].value > 0
    if stage == "ranked":
        assert figures["ndcg"].difference == 0


def test_history_as_a_stage_is_the_latest_first(artifacts):
    lists = stage_lists(artifacts, "history", 6)
    for user in range(30):
        latest = artifacts.history.row(user)[::-1][:6]
        np.testing.assert_array_equal(lists[user][: len(latest)], latest)
        assert (lists[user][len(latest) :] == PAD).all()


def test_the_ceiling_is_reached_by_putting_hits_first_and_never_passed(artifacts, evaluation):
    audience = audience_of(artifacts)
    best = np.full((250, 6), PAD, np.int32)
    for user in range(250):
        candidates = artifacts.candidates[user][artifacts.candidates[user] >= 0]
        hits = [i for i in candidates if i in set(artifacts.holdout.row(user))]
        best[user, : min(len(hits), 6)] = hits[:6]
    np.testing.assert_allclose(
        best_ndcg(audience, 6), measure(audience, best).column("ndcg"), rtol=1e-6
    )
    top = ceiling(audience, 6)
    assert top.low < top.value < top.high
    assert top.value > evaluation.figures["ndcg"].value
    assert top.n + top.n_undefined == 250


def test_the_command_line_prints_and_writes_the_same_figures(
    tiny_folder, tmp_path, monkeypatch, capsys
):
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    scenario, out = tmp_path / "scenario.json", tmp_path / "out.json"
    scenario.write_text('{"diversity": 0.4, "k": 5}', encoding="utf-8")
    asked = ["evaluate", "--data", "tiny", "--scenario", str(scenario), "--json", str(out)]
    assert main(asked) == 0
    printed = capsys.readouterr().out
    report = json.loads(out.read_text(encoding="utf-8"))
    assert report["scenario"]["k"] == 5
    for name in ("ndcg", "ild", "gini"):
        line = next(row for row in printed.splitlines() if row.startswith(METRICS[name].label))
        assert f"{report['metrics'][name]['value']:.4f}" in line


def test_the_command_line_says_what_a_control_cannot_do(tiny_folder, tmp_path, monkeypatch, capsys):
    """People fairness stretched noise, and a control that could do nothing said nothing."""
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    scenario, out = tmp_path / "scenario.json", tmp_path / "out.json"
    scenario.write_text('{"people_fairness": 0.4}', encoding="utf-8")
    asked = ["evaluate", "--data", "tiny", "--scenario", str(scenario), "--json", str(out)]
    assert main(asked) == 0
    note = json.loads(out.read_text(encoding="utf-8"))["controls"]["people_fairness"]
    assert not note["can_act"]
    assert f"Fairness (people): {note['text']}" in capsys.readouterr().out
    assert note["text"].startswith("Can do nothing here. ")


def test_the_command_line_names_what_is_wrong_with_a_scenario_file(
    tiny_folder, tmp_path, monkeypatch, capsys
):
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / name_of("tiny")).symlink_to(tiny_folder)
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    bad = tmp_path / "bad.json"
    bad.write_text('{"diversity": 7}', encoding="utf-8")
    assert main(["evaluate", "--data", "tiny", "--scenario", str(bad)]) == 2
    assert "`diversity` of the scenario must be a number from 0 to 1" in capsys.readouterr().err
    bad.write_bytes(b"\xff\xfe{}")
    assert main(["evaluate", "--data", "tiny", "--scenario", str(bad)]) == 2
    assert "is not UTF-8 text" in capsys.readouterr().err
    assert main(["evaluate", "--data", "tiny", "--scenario", str(tmp_path / "none")]) == 2
    assert "cannot be read" in capsys.readouterr().err
