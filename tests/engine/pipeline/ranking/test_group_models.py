"""Models of their own for groups: who gets which scores, and what they were learned from."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from engine.pipeline.ranking import departure as departures
from engine.pipeline.ranking.cross_fit import N_PARTS, cross_fitted
from engine.pipeline.ranking.departure import Departure, group_lists, learned, slope
from engine.pipeline.ranking.design import fit_design
from engine.pipeline.ranking.group_choice import fit_for_groups
from engine.pipeline.ranking.group_measure import measured_groups
from engine.pipeline.ranking.group_models import GroupModels
from engine.pipeline.ranking.logistic import Logistic, fit_logistic
from engine.pipeline.ranking.ranker import RankerConfig
from tests.group_world import ATTRIBUTE, planted_world

CONFIG = RankerConfig(ridge=10.0, min_leaf=5)
fit = partial(fit_logistic, config=CONFIG, seed=0)


@pytest.fixture(scope="module")
def training():
    return planted_world()


@pytest.fixture(scope="module")
def choice(training):
    return fit_for_groups(ATTRIBUTE, 0, fit(training), fit, training, seed=0)


@pytest.fixture(scope="module")
def models(training):
    """One group's model of either kind, a third group that is not there."""
    overall, weavers = fit(training), training.listed.groups[:, 0] == 1
    weights = np.random.default_rng(0).normal(size=overall.design.n_columns)
    shrunk = {1: Departure(1.0, weights).as_ranker(overall.design)}
    separate = {1: fit(training.take(weavers)), 5: overall}
    return GroupModels(overall, 0, shrunk, {}), GroupModels(overall, 0, {}, separate)


def scored(ranker, training):
    return ranker.about(training.listed).score(training.features, training.is_candidate)


@pytest.mark.parametrize("kind", [0, 1])
@given(seed=st.integers(0, 30))
def test_people_outside_the_group_keep_everybodys_scores_to_the_last_bit(models, kind, seed):
    other = planted_world(40, seed=seed)
    found = scored(models[kind], other)
    everybody = models[kind].ranker.score(other.features, other.is_candidate)
    outside = other.listed.groups[:, 0] != 1
    np.testing.assert_array_equal(found[outside], everybody[outside])
    assert (found[~outside] != everybody[~outside])[other.is_candidate[~outside]].any()


@pytest.mark.parametrize("kind", [0, 1])
def test_people_of_no_known_group_and_of_one_never_met_have_everybodys_scores(models, kind):
    other = planted_world(40, seed=3)
    everybody = models[kind].ranker.score(other.features, other.is_candidate)
    for code in (-1, 7):
        groups = np.full_like(other.listed.groups, code)
        told = replace(other, listed=replace(other.listed, groups=groups))
        np.testing.assert_array_equal(scored(models[kind], told), everybody)


@pytest.mark.parametrize("kind", [0, 1])
@given(seed=st.integers(0, 30))
def test_neither_the_order_of_people_nor_padding_matters(models, kind, seed):
    other = planted_world(30, seed=seed)
    order = np.random.default_rng(seed).permutation(other.n_people)
    np.testing.assert_array_equal(
        scored(models[kind], other.take(order)), scored(models[kind], other)[order]
    )
    narrow = other.take(np.arange(0, 30, 5))  # those who have padding
    wide = scored(models[kind], narrow)
    cut = narrow.narrowed()
    assert cut.is_label.shape[1] < narrow.is_label.shape[1]
    np.testing.assert_array_equal(scored(models[kind], cut), wide[:, : cut.is_label.shape[1]])


