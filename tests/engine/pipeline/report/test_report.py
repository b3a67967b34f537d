"""The report of the pipeline against loops over people, items and sources."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.fit_reading import fit_in_use
from engine.manifest_reading import read_manifest
from engine.metrics.statistics.policy import POLICY
from engine.pipeline.report import fits as fits_module
from engine.pipeline.report.estimates import group_means, mean_of, ratio_of, said_estimate
from engine.pipeline.report.fits import fits_beside
from engine.pipeline.report.funnel import FUNNEL, funnel, person_funnel, stage_seconds
from engine.pipeline.report.ranker_worth import ranker_gain, score_bins
from engine.pipeline.report.reach import group_reach, reach_of
from engine.pipeline.report.search_curve import EXACT, search_curve
from engine.pipeline.report.source_worth import fillers, source_worth

K = 10


@pytest.fixture(scope="module")
def lists(tiny_artifacts) -> np.ndarray:
    """Lists unlike the ranker's: its candidates from the sixth on."""
    return np.array(tiny_artifacts.candidates)[:, 5 : 5 + K]


def liked(artifacts, user) -> set[int]:
    return set(artifacts.holdout.row(user).tolist())


def test_the_funnel_is_what_a_loop_over_people_counts(tiny_artifacts, lists):
    art = tiny_artifacts
    stages = person_funnel(art, lists)
    assert [one.name for one in stages] == list(FUNNEL)
    given_lists = {
        "retrieved": art.retrieved,
        "filtered": art.filtered,
        "ranked": art.candidates[:, :K],
        "reranked": lists,
    }
    for stage in stages[1:]:
        anybodys = set()
        for user in range(art.n_users):
            items = [int(i) for i in given_lists[stage.name][user] if i >= 0]
            anybodys |= set(items)
            assert stage.n_items[user] == len(items)
            assert stage.n_seen[user] == len(set(items) & set(art.history.row(user).tolist()))
            assert stage.tail[user] == pytest.approx(np.mean([art.is_long_tail[i] for i in items]))
            held = liked(art, user)
            if held:
                assert stage.found[user] == pytest.approx(len(held & set(items)) / len(held))
            else:
                assert np.isnan(stage.found[user])
        assert stage.n_different == len(anybodys)
    for one, people in zip(funnel(stages), stages, strict=True):
        assert one.n_items == pytest.approx(people.n_items.mean())
        assert one.found.value == pytest.approx(np.nanmean(people.found))
        assert one.found.n == np.isfinite(people.found).sum()


def test_filtering_takes_out_what_was_met_and_cutting_loses_likes(tiny_artifacts, lists):
    by_name = {one.name: one for one in person_funnel(tiny_artifacts, lists)}
    assert by_name["retrieved"].n_seen.sum() > 0
    assert by_name["filtered"].n_seen.sum() == 0
    found = [np.nan_to_num(by_name[name].found) for name in ("catalogue", "filtered", "ranked")]
    assert (found[0] >= found[1]).all()
    assert (found[1] >= found[2]).all()


def test_every_second_of_the_fit_belongs_to_a_stage(tiny_artifacts):
    timings = tiny_artifacts.manifest["timings"]
    seconds = stage_seconds(timings)
    assert sum(seconds.values()) == pytest.approx(sum(timings.values()))
    assert {"retrieved", "filtered", "ranked"} <= set(seconds)


def test_a_sources_contribution_is_counted_bit_by_bit(tiny_artifacts):
    art = tiny_artifacts
    rows = {one.name: one for one in source_worth(art)}
    n_found, n_filled = 0, 0
    proposed = dict.fromkeys(rows, 0)
    only = dict.fromkeys(rows, 0)
    for user in range(art.n_users):
        for item, mask in zip(art.candidates[user], art.source_masks[user], strict=True):
            if int(item) not in liked(art, user):
                continue
            n_found += 1
            names = [n for b, n in enumerate(art.manifest["source_names"]) if int(mask) >> b & 1]
            n_filled += not names
            for name in names:
                proposed[name] += 1
                only[name] += len(names) == 1
    assert n_found > 0
    for name, one in rows.items():
        assert one.found.value == pytest.approx(proposed[name] / n_found)
        assert one.only.value == pytest.approx(only[name] / n_found)
        assert one.n_only == only[name]
        said = art.manifest["metrics"]["sources"][name]
        assert one.alone.value == pytest.approx(said["recall_at_200"])
        assert one.seconds >= 0
    assert fillers(art).value == pytest.approx(n_filled / n_found)
    weights = [one.weight for one in source_worth(art)]
    assert weights == sorted(weights, reverse=True)


