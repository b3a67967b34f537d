"""A fit with rankers of other objectives: what it keeps and refuses; that it knows no future."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine.arrays import PAD
from engine.artifacts import open_artifacts
from engine.commands.fit import fit_and_report
from engine.commands.fit_options import arguments_of, kept_as
from engine.evaluation import evaluate_scenario
from engine.fit import fit
from engine.fit_config import recipe_of
from engine.objectives import LEAST_LABELS
from engine.pipeline.ranking.objective_features import OWN_FEATURES, doers_of, own_features
from engine.pipeline.ranking.objective_rankers import from_nought_to_one
from engine.pipeline.serving import everybodys_histories, serving_of
from engine.reranking import rerank
from engine.scenario import Scenario
from engine.what_if import what_if_candidates, what_if_list
from tests.conftest import TINY_CONFIG
from tests.engine.test_fit import arrays_in
from tests.engine.test_fit_damage import array_changed, manifest_with, put, refusal
from tests.tiny_service import finishes_of, tiny_dataset, tiny_with_finishes, with_events

OWN = {
    "objectives",
    "history_did",
    "objective_holdout_indptr",
    "objective_holdout_indices",
}


@pytest.fixture(scope="module")
def out(eventful_folder, tmp_path_factory):
    """A copy, to be damaged and mended again."""
    return shutil.copytree(eventful_folder, tmp_path_factory.mktemp("damaged") / "artifacts")


@pytest.fixture
def fitted(out):
    return out / (out / "CURRENT").read_text().strip()


def test_the_fit_says_what_it_learned_and_why_not_the_rest(eventful):
    assert eventful.objective_names == ("finished",)
    (said,) = eventful.manifest["metrics"]["objectives"]
    assert said["n_labels"] >= LEAST_LABELS
    assert said["gain"] - said["gain_half_width"] > 0  # an even item is finished: that is learned
    reasons = eventful.no_objectives
    assert list(reasons) == ["bought", "shared", "came_back"]
    assert reasons["bought"] == "The log has no event that says what people bought or rented."
    assert "it takes 100 of 60" in reasons["shared"]


def test_scores_are_the_rankers_own_from_nought_to_one(eventful):
    scores, is_candidate = np.asarray(eventful.objectives), eventful.candidates != PAD
    assert scores.shape == (*eventful.candidates.shape, 1)
    assert scores.dtype == np.float32
    assert not scores[~is_candidate].any()
    filled = is_candidate.sum(axis=1) > 1
    assert (scores[:, :, 0].max(axis=1)[filled] == 1.0).all()
    assert (np.where(is_candidate, scores[:, :, 0], 2.0).min(axis=1)[filled] == 0.0).all()
    is_even = eventful.candidates % 2 == 0
    assert scores[is_candidate & is_even].mean() > scores[is_candidate & ~is_even].mean() + 0.2


def test_nothing_else_of_the_fit_is_changed_by_its_events(eventful_folder, tiny_folder):
    """The events are repeats of the plays: the main ranker and its lists stay bit for bit."""
    with_them, without = (
        arrays_in(out / (out / "CURRENT").read_text().strip())
        for out in (eventful_folder, tiny_folder)
    )
    assert set(with_them) - set(without) == OWN
    assert not set(without) & OWN
    for name in without:
        is_float = without[name].dtype.kind == "f"
        assert np.array_equal(with_them[name], without[name], equal_nan=is_float), name


def test_what_happens_from_the_test_on_changes_no_score(tmp_path, eventful):
    """A signal that only the future has: everything is finished in the test, nothing of it before.

    It is planted on odd items, which nobody finishes: a ranker that saw it would turn round.
    """
    plain = tiny_dataset()
    before = finishes_of(plain)
    first = test_seconds(plain)
    at = before["timestamp"].to_numpy().astype("datetime64[s]").astype(np.int64)
    is_future = at >= before["user_id"].map(first).to_numpy()
    plays = plain.interactions
    odd = plays[plays["item_id"].str[1:].astype(int) % 2 == 1]
    later = odd.assign(
        event="finish",
        timestamp=pd.to_datetime(odd["user_id"].map(first) + 60, unit="s").astype("datetime64[s]"),
    )
    later = later[odd["user_id"].map(first).to_numpy() < 2**62]
    assert is_future.sum() > 200
    assert len(later) > 500
    fit(with_events(plain, pd.concat([before[~is_future], later])), tmp_path, config=TINY_CONFIG)
    found = open_artifacts(tmp_path)
    assert (found.objectives == eventful.objectives).all()
    assert (found.history_did == eventful.history_did).all()
    assert (found.candidates == eventful.candidates).all()
    assert found.objective_holdout is not None
    assert eventful.objective_holdout is not None
    assert len(found.objective_holdout.indices) != len(eventful.objective_holdout.indices)


def test_seconds(plain):
    from engine.data.split import split

    parts = split(plain)
    return dict(zip(parts.user_ids, parts.test_begins, strict=True))


test_seconds.__test__ = False


def test_somebody_with_an_unchanged_history_keeps_their_scores(eventful):
    scenario = Scenario(k=8, finished=0.7, diversity=0.2)
    lists = rerank(eventful, scenario)
    for user in (0, 7, 31):
        again = what_if_candidates(eventful, user)
        n = eventful.n_valid[user]
        assert (again.candidates[:n] == eventful.candidates[user, :n]).all()
        np.testing.assert_array_equal(again.objectives[:n], eventful.objectives[user, :n])
        made = what_if_list(eventful, scenario, user, again)
        assert (made.items[0] == lists.items[user]).all()


def test_somebody_new_leans_on_what_many_finish(eventful):
    found = what_if_candidates(eventful, None, like=[2])
    n_doers = serving_of(eventful).objectives.rankers[0].doers.people
    finished = n_doers[found.candidates[found.candidates != PAD]]
    assert np.corrcoef(np.log1p(finished), found.objectives[: len(finished), 0])[0, 1] > 0.5


def test_own_features_are_counted_as_by_hand(eventful):
    histories = everybodys_histories(eventful)
    doers = doers_of(histories, 0)
    users, genres = np.array([3, 40]), np.asarray(eventful.genre_matrix)
    factors = np.asarray(eventful.item_factors)
    candidates = np.asarray(eventful.candidates[users])
    own = own_features(doers, 0, histories.take(users), candidates, genres, factors)
    assert own.shape == (2, candidates.shape[1], len(OWN_FEATURES))
    did = [set() for _ in range(eventful.n_users)]
    for user in range(eventful.n_users):
        span = slice(*eventful.history.indptr[user : user + 2])
        items, marks = eventful.history.indices[span], eventful.history_did[span]
        did[user] = {int(i) for i, mark in zip(items, marks, strict=True) if mark & 1}
    met = [set(map(int, eventful.history.row(user))) for user in range(eventful.n_users)]
    mean = sum(map(len, did)) / sum(map(len, met))
    rates = [
        (sum(i in one for one in did) + 10 * mean) / (sum(i in one for one in met) + 10)
        for i in range(eventful.n_items)
    ]
    for row, user in enumerate(users):
        for place in (0, 5, 17):
            item = int(candidates[row, place])
            shares = genres / np.maximum(genres.sum(axis=1, keepdims=True), 1)
            taste = sum(
                shares[item, g]
                * (sum(shares[i, g] for i in did[user]) + 3 * np.mean(rates))
                / (sum(shares[i, g] for i in met[user]) + 3)
                for g in range(genres.shape[1])
            )
            like = [
                np.mean([factors[item] @ factors[i] for i in some]) if some else 0.0
                for some in (did[user], met[user] - did[user])
            ]
            expected = [rates[item], sum(item in one for one in did), taste, *like]
            np.testing.assert_allclose(own[row, place], expected, rtol=1e-4, atol=1e-5)


def test_a_person_with_one_candidate_or_equal_scores_has_nought():
    flat = np.float32([[2, 2, 2], [1, 9, 9]])
    is_candidate = np.array([[True, True, True], [True, False, False]])
    assert not from_nought_to_one(flat, is_candidate).any()
    assert not from_nought_to_one(np.float32([[5, 5]]), np.zeros((1, 2), bool)).any()


def test_what_counts_as_liked_is_not_learned_twice(tmp_path):
    plain = tiny_dataset()
    plays = plain.interactions
    liked = plays[plays["value"] >= 4.0].assign(event="finish")
    fit(with_events(plain, liked), tmp_path, config=TINY_CONFIG)
    found = open_artifacts(tmp_path)
    assert found.objective_names == ()
    assert "is what counts as liked here" in found.no_objectives["finished"]


def test_a_value_can_stand_for_finishing(tmp_path, capsys):
    config = replace(TINY_CONFIG, finished_from=5.0)
    fit_and_report(tiny_dataset(), tmp_path, config, as_lines=True)
    found = open_artifacts(tmp_path)
    assert found.objective_names == ("finished",)
    assert "Finished: a ranker of its own, learned from" in capsys.readouterr().out
    assert found.manifest["config"]["finished_from"] == 5.0
    assert "--finished-from=5.0" in arguments_of(config)
    assert kept_as("tiny", replace(config, rankers=("logistic", "listwise"))).count("finished") == 1
    assert recipe_of(config).identity != recipe_of(TINY_CONFIG).identity


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="`finished_from` of FitConfig must be a number"):
        replace(TINY_CONFIG, finished_from=value)


def test_a_fit_of_before_opens_and_its_figures_are_what_they_were(out, fitted, tiny_artifacts):
    """Without the arrays, the models and the manifest's fields the fit is the plain one."""
    older = shutil.copytree(out, out.parent / "older")
    folder = older / fitted.name
    for name in OWN:
        (folder / "arrays" / f"{name}.npy").unlink()
    shutil.rmtree(folder / "models" / "objectives")
    said = json.loads((folder / "manifest.json").read_text())
    del said["metrics"]["objectives"], said["metrics"]["no_objectives"]
    (folder / "manifest.json").write_text(json.dumps(said))
    from engine.checksums import CHECKSUMS, checksums_of

    (folder / CHECKSUMS).write_text(checksums_of(folder))
    opened = open_artifacts(older)
    assert opened.objectives is None
    asked = Scenario(k=8, diversity=0.3, finished=1.0)
    found, plain = (
        evaluate_scenario(one, scenario)
        for one, scenario in ((opened, asked), (tiny_artifacts, replace(asked, finished=0.0)))
    )
    for name, figure in plain.figures.items():
        assert np.array_equal(figure.value, found.figures[name].value, equal_nan=True), name


