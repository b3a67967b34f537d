"""What a fit promises: its artifacts' form, no look into the future, the same bits again."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from engine.arrays import PAD
from engine.artifacts import open_artifacts
from engine.data import split
from engine.errors import DataError
from engine.fit import fit
from engine.fit_config import recipe_of
from engine.held_out import quality_of
from engine.pipeline.ranking.ordering import GROUP
from tests.conftest import TINY_CONFIG
from tests.tiny_service import dataset_of, tiny_dataset


def arrays_in(folder):
    return {path.stem: np.load(path) for path in sorted((folder / "arrays").glob("*.npy"))}


def test_candidates_are_unseen_distinct_and_fall_in_score(tiny_artifacts):
    candidates, scores = tiny_artifacts.candidates, tiny_artifacts.scores
    for user in range(tiny_artifacts.n_users):
        row = candidates[user][candidates[user] != PAD]
        assert len(set(row.tolist())) == len(row)
        assert not np.isin(row, tiny_artifacts.history.row(user)).any()
        assert (candidates[user][len(row) :] == PAD).all()
        assert (np.diff(scores[user][: len(row)]) <= 0).all()
        assert not scores[user][len(row) :].any()


def test_stages_hold_the_same_candidates(tiny_artifacts):
    filtered, candidates = tiny_artifacts.filtered, tiny_artifacts.candidates
    np.testing.assert_array_equal(np.sort(filtered, axis=1), np.sort(candidates, axis=1))
    assert not np.array_equal(filtered, candidates)  # the ranker moves something
    for user in range(tiny_artifacts.n_users):
        row = tiny_artifacts.retrieved[user]
        unseen = row[~np.isin(row, tiny_artifacts.history.row(user)) & (row != PAD)]
        np.testing.assert_array_equal(unseen, filtered[user][: len(unseen)])


def test_factors_are_of_unit_length(tiny_artifacts):
    length = np.linalg.norm(tiny_artifacts.item_factors, axis=1)
    np.testing.assert_allclose(length[length > 0], 1, rtol=1e-5)
    assert (length > 0).mean() > 0.9


def test_popularity_counts_people_without_the_test(tiny_artifacts):
    counted = np.zeros(tiny_artifacts.n_items, int)
    for user in range(tiny_artifacts.n_users):
        counted[np.unique(tiny_artifacts.history.row(user))] += 1
    np.testing.assert_array_equal(tiny_artifacts.popularity, counted)


def test_every_group_code_has_a_label(tiny_artifacts):
    attributes = tiny_artifacts.attributes
    assert list(attributes) == ["gender", "age band", "taste group", "activity"]
    assert attributes["age band"] == ("under 18", "18-24", "25-34", "35+")
    for column, labels in zip(tiny_artifacts.user_groups.T, attributes.values(), strict=True):
        assert column.min() >= 0
        assert column.max() < len(labels)


def test_the_manifest_says_what_was_done(tiny_artifacts, tiny_data):
    manifest = tiny_artifacts.manifest
    assert manifest["fingerprint"] == tiny_data.fingerprint
    assert len(manifest["source_names"]) == len(manifest["source_weights"])
    assert len(manifest["feature_names"]) == tiny_artifacts.features.shape[2]
    quality = manifest["metrics"]["quality"]
    assert quality["full pipeline"]["n"] == (tiny_artifacts.holdout.lengths() > 0).sum()
    again = quality_of(tiny_artifacts.candidates, tiny_artifacts.holdout, tiny_artifacts.n_items)
    assert again == quality["full pipeline"]
    text = (tiny_artifacts.folder / "manifest.json").read_text()
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_the_recipe_names_what_the_fit_consists_of(tiny_artifacts):
    recipe = tiny_artifacts.manifest["recipe"]
    assert recipe["identity"] == recipe_of(TINY_CONFIG).identity
    proposing = [use for use in recipe["sources"] if use["depth"]]
    assert [use["name"] for use in proposing] == tiny_artifacts.manifest["source_names"]
    assert [use["weight"] for use in proposing] == tiny_artifacts.manifest["source_weights"]
    assert recipe["features"] == list(TINY_CONFIG.features)
    assert recipe["ranker"] == "listwise"


def test_every_model_of_the_fit_says_what_it_is(tiny_artifacts):
    models = tiny_artifacts.manifest["metrics"]["models"]
    assert models["als"]["index"]["recall_at_200"] >= 0.99
    assert models["als"]["index"]["queries_per_second"] > 0
    assert models["directed_ridge"]["method"].startswith("directed ridge over 80 items")
    assert all(model["seconds"] >= 0 for model in models.values())


def test_masks_name_only_proposing_sources(tiny_artifacts):
    n_sources = len(tiny_artifacts.manifest["source_names"])
    assert int(tiny_artifacts.source_masks.max()) < 1 << n_sources
    assert (tiny_artifacts.source_masks[tiny_artifacts.candidates != PAD] > 0).mean() > 0.9


def test_the_ranker_beats_popularity(tiny_artifacts):
    quality = tiny_artifacts.manifest["metrics"]["quality"]
    assert quality["full pipeline"]["ndcg_at_10"] > 1.2 * quality["popularity"]["ndcg_at_10"]


def test_the_same_seed_gives_the_same_bits(tiny_artifacts, tiny_data, tmp_path):
    again = arrays_in(fit(tiny_data, tmp_path, config=TINY_CONFIG))
    first = arrays_in(tiny_artifacts.folder)
    assert again.keys() == first.keys()
    for name in first:
        np.testing.assert_array_equal(again[name], first[name], err_msg=name)


def with_another_future(dataset):
    """Replace every held-out item by another one that the same person never met."""
    parts = split(dataset, seed=TINY_CONFIG.seed)
    rng = np.random.default_rng(7)
    table = dataset.interactions.copy()
    new_items = {}
    for user in range(parts.n_users):
        mine = table.loc[table["user_id"] == parts.user_ids[user], "item_id"]
        unmet = np.setdiff1d(parts.item_ids, mine.to_numpy(dtype=object))
        held_out = parts.item_ids[parts.holdout.row(user)]
        for item, other in zip(held_out, rng.permutation(unmet), strict=False):
            new_items[parts.user_ids[user], item] = other
    pairs = zip(table["user_id"], table["item_id"], strict=True)
    table["item_id"] = [new_items.get(pair, pair[1]) for pair in pairs]
    return dataset_of(table, dataset.items, dataset.users), len(new_items)


def test_another_future_changes_nothing_but_the_test(tmp_path):
    """No source, feature, label or score may know a test interaction.

    Each person's held-out items become others, at the same moments. Were any of them looked at
    while fitting, some array would differ.
    """
    dataset = tiny_dataset(60, 60, 20)
    other, n_replaced = with_another_future(dataset)
    assert n_replaced > 150
    first = arrays_in(fit(dataset, tmp_path / "a", config=TINY_CONFIG))
    second = arrays_in(fit(other, tmp_path / "b", config=TINY_CONFIG))
    assert not np.array_equal(first.pop("holdout_indices"), second.pop("holdout_indices"))
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)


def test_a_signal_that_is_only_in_the_future_is_not_found(tmp_path):
    """Everybody's test holds an item that nobody met before: planted, loud, and not to be heard."""
    dataset = tiny_dataset(60, 60, 20)
    parts = split(dataset, seed=TINY_CONFIG.seed)
    last = dataset.interactions["timestamp"].max()
    planted = pd.DataFrame(
        {
            "user_id": parts.user_ids,
            "item_id": "planted",
            "timestamp": last + np.timedelta64(1, "D"),
            "value": 5.0,
        }
    )
    extra = dataset.items.iloc[:1].assign(
        item_id="planted", title="Planted", genres="", provider=""
    )
    items = pd.concat([dataset.items, extra], ignore_index=True)
    both = pd.concat([dataset.interactions, planted], ignore_index=True)
    artifacts = fitted(dataset_of(both, items, dataset.users), tmp_path)
    index = len(items) - 1
    assert (artifacts.holdout.indices == index).sum() == parts.n_users
    assert artifacts.popularity[index] == 0
    shown = (artifacts.candidates[:, :10] == index).mean()
    assert shown < 0.05


