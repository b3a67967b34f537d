from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from engine.errors import StudioError
from engine.pipeline.neural.extra import has_torch
from engine.pipeline.ranking.blend import Blend
from engine.pipeline.ranking.logistic import fit_logistic
from engine.pipeline.ranking.ordering import ranker_scores
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet
from engine.pipeline.ranking.registry import (
    ALONE,
    BLEND,
    RETRIEVED_ORDER,
    fit_ranker,
    load_ranker,
)
from engine.pipeline.teaching import taught_people

CONFIG = RankerConfig(n_trees=25, n_leaves=5, min_leaf=5)
HERE = [name for name in ALONE if has_torch() or not ALONE[name].is_neural]
LEARNING = [name for name in (*HERE, BLEND) if name != RETRIEVED_ORDER.name]
NAMES = ("noise", "strong sign", "weak sign", "fused place")


def lists_with_a_signal(seed, n_people=60, n=20):
    """The label is the candidate with the largest sum of two features, with noise; one is noise.

    The last three candidates of every fifth person are padding; a few values are not known.
    """
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n_people, n, 4)).astype(np.float32)
    signal = features[:, :, 1] + 0.5 * features[:, :, 2] + 0.2 * rng.normal(size=(n_people, n))
    is_candidate = np.ones((n_people, n), bool)
    is_candidate[::5, -3:] = False
    signal[~is_candidate] = -np.inf
    is_label = signal >= np.sort(signal, axis=1)[:, -3:-2]
    features[:, :, 3] = np.arange(n)
    features[:, :, 0][rng.random((n_people, n)) < 0.1] = np.nan
    features[~is_candidate] = 0
    return features, is_candidate, is_label


@pytest.fixture(scope="module")
def training():
    return TrainingSet(*lists_with_a_signal(0), NAMES)


@pytest.fixture(scope="module")
def fitted(training):
    alone = {name: fit_ranker([name], training, CONFIG, seed=0).ranker for name in HERE}
    members = tuple((name, alone[name]) for name in ("listwise", "logistic"))
    return {**alone, BLEND: Blend(members, np.array([0.3, 0.7]))}


@pytest.mark.parametrize("name", LEARNING)
def test_every_ranker_puts_the_labels_first(fitted, name):
    features, is_candidate, is_label = lists_with_a_signal(1)
    scores = np.where(is_candidate, fitted[name].score(features, is_candidate), -np.inf)
    assert scores.dtype == np.float32
    first = np.argsort(-scores, axis=1)[:, :3]
    assert np.take_along_axis(is_label, first, axis=1).mean() > 0.6  # by chance: 3 / 20


@pytest.mark.parametrize("name", HERE)
def test_the_same_seed_gives_the_same_bits(training, fitted, name):
    features, is_candidate, _ = lists_with_a_signal(2)
    again = fit_ranker([name], training, CONFIG, seed=0).ranker
    np.testing.assert_array_equal(
        again.score(features, is_candidate), fitted[name].score(features, is_candidate)
    )


@pytest.mark.parametrize("name", [*HERE, BLEND])
def test_contributions_add_up_to_the_score_and_find_the_signal(fitted, name):
    features, is_candidate, _ = lists_with_a_signal(3)
    scores = fitted[name].score(features, is_candidate)
    parts = np.stack(
        [fitted[name].contributions(f, c) for f, c in zip(features, is_candidate, strict=True)]
    )
    assert parts.shape == (60, 20, 5)
    np.testing.assert_allclose(
        parts.sum(axis=2)[is_candidate], scores[is_candidate], rtol=1e-4, atol=1e-4
    )
    if name in LEARNING:
        assert np.abs(parts[is_candidate][:, :4]).mean(axis=0).argmax() == 1
        assert fitted[name].importance().argmax() == 1
    np.testing.assert_allclose(fitted[name].importance().sum(), 1)


@pytest.mark.parametrize("name", [*HERE, BLEND])
def test_a_saved_ranker_scores_the_same_and_holds_no_code(fitted, name, tmp_path):
    fitted[name].save(tmp_path)
    assert {path.suffix for path in tmp_path.rglob("*.*")} <= {".txt", ".npy", ".npz", ".json"}
    features, is_candidate, _ = lists_with_a_signal(4)
    again = load_ranker(name, tmp_path)
    np.testing.assert_array_equal(
        again.score(features, is_candidate), fitted[name].score(features, is_candidate)
    )


@pytest.mark.parametrize("name", [*HERE, BLEND])
def test_a_person_scores_the_same_alone_and_among_others(fitted, name):
    features, is_candidate, _ = lists_with_a_signal(5)
    together = fitted[name].score(features, is_candidate)
    alone = fitted[name].score(features[7:8], is_candidate[7:8])
    np.testing.assert_array_equal(alone[0], together[7])