def dcg(hits) -> float:
    return sum(hit / np.log2(place + 2) for place, hit in enumerate(hits))


def test_reach_and_ceiling_are_those_of_the_best_order_by_hand(tiny_artifacts, lists):
    art = tiny_artifacts
    reach = reach_of(art, lists)
    for user in range(art.n_users):
        held = liked(art, user)
        if not held:
            assert all(np.isnan(one[user]) for one in reach.values.values())
            continue
        ideal = dcg([1] * min(len(held), K))
        candidates = [int(i) for i in art.candidates[user] if i >= 0]
        best = dcg(sorted((i in held for i in candidates), reverse=True)[:K]) / ideal
        assert reach.values["ceiling"][user] == pytest.approx(best, abs=1e-6)
        now = dcg([int(i) in held for i in lists[user]]) / ideal
        assert reach.values["reranked"][user] == pytest.approx(now)
        share = len(held & set(candidates)) / len(held)
        assert reach.values["found"][user] == pytest.approx(share)
    known = np.isfinite(reach.values["ceiling"])
    for name in ("retrieved", "ranked", "reranked"):
        assert (reach.values[name][known] <= reach.values["ceiling"][known] + 1e-6).all()


def test_no_order_of_few_candidates_beats_the_ceiling(tiny_artifacts):
    """All orders of four items, tried."""
    art = tiny_artifacts
    best = reach_of(art, np.array(art.candidates)[:, :4]).values["ceiling"]
    user = int(np.flatnonzero(art.holdout.lengths() > 0)[0])
    held = liked(art, user)
    four = [int(i) for i in art.candidates[user][:4]]
    ideal = dcg([1] * min(len(held), 4))
    tried = max(dcg([i in held for i in order]) for order in permutations(four)) / ideal
    assert tried <= best[user] + 1e-6


def test_groups_too_small_are_not_shown_and_the_others_are_means(tiny_artifacts, lists):
    art = tiny_artifacts
    reach = reach_of(art, lists)
    for place, (attribute, labels) in enumerate(art.attributes.items()):
        found = group_reach(art, reach, attribute)["ranked"]
        for code in range(len(labels)):
            values = reach.values["ranked"][np.asarray(art.user_groups)[:, place] == code]
            values = values[np.isfinite(values)]
            assert found.n[code] == len(values)
            if found.is_hidden[code]:
                assert np.isnan(found.value[code])
            else:
                assert len(values) >= POLICY.least_n
                assert found.value[code] == pytest.approx(values.mean())
    assert (group_means(art, "gender", reach.values["found"]).n > 0).all()


def test_the_rankers_gain_is_paired(tiny_artifacts):
    art, before, after = tiny_artifacts, [], []
    for user in range(art.n_users):
        held = liked(art, user)
        if held:
            ideal = dcg([1] * min(len(held), K))
            before.append(dcg([int(i) in held for i in art.filtered[user][:K]]) / ideal)
            after.append(dcg([int(i) in held for i in art.candidates[user][:K]]) / ideal)
    found = ranker_gain(art, K)
    change = np.array(after) - np.array(before)
    assert found.gain.value == pytest.approx(change.mean())
    half = 1.98 * change.std(ddof=1) / np.sqrt(len(change))
    # the interval minds the skewness: its halves differ a little, its width is the usual one
    assert (found.gain.high - found.gain.low) / 2 == pytest.approx(half, rel=0.03)
    assert found.gain.n == len(change)


def test_score_bins_hold_every_candidate_once_in_order(tiny_artifacts):
    art = tiny_artifacts
    bins = score_bins(art, 5)
    people = [u for u in range(art.n_users) if liked(art, u)]
    pairs = [
        (float(score), int(item) in liked(art, user))
        for user in people
        for item, score in zip(art.candidates[user], art.scores[user], strict=True)
        if item >= 0
    ]
    assert sum(one.n for one in bins) == len(pairs)
    for one, above in zip(bins, [*bins[1:], None], strict=True):
        own = [is_liked for score, is_liked in pairs if one.low <= score <= one.high]
        assert one.n == len(own)
        assert one.liked.value == pytest.approx(np.mean(own))
        assert above is None or one.high < above.low


