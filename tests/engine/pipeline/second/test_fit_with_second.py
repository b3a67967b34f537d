"""A fit with a second stage: its order, what is kept of it, and that it opens without PyTorch."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from engine.arrays import PAD
from engine.artifacts import open_artifacts
from engine.errors import ArtifactError
from engine.evaluation import evaluate_scenario
from engine.fit_config import FitConfig
from engine.people.influence import has_influence, influence
from engine.pipeline.report.fits import fit_row
from engine.pipeline.serving import serving_of
from engine.rank_explanation import explain_ranks
from engine.scenario import NEUTRAL
from engine.what_if import what_if_candidates


@pytest.fixture(scope="module")
def second(tiny_second_folder):
    return open_artifacts(tiny_second_folder)


def test_the_manifest_says_what_serves_and_what_it_reached(second):
    said = second.manifest["metrics"]["second"]
    assert said["serves"]
    assert said["gain"] == pytest.approx(said["ndcg_at_10"] - said["first_ndcg_at_10"])
    assert said["n"] > 60
    assert second.manifest["recipe"]["second"] == "prm"
    assert second.manifest["recipe"]["asked"]["config"]["second"] == "prm"
    assert fit_row("tiny", second.manifest).ranker == "listwise, then prm"
    assert second.manifest["timings"]["Second stage"] > 0


def test_the_first_places_are_ordered_anew_and_all_others_stay(second, tiny_artifacts):
    long = np.asarray(second.fallback) == 0
    before, after = (np.asarray(a.candidates)[long] for a in (tiny_artifacts, second))
    assert (before[:, 20:] == after[:, 20:]).all()
    assert (np.sort(before[:, :20]) == np.sort(after[:, :20])).all()
    assert (before[:, :20] != after[:, :20]).any(axis=1).mean() > 0.5
    known = np.asarray(second.candidates)[:, 1:] != PAD
    assert (np.diff(np.asarray(second.scores), axis=1)[known] <= 0).all()


def test_the_sliders_work_on_it_as_on_any_fit(second):
    found = evaluate_scenario(second, NEUTRAL)
    lists = np.asarray(found.measured.items)
    np.testing.assert_array_equal(lists, np.asarray(second.candidates)[:, : lists.shape[1]])
    moved = evaluate_scenario(second, dataclasses.replace(NEUTRAL, diversity=0.6))
    assert (np.asarray(moved.measured.items) != lists).any()


def test_somebody_served_anew_gets_the_fits_own_list(second):
    for user in (0, 7):
        found = what_if_candidates(second, user)
        np.testing.assert_array_equal(found.candidates, second.candidates[user])
        np.testing.assert_array_equal(found.scores, second.scores[user])


def test_it_opens_and_serves_without_importing_pytorch(tiny_second_folder):
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from engine.artifacts import open_artifacts\n"
        "from engine.what_if import what_if_candidates\n"
        "import numpy as np\n"
        f"a = open_artifacts(Path({str(tiny_second_folder)!r}))\n"
        "assert np.array_equal(what_if_candidates(a, 3).candidates, a.candidates[3])\n"
        "assert 'torch' not in sys.modules\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]


def test_a_second_stage_that_this_program_does_not_have_is_refused(second):
    manifest = {**second.manifest, "recipe": {**second.manifest["recipe"], "second": "oracle"}}
    other = dataclasses.replace(second, manifest=manifest)
    with pytest.raises(ArtifactError, match="a second stage named 'oracle'"):
        serving_of(other)


def test_a_second_stage_that_is_none_is_refused_before_anything_is_fitted():
    with pytest.raises(ValueError, match="`second` of FitConfig must be empty or one of prm"):
        FitConfig(second="oracle")


def test_without_pytorch_the_fit_is_refused_in_one_sentence(tiny_data, monkeypatch):
    from engine.errors import DataError
    from engine.fit_config import suited
    from engine.pipeline.neural import extra

    monkeypatch.setattr(extra, "has_torch", lambda: False)
    with pytest.raises(DataError, match="The second stage prm cannot be fitted: PyTorch is not"):
        suited(FitConfig(second="prm"), tiny_data)


def test_reasons_stay_those_of_the_first_ranker(second):
    user = int(np.flatnonzero(np.asarray(second.fallback) == 0)[0])
    parts = explain_ranks(second, user)
    first = serving_of(second).ranker.ranker
    scores = first.score(
        np.asarray(second.features[user])[None], (second.candidates[user] != PAD)[None]
    )[0]
    known = second.candidates[user] != PAD
    np.testing.assert_allclose(parts.sum(axis=1)[known], scores[known], rtol=1e-4, atol=1e-4)


def test_influence_is_attention_and_what_each_other_changed(second):
    user = int(np.flatnonzero(np.asarray(second.fallback) == 0)[0])
    item = int(second.candidates[user, 2])
    found = influence(second, user, item)
    assert has_influence(second)
    assert found.rank_after == 3
    assert len(found.items) == 19
    assert item not in found.items
    assert set(found.items.tolist()) | {item} == set(second.candidates[user, :20].tolist())
    assert found.own + found.attention.sum() == pytest.approx(1, abs=1e-5)
    ranker = serving_of(second).ranker
    features = np.asarray(second.features[user])[None]
    lists, places, _ = ranker.lists(features, (second.candidates[user] >= 0)[None])
    listed = second.candidates[user][places[0]]
    at, other = (int(np.flatnonzero(listed == one)[0]) for one in (item, found.items[4]))
    with_it = ranker.second.score(lists)[0]
    mask = lists.is_candidate.copy()
    mask[0, other] = False
    without = ranker.second.score(dataclasses.replace(lists, is_candidate=mask))[0]
    rest = mask[0]
    expected = (with_it[at] - with_it[rest].mean()) - (without[at] - without[rest].mean())
    assert found.change[4] == pytest.approx(float(expected), abs=1e-4)


def test_an_item_that_the_second_stage_never_saw_has_no_influence(second, tiny_artifacts):
    user = int(np.flatnonzero(np.asarray(second.fallback) == 0)[0])
    assert influence(second, user, int(second.candidates[user, 25])) is None
    assert influence(second, user, int(second.history.row(user)[0])) is None
    assert not has_influence(tiny_artifacts)
    with pytest.raises(ArtifactError, match="has no second stage"):
        influence(tiny_artifacts, 0, 0)