def columns_of_two(array):
    return np.concatenate([array, array], axis=2)


HOSTILE = {
    "above one": ("objectives", put(1.5, 0, 0, 0), "not shares from 0 to 1"),
    "not a number": ("objectives", put(np.nan, 0, 0, 0), "not shares from 0 to 1"),
    "too many": ("objectives", columns_of_two, "metrics.objectives has 1 entries instead of 2"),
    "too short": ("objectives", lambda array: array[:-1], "counts"),
    "flat": ("objectives", lambda array: array[:, :, 0], "is not 3-dimensional float32"),
    "a bit too far": ("history_did", put(2, 0), "names an objective outside of the fit's 1"),
    "item": ("objective_holdout_indices", put(80, 0), "names an item outside of 0 to 79"),
    "falls": ("objective_holdout_indptr", put(1 << 40, 5), "does not rise from 0"),
    "rows": ("objective_holdout_indptr", lambda array: array[1:], "has not 1 rows for each of 120"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_cannot_be_is_refused_though_its_checksum_is_right(out, fitted, case):
    name, change, words = HOSTILE[case]
    with array_changed(fitted, name, change):
        assert words in refusal(out)
    assert not refusal(out)


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_lost_array_is_refused_though_the_list_of_files_lacks_it(out, fitted, name):
    from engine.checksums import CHECKSUMS, checksums_of
    from tests.engine.test_fit_damage import instead

    with instead(fitted / "arrays" / f"{name}.npy", None), instead(fitted / CHECKSUMS, b""):
        (fitted / CHECKSUMS).write_text(checksums_of(fitted))
        assert refusal(out)
    assert not refusal(out)


def test_a_name_that_no_objective_has_is_refused(out, fitted):
    with manifest_with(
        fitted, lambda said: said["metrics"]["objectives"][0].update(name="watched twice")
    ):
        assert "the manifest's objective 'watched twice' is none that there is" in refusal(out)
    with manifest_with(fitted, lambda said: said["metrics"].pop("objectives")):
        assert "metrics.objectives has 0 entries instead of 1" in refusal(out)


@pytest.mark.parametrize("part", ["weights", "mean"])
def test_a_model_of_another_width_is_refused(out, fitted, part):
    from tests.engine.test_fit_damage import rewritten

    path = fitted / "models" / "objectives" / "finished" / "linear.npz"
    with np.load(path) as file:
        arrays = dict(file)
    beside = fitted.parent / "changed.npz"
    np.savez(beside, **{**arrays, part: arrays[part][:-1]})
    content = beside.read_bytes()
    beside.unlink()
    with rewritten(fitted, path.relative_to(fitted).as_posix(), content):
        assert "models/objectives/finished/linear.npz" in refusal(out)


def test_the_eventful_service_is_the_tiny_one_with_events():
    plain, told = tiny_dataset(), tiny_with_finishes()
    plays = told.interactions[told.interactions["event"] == "play"]
    assert len(plays) == len(plain.interactions)
    assert set(told.interactions["event"]) == {"play", "finish", "share"}