def fitted(dataset, out, **changes):
    return open_artifacts(
        fit(dataset, out, config=dataclasses.replace(TINY_CONFIG, **changes)).parent
    )


def only(dataset, people, columns=("user_id",), n_each=None):
    table = dataset.interactions[dataset.interactions["user_id"].isin(people)]
    if n_each:
        table = table.groupby("user_id").tail(n_each)
    users = dataset.users[dataset.users["user_id"].isin(people)][list(columns)]
    return dataset_of(table, dataset.items, users, liked_threshold=1.0)


AWKWARD = {
    "one person": lambda d: only(d, ["u1"], ["user_id", "gender"]),
    "no attributes": lambda d: only(d, [f"u{n}" for n in range(20)]),
    "one interaction each": lambda d: only(d, [f"u{n}" for n in range(30)], n_each=1),
    "two interactions each": lambda d: only(d, [f"u{n}" for n in range(30)], n_each=2),
    "no genres, dates or providers": lambda d: dataset_of(
        d.interactions, d.items[["item_id", "title"]], d.users
    ),
    "fewer items than candidates": lambda _: tiny_dataset(25, 12, 6),
    "one item": lambda _: tiny_dataset(5, 1, 3),
}


@pytest.mark.parametrize("case", AWKWARD)
def test_awkward_data_fit(case, tiny_data, tmp_path):
    dataset = AWKWARD[case](tiny_data)
    artifacts = fitted(dataset, tmp_path)
    assert artifacts.n_items == len(dataset.items)
    assert artifacts.candidates.shape[1] <= artifacts.n_items
    assert np.isfinite(artifacts.scores).all()
    assert np.isfinite(artifacts.item_factors).all()
    assert list(artifacts.attributes)[-2:] == ["taste group", "activity"]
    for user in range(artifacts.n_users):
        row = artifacts.candidates[user]
        assert (row != PAD).sum() == min(50, artifacts.n_items - len(artifacts.history.row(user)))