def test_the_pointwise_trees_are_those_of_scikit_learn(training, fitted):
    model = HistGradientBoostingClassifier(
        learning_rate=CONFIG.learning_rate,
        max_iter=CONFIG.n_trees,
        max_leaf_nodes=CONFIG.n_leaves,
        min_samples_leaf=CONFIG.min_leaf,
        early_stopping=False,
        random_state=0,
    ).fit(training.rows(), training.labels())
    features, is_candidate, _ = lists_with_a_signal(6)
    np.testing.assert_allclose(
        fitted["pointwise"].score(features, is_candidate).ravel(),
        model.decision_function(features.reshape(-1, 4)),
        rtol=1e-5,
        atol=1e-6,
    )


def test_a_network_with_weights_of_other_shapes_is_refused(fitted, tmp_path):
    pytest.importorskip("torch")
    member = {**fitted["wide_deep"].members[0], "out_b": np.zeros(3, np.float32)}
    replace(fitted["wide_deep"], members=(member,)).save(tmp_path)
    with pytest.raises(ValueError, match="not of its shapes"):
        load_ranker("wide_deep", tmp_path)


@pytest.mark.parametrize("case", ["no label", "too few rows"])
def test_with_nothing_to_learn_from_the_retrieved_order_stays(training, case):
    if case == "no label":
        little = TrainingSet(
            training.features, training.is_candidate, training.is_label & False, NAMES
        )
    else:
        few = training.is_candidate.copy()
        few[:, 1:] = few[1:] = False
        little = TrainingSet(training.features, few, training.is_label & few | few, NAMES)
    chosen = fit_ranker(["listwise", "logistic"], little, CONFIG, seed=0)
    assert chosen.name == RETRIEVED_ORDER.name
    assert chosen.table is None
    ranker = chosen.ranker
    scores = ranker.score(training.features[:1], training.is_candidate[:1])
    assert np.argsort(-scores[0, :17], kind="stable").tolist() == list(range(17))
    assert ranker.importance().tolist() == [0, 0, 0, 1]


def test_a_score_that_is_no_number_is_refused_with_a_count(training):
    class Broken:
        def score(self, features, _is_candidate):
            return np.where(np.arange(20) == 2, np.nan, features[:, :, 1])

    with pytest.raises(StudioError, match=r"gave 2 of 37 candidates a score that is no finite"):
        ranker_scores(
            Broken(),
            np.where(training.is_candidate[:2], 1, -1).astype(np.int32),
            training.features[:2],
        )


def test_people_are_taught_who_have_a_label_among_their_candidates():
    is_label = np.array([[0, 1], [0, 0], [1, 1], [0, 0]], bool)
    assert taught_people(is_label, 10).tolist() == [0, 2]


def test_of_many_people_some_are_taken_evenly():
    assert taught_people(np.ones((100, 3), bool), 4).tolist() == [0, 33, 66, 99]
    assert taught_people(np.ones((3, 3), bool), 0).tolist() == [0]
    assert taught_people(np.zeros((3, 3), bool), 5).tolist() == []


def test_thinning_keeps_everybody_and_every_label(training):
    few = training.thinned(500, seed=0)
    assert 400 < few.is_candidate.sum() < 600
    assert few.is_label.sum() == training.is_label.sum()
    assert not (few.is_label & ~few.is_candidate).any()
    assert not (few.is_candidate & ~training.is_candidate).any()
    assert few.group_sizes.min() >= 3
    assert training.thinned(10**6, seed=0) is training


def test_training_rows_are_the_candidates_person_after_person(training):
    assert len(training.rows()) == len(training.labels()) == training.group_sizes.sum()
    assert training.group_sizes.tolist() == [17 if p % 5 == 0 else 20 for p in range(60)]
    some = training.take(np.array([3, 5]))
    np.testing.assert_array_equal(
        some.rows(), np.concatenate([training.features[3], training.features[5, :17]])
    )


def test_the_line_scores_as_its_columns_say_and_alike_for_one_and_for_many():
    rng = np.random.default_rng(1)
    features = rng.normal(size=(40, 20, 5)).astype(np.float32)
    features[:, :, 1] = np.expm1(3 * features[:, :, 1])  # long-tailed, of either sign
    features[:, :, 2][rng.random((40, 20)) < 0.2] = np.nan
    features[3, 4, 0] = 50.0  # is cut
    is_label = features[:, :, 0] + rng.normal(size=(40, 20)) > 1
    names = ("als score", "long", "holes", "fused place", "person's liked")
    everybody = np.ones((40, 20), bool)
    line = fit_logistic(TrainingSet(features, everybody, is_label, names), CONFIG, 0)
    design = line.design
    assert design.logged.any()
    assert len(design.masked)
    assert len(design.crossed)
    columns = design.columns(features.reshape(-1, 5)).astype(np.float64)
    scores = line.score(features, everybody)
    expected = (columns @ line.weights + line.intercept).reshape(40, 20)
    np.testing.assert_allclose(scores, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(line.score(features[7:8], everybody[7:8]), scores[7:8])
    parts = line.contributions(features[7], everybody[7])
    np.testing.assert_allclose(parts.sum(axis=1), scores[7], rtol=1e-5, atol=1e-5)
