"""A fit that keeps repeats: its lists may hold what was met, and its figures say what that is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.artifacts import open_artifacts
from engine.evaluation import evaluate_scenario
from engine.fit import fit
from engine.fit_config import FitConfig, recipe_of, suited
from engine.held_out import is_in_rows
from engine.pipeline.lists import HABITS
from engine.pipeline.report.cold_moment import lists_as_of
from engine.pipeline.report.filter_counts import filter_counts
from engine.pipeline.retrieval.met_again import AGAIN
from engine.pipeline.serving import everybodys_histories, serving_of
from engine.scenario import NEUTRAL
from engine.what_if import what_if_candidates
from tests.conftest import TINY_CONFIG
from tests.engine.repeats.habits import habits


@pytest.fixture(scope="module")
def fits(tmp_path_factory):
    """Fit the same data with repeats kept, as they ask for, and once."""
    root, dataset = tmp_path_factory.mktemp("habits"), habits()
    config = replace(TINY_CONFIG, rankers=("logistic",))
    fit(dataset, root / "kept", config=config)
    fit(dataset, root / "once", config=replace(config, again=False))
    return open_artifacts(root / "kept"), open_artifacts(root / "once")


def ndcg(artifacts, name="full pipeline"):
    return artifacts.manifest["metrics"]["quality"][name]["ndcg_at_10"]


def test_what_was_met_is_recommended_again_only_where_repeats_are_kept(fits):
    for artifacts, wanted in zip(fits, (True, False), strict=True):
        met = is_in_rows(
            np.asarray(artifacts.candidates), artifacts.history, artifacts.n_items
        ).any(axis=1)
        assert artifacts.offers_again is wanted
        assert met.all() if wanted else not met.any()


def test_a_habit_is_foreseen_far_better_than_popularity_and_no_worse_than_by_counting(fits):
    kept, _ = fits
    counted = max(ndcg(kept, name) for name in HABITS)
    assert counted > 2 * ndcg(kept, "popularity")
    assert ndcg(kept) > 0.9 * counted
    assert set(HABITS) <= set(kept.manifest["metrics"]["gains"])


def test_the_baseline_by_count_is_a_count(fits):
    """The figure again, from the artifacts' history alone."""
    kept, _ = fits
    total, n = 0.0, 0
    for user in range(kept.n_users):
        held = set(kept.holdout.row(user).tolist())
        if not held:
            continue
        own = slice(*kept.history.indptr[user : user + 2])
        items, counts = kept.history.indices[own], kept.history_count[own]
        order = np.lexsort((-np.arange(len(items)), -counts))
        best = items[order].tolist()
        popular = np.argsort(-np.asarray(_likes(kept)), kind="stable")
        best += [int(item) for item in popular if item not in set(best)]
        hits = [1 / np.log2(place + 2) for place, item in enumerate(best[:10]) if item in held]
        total += sum(hits) / sum(1 / np.log2(np.arange(min(len(held), 10)) + 2))
        n += 1
    assert ndcg(kept, "met before, most often first") == pytest.approx(total / n, abs=1e-6)


def _likes(artifacts):
    return np.bincount(artifacts.history.indices, minlength=artifacts.n_items)


def test_served_anew_a_person_gets_the_list_of_the_fit(fits):
    for artifacts in fits:
        for user in (0, 17, 60):
            found = what_if_candidates(artifacts, user)
            np.testing.assert_array_equal(found.candidates, artifacts.candidates[user])
            np.testing.assert_allclose(found.scores, artifacts.scores[user], atol=1e-5)


def test_met_once_more_in_a_what_if_counts_once_more(fits):
    kept, _ = fits
    item = int(kept.history.row(3)[0])
    serving, before = serving_of(kept), everybodys_histories(kept).take(np.array([3]))
    found = what_if_candidates(kept, 3, like=[item])
    assert item in found.candidates
    place = {int(one): n for n, one in enumerate(before.seen.indices)}[item]
    assert before.count[place] >= 1
    assert serving.moment.retrieval.sources.keys() >= set(AGAIN)


def test_lists_as_of_a_moment_keep_repeats_too(fits):
    kept, _ = fits
    people = np.arange(5)
    lists = lists_as_of(
        kept, serving_of(kept).moment, people, everybodys_histories(kept).take(people)
    )
    np.testing.assert_array_equal(lists, kept.candidates[:5])


def test_the_metrics_part_what_is_met_again_from_what_is_new(fits):
    _, once = fits
    found, other = (evaluate_scenario(one, NEUTRAL).figures for one in fits)
    assert found["repeat_share"].value > 0.3
    assert found["recall_again"].value > found["recall_new"].value
    for name in ("repeat_share", "recall_again", "recall_new"):
        assert np.isnan(other[name].value)
    assert once.history_count is None


def test_the_filter_of_what_was_met_takes_nothing_out(fits):
    kept, once = (filter_counts(one).rows[0] for one in fits)
    assert (kept.n_items, kept.places, kept.n_people) == (0, 0.0, 0)
    assert once.places > 0


def test_the_recipe_says_that_repeats_are_kept_and_else_says_what_it_always_did(fits):
    kept, once = fits
    assert kept.manifest["config"]["again"] is True
    assert kept.manifest["recipe"]["asked"]["config"]["again"] is True
    assert "again" not in once.manifest["recipe"]["asked"]["config"]
    usual = habits(n_people=5)
    asked = recipe_of(suited(FitConfig(again=False), usual))
    assert asked.identity == recipe_of(FitConfig()).identity
    assert recipe_of(suited(FitConfig(), usual)).identity != asked.identity