def test_short_histories_are_marked_and_lean_on_popularity(tiny_data, tmp_path):
    dataset = only(tiny_data, [f"u{n}" for n in range(60)], n_each=4)
    artifacts = fitted(dataset, tmp_path)
    assert (artifacts.fallback == 1).all()
    liked = np.bincount(
        artifacts.history.indices[artifacts.history_is_liked], minlength=artifacts.n_items
    )
    first = liked[artifacts.candidates[:, :5]].mean()
    last = liked[artifacts.candidates[:, -5:]].mean()
    assert first > 2 * last


def test_long_histories_are_not_marked(tiny_artifacts):
    lengths = tiny_artifacts.history.lengths()
    np.testing.assert_array_equal(tiny_artifacts.fallback == GROUP, lengths < 10)
    assert set(np.unique(tiny_artifacts.fallback)) <= {0, GROUP}  # everybody's groups are known


def test_nobody_likes_anything_is_a_sentence(tiny_data, tmp_path):
    dataset = dataclasses.replace(tiny_data, liked_threshold=6.0)
    with pytest.raises(DataError, match=r"none of 3,\d\d\d rows .* 6 or more; .* --liked"):
        fit(dataset, tmp_path)
    assert not list(tmp_path.iterdir())


def test_features_too_large_to_keep_are_left_out(tiny_data, tmp_path):
    artifacts = fitted(tiny_data, tmp_path, max_feature_bytes=1000)
    assert artifacts.features is None


def test_the_pointwise_ranker_can_be_asked_for(tiny_data, tmp_path):
    artifacts = fitted(tiny_data, tmp_path, rankers=("pointwise",))
    quality = artifacts.manifest["metrics"]["quality"]
    assert quality["full pipeline"]["ndcg_at_10"] > quality["popularity"]["ndcg_at_10"]
    importance = artifacts.manifest["metrics"]["feature_importance"].values()
    assert sum(importance) == pytest.approx(1)


def test_gains_over_baselines_are_differences_of_the_same_people(tiny_artifacts):
    metrics = tiny_artifacts.manifest["metrics"]
    reached = metrics["quality"]["full pipeline"]
    for name, gain in metrics["gains"].items():
        expected = reached["ndcg_at_10"] - metrics["quality"][name]["ndcg_at_10"]
        assert gain["difference"] == pytest.approx(expected)
        assert 0 < gain["half_width"] < 2 * reached["ndcg_half_width"]
        assert gain["n"] == reached["n"]
    assert set(metrics["gains"]) == {
        "popularity",
        "matrix factorisation alone",
        "linear item-item alone",
    }


def test_the_rankers_are_compared_and_the_best_serves(tiny_data, tmp_path):
    artifacts = fitted(tiny_data, tmp_path, rankers=("logistic", "listwise"))
    table, recipe = artifacts.manifest["metrics"]["rankers"], artifacts.manifest["recipe"]
    names = [row["name"] for row in table]
    assert set(names) == {"logistic", "listwise", "blend", "retrieved order"}
    assert names[0] == recipe["ranker"]
    reached = [row["ndcg_at_10"] for row in table]
    assert reached == sorted(reached, reverse=True)
    assert all(row["n"] > 50 and row["half_width"] > 0 for row in table)


def test_progress_names_each_stage_and_ends_at_one(tiny_data, tmp_path):
    heard = {}
    fit(
        tiny_data,
        tmp_path,
        config=TINY_CONFIG,
        on_stage=lambda stage, share: heard.setdefault(stage, []).append(share),
    )
    assert len(heard) >= 8
    for stage, shares in heard.items():
        assert shares[0] == 0.0, stage
        assert shares[-1] == 1.0, stage
        assert shares == sorted(shares), stage
    timed = open_artifacts(tmp_path).manifest["timings"]
    assert set(timed) == set(heard) - {"Artifacts"}
