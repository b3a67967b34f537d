"""A fit at one moment: the future of nobody is known; and what a fit says of what it reads."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from engine.arrays import PAD
from engine.artifacts import open_artifacts
from engine.data.split import ONE_MOMENT, split
from engine.errors import DataError
from engine.fit import fit
from engine.fit_words import fit_facts, reading_sentences, split_sentence
from engine.pipeline.neural.settings import (
    GraphConfig,
    NeuMfConfig,
    SequenceConfig,
    TowerConfig,
)
from engine.pipeline.ranking.candidate_features import group_feature
from engine.pipeline.ranking.ordering import lean_on_popularity
from engine.pipeline.retrieval.registry import learnable
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.pipeline.serving import serving_of
from tests.conftest import TINY_CONFIG
from tests.engine.test_fit import arrays_in
from tests.tiny_service import dataset_of, tiny_dataset

CONFIG = dataclasses.replace(TINY_CONFIG, split=ONE_MOMENT)
QUICK = {"factors": 8, "length": 10, "epochs": 2, "threads": 1}
NEURAL = SourceConfig(
    options=learnable(("gru4rec", "sasrec", "two_towers", "lightgcn", "neumf")),
    gru=SequenceConfig(**QUICK),
    sasrec=SequenceConfig(**QUICK),
    towers=TowerConfig(**QUICK),
    graph=GraphConfig(**QUICK),
    neumf=NeuMfConfig(**QUICK),
)
"""What is learned with PyTorch as well, where it is installed."""

TEST_PARTS = ("holdout", "later_not_liked")


def with_another_future(dataset, moment):
    """Replace people's every item and value from the moment on, at the same times."""
    rng = np.random.default_rng(11)
    table = dataset.interactions.copy()
    is_after = table["timestamp"].to_numpy().astype("datetime64[s]").astype(np.int64) >= moment
    n = int(is_after.sum())
    table.loc[is_after, "item_id"] = rng.choice(dataset.items["item_id"].to_numpy(), n)
    table.loc[is_after, "value"] = rng.choice([1.0, 5.0], n)
    return dataset_of(table, dataset.items, dataset.users), n


def test_everything_after_the_moment_changes_no_candidate_and_no_score(tmp_path):
    dataset = tiny_dataset(60, 60, 20)
    moment = split(dataset, how=ONE_MOMENT).moment
    other, n_replaced = with_another_future(dataset, moment)
    assert n_replaced > 150
    config = dataclasses.replace(CONFIG, sources=NEURAL)
    first = arrays_in(fit(dataset, tmp_path / "a", config=config))
    second = arrays_in(fit(other, tmp_path / "b", config=config))
    assert not np.array_equal(first["holdout_indices"], second["holdout_indices"])
    for name in first:
        if not name.startswith(TEST_PARTS):
            np.testing.assert_array_equal(first[name], second[name], err_msg=name)


def test_a_signal_planted_after_the_moment_gains_nothing(tmp_path):
    dataset = tiny_dataset(60, 60, 20)
    last = dataset.interactions["timestamp"].max() + np.timedelta64(1, "D")
    people = dataset.users["user_id"]
    planted = pd.DataFrame(
        {"user_id": people, "item_id": "planted", "timestamp": last, "value": 5.0}
    )
    extra = dataset.items.iloc[:1].assign(item_id="planted", title="Planted", genres="")
    items = pd.concat([dataset.items, extra], ignore_index=True)
    both = pd.concat([dataset.interactions, planted], ignore_index=True)
    data = dataset_of(both, items, dataset.users)
    artifacts = open_artifacts(fit(data, tmp_path, config=CONFIG).parent)
    index = len(items) - 1
    assert (artifacts.holdout.indices == index).sum() == artifacts.n_users
    assert artifacts.popularity[index] == 0
    assert (artifacts.candidates[:, :10] == index).mean() < 0.05


def test_the_manifest_says_where_the_moment_is(tmp_path):
    artifacts = open_artifacts(fit(tiny_dataset(60, 60, 20), tmp_path, config=CONFIG).parent)
    manifest = artifacts.manifest
    parts = split(tiny_dataset(60, 60, 20), how=ONE_MOMENT)
    assert manifest["split"]["name"] == ONE_MOMENT
    assert pd.Timestamp(manifest["split"]["moment"]).timestamp() == parts.moment
    assert pd.Timestamp(manifest["split"]["label_moment"]).timestamp() == parts.label_moment
    assert artifacts.now_day == parts.moment / 86_400
    assert artifacts.history_day.max() < artifacts.now_day
    said = split_sentence(manifest)
    assert manifest["split"]["moment"][:10] in said
    assert f"of {artifacts.n_users} people have something held out" in said


def test_later_dislikes_are_kept_and_counted(tiny_artifacts):
    counts = tiny_artifacts.manifest["counts"]
    later = tiny_artifacts.later_not_liked
    assert counts["later_not_liked"] == len(later.indices) > 100
    found = sum(
        np.isin(tiny_artifacts.candidates[user], later.row(user)).sum()
        for user in range(tiny_artifacts.n_users)
    )
    assert counts["later_not_liked_among_candidates"] == found
    assert 0 < found < counts["later_not_liked"]