@pytest.mark.parametrize("kind", [0, 1])
def test_contributions_add_up_to_the_score(models, kind):
    other = planted_world(30, seed=4)
    scores = scored(models[kind], other)
    for person in range(other.n_people):
        one = other.take(np.array([person]))
        told = models[kind].about(one.listed)
        parts = told.contributions(one.features[0], one.is_candidate[0])
        known = one.is_candidate[0]
        np.testing.assert_allclose(
            parts.sum(axis=1)[known], scores[person][known], rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize("kind", [0, 1])
def test_what_is_saved_scores_the_same_and_holds_no_code(models, kind, tmp_path):
    models[kind].save(tmp_path)
    assert {path.suffix for path in tmp_path.rglob("*.*")} <= {".npz", ".npy", ".json"}
    again = GroupModels.load(tmp_path, Logistic.load)
    other = planted_world(30, seed=5)
    np.testing.assert_array_equal(scored(again, other), scored(models[kind], other))


def test_a_file_that_gives_a_group_two_models_is_refused(models, tmp_path):
    models[0].save(tmp_path)
    (tmp_path / "groups.json").write_text('{"place": 0, "shrunk": [1], "separate": [1]}')
    with pytest.raises(ValueError, match="two models"):
        GroupModels.load(tmp_path, Logistic.load)
    (tmp_path / "groups.json").write_text('{"place": 0, "shrunk": ["1/.."], "separate": []}')
    with pytest.raises(ValueError, match="no number"):
        GroupModels.load(tmp_path, Logistic.load)


def test_being_told_of_other_people_is_refused(models):
    other = planted_world(30, seed=5)
    told = models[0].about(other.listed.take(np.arange(10)))
    with pytest.raises(ValueError, match="other people"):
        told.score(other.features, other.is_candidate)


def whole_group(training):
    """Everything that a departure is learned from, of the weavers, without thinning."""
    people = np.flatnonzero(training.listed.groups[:, 0] == 1)
    overall = fit(training)
    part = np.arange(training.n_people) % N_PARTS
    lists = group_lists(training, people, part, overall.design, seed=0)
    scores = overall.score(training.features, training.is_candidate)
    return overall, replace(lists, is_kept=lists.lists.is_candidate), scores, people


def test_with_an_infinite_ridge_the_group_has_everybodys_scores_to_the_last_bit(training):
    overall, lists, scores, people = whole_group(training)
    line = slope(training, scores, np.ones(training.n_people, bool))
    for ridge, atol in ((inf, 0.0), (1e12, 1e-6)):
        (weights,) = learned(lists, scores[people], line, np.ones(len(people), bool), [ridge])
        model = GroupModels(
            overall, 0, {1: Departure(ridge, weights).as_ranker(overall.design)}, {}
        )
        np.testing.assert_allclose(scored(model, training), scores, rtol=0, atol=atol)


def test_without_a_ridge_the_group_has_the_line_that_scikit_learn_fits_on_it_alone(training):
    """Everybody's line lies in what the columns span, so nothing of it is left."""
    _, lists, scores, people = whole_group(training)
    (weights,) = learned(lists, scores[people], 1.0, np.ones(len(people), bool), [0.0])
    kept = lists.lists.is_candidate
    columns, labels = lists.columns[kept].astype(np.float64), lists.lists.is_label[kept]
    plain = LogisticRegression(C=np.inf, tol=1e-10, max_iter=5000).fit(columns, labels)
    own = scores[people][kept] + columns @ weights
    theirs = plain.decision_function(columns)
    np.testing.assert_allclose(own - own.mean(), theirs - theirs.mean(), atol=2e-3)
    assert np.abs(own - theirs).std() < 1e-3  # up to a level, which orders nothing


def test_the_slope_turns_scores_into_log_odds(training):
    overall = fit(training)
    scores = overall.score(training.features, training.is_candidate)
    everybody = np.ones(training.n_people, bool)
    assert slope(training, scores, everybody) == pytest.approx(1.0, abs=0.05)
    assert slope(training, 4 * scores, everybody) == pytest.approx(0.25, abs=0.02)
    assert np.isnan(slope(training, -scores, everybody))  # it orders the wrong way round
    assert np.isnan(slope(training, 0 * scores, everybody))


def with_other_labels(training, part, number):
    """The labels of one part, dealt anew among its people's candidates, in favour of column 3."""
    mine = np.flatnonzero(part == number)
    labels = training.is_label.copy()
    values = np.where(training.is_candidate[mine], training.features[mine, :, 3], -np.inf)
    labels[mine] = values >= np.sort(values, axis=1)[:, -3:-2]
    return replace(training, is_label=labels)


@pytest.mark.parametrize("number", [0, 3])
def test_labels_planted_in_a_part_change_no_score_that_the_part_is_measured_by(
    training, number, monkeypatch
):
    """Whatever they are: neither by everybody's ranker, nor by ridge, departure or own ranker."""
    monkeypatch.setattr(departures, "ROWS_A_PERSON", 15)  # so that some are left out
    part = np.arange(training.n_people) % N_PARTS
    scores = []
    for world in (training, with_other_labels(training, part, number)):
        crossed = cross_fitted(fit, world)
        people = np.flatnonzero(world.listed.groups[:, 0] == 1)
        design = fit_design(world.rows(), world.feature_names)
        lists = group_lists(world, people, part, design, seed=0)
        shrunk = departures.scores_outside(world, crossed, lists, people)
        scores.append((crossed.outside, crossed.without[number], shrunk))
    held = part == number
    own = part[people] == number
    np.testing.assert_array_equal(scores[0][0][held], scores[1][0][held])
    np.testing.assert_array_equal(scores[0][1], scores[1][1])
    np.testing.assert_allclose(scores[0][2][own], scores[1][2][own], rtol=1e-6)
    assert (scores[0][0][~held] != scores[1][0][~held]).any()


def test_who_is_held_out_is_scored_by_rankers_that_never_saw_them(training):
    seen = []

    class Spy:
        def __init__(self, taught):
            self.taught = {person.tobytes() for person in taught.features}

        def score(self, features, _):
            seen.extend(person.tobytes() in self.taught for person in features)
            return features[:, :, 0]

    crossed = cross_fitted(Spy, training)
    assert not any(seen)
    np.testing.assert_array_equal(crossed.outside, training.features[:, :, 0])
    for table in crossed.without:
        np.testing.assert_array_equal(table, training.features[:, :, 0])


def test_a_group_whose_taste_is_turned_gets_a_model_that_closes_its_gap(training, choice):
    table, weavers = choice.table, choice.table.rows[1]
    assert weavers.gap.word == "worse"
    assert weavers.serves
    assert weavers.tried["shrunk"].gain.word == "better"
    assert not weavers.gap_after.is_clear
    assert weavers.closed[1] > 0
    assert table.rows[0].reason == "not below the others"
    assert not table.rows[0].tried
    assert table.n_own == weavers.n == (training.listed.groups[:, 0] == 1).sum()
    # nobody else changes, so all of the change is theirs
    assert table.change.value == pytest.approx(
        weavers.tried[weavers.serves].gain.value * weavers.n / training.n_people
    )
    assert table.after.value - table.before.value == pytest.approx(table.change.value)


def test_the_model_that_serves_ranks_new_people_of_the_group_better(choice):
    other = planted_world(200, seed=9)
    weavers = other.take(other.listed.groups[:, 0] == 1)
    everybody = choice.ranker.ranker.score(weavers.features, weavers.is_candidate)
    before, after = (
        departures.label_ndcg(scores, weavers).mean()
        for scores in (everybody, scored(choice.ranker, weavers))
    )
    assert after > before + 0.1


def test_figures_are_those_of_each_person(training):
    crossed = cross_fitted(fit, training)
    codes = training.listed.groups[:, 0].astype(np.int64)
    design = fit_design(training.rows(), training.feature_names)
    found = measured_groups(training, codes, 2, crossed, fit, design=design, seed=0)
    one = found.tried[1]["separate"]
    person = int(np.flatnonzero(codes == 1)[4])
    part = crossed.part[person]
    taught = training.take((codes == 1) & (crossed.part != part))
    scores = fit(taught).score(training.features[[person]], training.is_candidate[[person]])[0]
    scores[~training.is_candidate[person]] = -np.inf
    first = np.argsort(-scores, kind="stable")[:10]
    gained = (training.is_label[person][first] / np.log2(np.arange(2, 12))).sum()
    assert one.ndcg[4] == pytest.approx(gained / (1 / np.log2(np.arange(2, 5))).sum())
    before = np.argsort(
        -np.where(training.is_candidate[person], crossed.outside[person], -np.inf), kind="stable"
    )[:10]
    assert one.is_changed[4] == (set(first) != set(before))


def test_a_group_that_likes_as_all_do_keeps_the_one_ranker():
    alike = planted_world(240, turned=1.0, seed=1)
    found = fit_for_groups(ATTRIBUTE, 0, fit(alike), fit, alike, seed=0)
    assert not found.table.served
    assert isinstance(found.ranker, Logistic)
    assert found.table.change.value == 0
    assert found.table.n_own == 0


def test_a_small_group_is_neither_told_nor_given_a_model(training):
    few = np.flatnonzero(training.listed.groups[:, 0] == 1)[:12]
    many = np.flatnonzero(training.listed.groups[:, 0] == 0)
    some = training.take(np.sort(np.concatenate([few, many])))
    found = fit_for_groups(ATTRIBUTE, 0, fit(some), fit, some, seed=0)
    weavers, smiths = found.table.rows[1], found.table.rows[0]
    assert weavers.n is None
    assert weavers.ndcg is None
    assert weavers.reason.startswith("too few people")
    assert smiths.ndcg is None  # it would tell the other one's
    assert not found.table.served


def test_of_few_people_nothing_is_measured(training):
    few = training.take(np.arange(50))
    assert fit_for_groups(ATTRIBUTE, 0, fit(few), fit, few, seed=0) is None


def test_people_who_did_not_say_their_group_get_no_model(training):
    silent = replace(ATTRIBUTE, labels=("smiths", "unknown"))
    found = fit_for_groups(silent, 0, fit(training), fit, training, seed=0)
    assert not found.table.served
    assert found.table.rows[1].reason == "no group: they did not say"


def test_fitted_again_on_others_the_kinds_and_ridges_stay(training, choice):
    some = training.take(np.arange(0, training.n_people, 2))
    again = choice.again(fit, some)
    assert isinstance(again, GroupModels)
    assert (set(again.shrunk), set(again.separate)) == (
        set(choice.ranker.shrunk),
        set(choice.ranker.separate),
    )
    weavers = training.take(np.arange(1, training.n_people, 2))
    weavers = weavers.take(weavers.listed.groups[:, 0] == 1)
    plain = again.ranker.score(weavers.features, weavers.is_candidate)
    own = scored(again, weavers)
    assert departures.label_ndcg(own, weavers).mean() > departures.label_ndcg(plain, weavers).mean()