def test_the_curve_ends_at_the_exact_result(tiny_artifacts):
    heard: list[float] = []
    points = search_curve(tiny_artifacts, widths=(10, 80), links=(16, 32), tell=heard.append)
    assert points[0].search == EXACT
    graphs = [one for one in points if one.search.startswith("HNSW")]
    assert {one.search for one in graphs} == {"HNSW, 16 links", "HNSW, 32 links"}
    assert graphs[-1].recall.value == pytest.approx(1.0, abs=0.02)
    trees = {one.setting: one.recall.value for one in points if one.search == "KD-tree"}
    assert trees["slack 0"] == pytest.approx(1.0, abs=0.02)
    assert trees["slack 2"] <= trees["slack 0"]
    assert all(one.slowest <= one.per_second <= one.fastest for one in points)
    assert {one.sought for one in points} == {tiny_artifacts.n_items // 2}
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def test_a_graph_too_sparse_to_reach_every_item_misses_some_instead_of_an_error(tiny_artifacts):
    """hnswlib fails where it finds fewer than it was asked for."""
    points = search_curve(tiny_artifacts, widths=(40,), links=(2, 32))
    assert points[0].search == EXACT
    recall = {one.search: one.recall.value for one in points if "HNSW" in one.search}
    assert recall["HNSW, 2 links"] < recall["HNSW, 32 links"]


def test_a_search_that_is_stopped_stops(tiny_artifacts):
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search_curve(tiny_artifacts, tell=stop)


counts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=40)


@given(counts)
def test_a_ratio_is_that_of_the_sums_and_inside_its_interval(drawn):
    below = np.array([a + b for a, b in drawn])
    above = np.array([a for a, _ in drawn])
    found = ratio_of(above, below)
    if not below.sum():
        assert np.isnan(found.value)
        return
    assert found.value == pytest.approx(above.sum() / below.sum())
    assert found.n == (below > 0).sum()
    if found.n > 1:
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert found.low < found.high or found.value not in (0, 1)


def test_the_interval_of_a_ratio_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        chance = rng.beta(4, 6, 150)  # people differ, so likes of one person are alike
        below = rng.integers(1, 20, 150)
        found = ratio_of(rng.binomial(below, chance), below)
        held += found.low <= 0.4 <= found.high
    assert 0.91 <= held / 400 <= 0.985


def test_the_mean_of_nobody_is_unknown_not_zero():
    assert np.isnan(mean_of(np.array([np.nan])).value)
    assert mean_of(np.array([np.nan])).n == 0
    assert np.isnan(said_estimate({}, "a", "b").value)


def test_fits_side_by_side_are_those_of_the_data_and_a_broken_one_says_why(
    tiny_folder: Path, tmp_path: Path, monkeypatch
):
    for name in ("films", "films@one-moment", "films@without-gender", "filmsmore"):
        (tmp_path / name).mkdir()
    for name in ("films", "filmsmore", "films@without-gender"):
        (tmp_path / name).rmdir()
        (tmp_path / name).symlink_to(tiny_folder)
    broken = tmp_path / "films@one-moment"
    fit = "fit-20260101T000000-abcdef"
    (broken / fit).mkdir()
    (broken / "CURRENT").write_text(fit + "\n")
    (broken / fit / "manifest.json").write_text(json.dumps({"format_version": 0}))
    monkeypatch.setattr(fits_module, "artifact_folder", lambda name: tmp_path / name)
    rows = {one.name: one for one in fits_beside("films@without-gender")}
    assert list(rows) == ["films", "films@one-moment", "films@without-gender"]
    assert "format version 0" in rows["films@one-moment"].problem
    assert np.isnan(rows["films@one-moment"].ndcg.value)
    manifest = read_manifest(fit_in_use(tiny_folder) / "manifest.json")
    assert manifest is not None
    said = manifest["metrics"]["quality"]["full pipeline"]
    assert rows["films"].ndcg.value == pytest.approx(said["ndcg_at_10"])
    assert rows["films"].ndcg.n == said["n"]
    assert rows["films"].n_sources == len(manifest["source_names"])