def test_a_split_of_another_name_is_refused():
    with pytest.raises(ValueError, match="one of per person, one moment, random; got 'monthly'"):
        dataclasses.replace(TINY_CONFIG, split="monthly")


@pytest.fixture(scope="module")
def without_gender(tiny_data, tmp_path_factory):
    out = tmp_path_factory.mktemp("without")
    config = dataclasses.replace(TINY_CONFIG, without=("Gender",))
    return open_artifacts(fit(tiny_data, out, config=config).parent)


def test_an_attribute_that_may_not_be_read_still_divides_people(without_gender, tiny_artifacts):
    assert without_gender.attributes == tiny_artifacts.attributes
    np.testing.assert_array_equal(without_gender.user_groups, tiny_artifacts.user_groups)
    assert without_gender.manifest["demographic"] == ["age band"]
    assert group_feature("gender") in tiny_artifacts.manifest["feature_names"]
    assert group_feature("gender") not in without_gender.manifest["feature_names"]
    assert "fitted without Gender" in reading_sentences(without_gender.manifest)[0]


def test_without_an_attribute_its_values_change_nothing(tiny_data, without_gender, tmp_path):
    """Everybody's gender turns around: no candidate and no score may move."""
    users = tiny_data.users.copy()
    users["gender"] = users["gender"].map({"man": "woman", "woman": "man"})
    turned = dataset_of(tiny_data.interactions, tiny_data.items, users)
    config = dataclasses.replace(TINY_CONFIG, without=("gender",))
    again = open_artifacts(fit(turned, tmp_path, config=config).parent)
    for name in ("candidates", "scores", "filtered", "features"):
        np.testing.assert_array_equal(getattr(again, name), getattr(without_gender, name))


def test_without_people_attributes_none_is_read(tiny_data, tmp_path):
    config = dataclasses.replace(TINY_CONFIG, without=("people-attributes",))
    manifest = open_artifacts(fit(tiny_data, tmp_path, config=config).parent).manifest
    assert manifest["demographic"] == []
    assert manifest["attribute_flips"] == []
    assert reading_sentences(manifest) == [
        "The ranker reads no attribute of people (fitted without people-attributes)."
    ]


def test_doing_without_an_unknown_attribute_is_a_sentence(tiny_data, tmp_path):
    config = dataclasses.replace(TINY_CONFIG, without=("shoe size",))
    with pytest.raises(DataError, match=r"no attribute of people 'shoe size' .* gender, age band"):
        fit(tiny_data, tmp_path, config=config)
    assert not list(tmp_path.iterdir())


def test_another_value_of_an_attribute_is_measured_as_by_hand(tiny_artifacts):
    """Rank everybody by the kept inputs with the other gender's; the share that differs."""
    flip = tiny_artifacts.manifest["attribute_flips"][0]
    assert flip["attribute"] == "gender"
    serving = serving_of(tiny_artifacts)
    column = tiny_artifacts.manifest["feature_names"].index(group_feature("gender"))
    lift = serving.moment.statistics.group_lift[0]
    gender = np.asarray(tiny_artifacts.user_groups)[:, 0]
    n_changed = n_replaced = 0
    for user in range(tiny_artifacts.n_users):
        items = tiny_artifacts.candidates[user]
        is_there = items != PAD
        inputs = np.array(tiny_artifacts.features[user])[is_there]
        inputs[:, column] = lift[1 - gender[user], items[is_there]]
        scores = np.full((1, len(items)), -np.inf, np.float32)
        scores[0, is_there] = serving.ranker.score(inputs[None], np.ones((1, len(inputs)), bool))[0]
        liked = serving.moment.statistics.liked[np.maximum(items, 0)][None]
        n_seen = tiny_artifacts.history.lengths()[[user]]
        order = np.argsort(-lean_on_popularity(scores, liked, n_seen)[0], kind="stable")
        first, now = set(items[:10].tolist()), set(items[order][:10].tolist())
        n_changed += first != now
        n_replaced += len(first - now)
    assert flip["n"] == tiny_artifacts.n_users
    assert flip["changed"] == pytest.approx(n_changed / flip["n"], abs=0.02)
    assert flip["replaced"] == pytest.approx(n_replaced / flip["n"], abs=0.05)
    assert flip["changed_low"] < flip["changed"] < flip["changed_high"]
    assert flip["changed"] <= flip["reordered"]


def test_the_interval_of_the_share_is_the_exact_one(tiny_artifacts):
    for flip in tiny_artifacts.manifest["attribute_flips"]:
        exact = stats.binomtest(round(flip["changed"] * flip["n"]), flip["n"]).proportion_ci(0.95)
        assert (flip["changed_low"], flip["changed_high"]) == pytest.approx(tuple(exact))


def test_files_say_what_their_figures_rest_on(tiny_artifacts):
    said = fit_facts(tiny_artifacts.manifest)
    assert said["ranker_reads"] == ["gender", "age band"]
    assert said["split"]["name"] == "per person"
    assert [flip["attribute"] for flip in said["attribute_flips"]] == said["ranker_reads"]
    assert json.loads(json.dumps(said, allow_nan=False)) == said
