import numpy as np
import pytest

from engine.arrays import Ragged
from engine.pipeline.ranking.listwise import Listwise
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet
from engine.pipeline.ranking.registry import RANKERS, FusedOrder, fit_ranker
from engine.pipeline.ranking.training import training_set

CONFIG = RankerConfig(n_trees=25, n_leaves=5, min_leaf=5)


def lists_with_a_signal(seed, n_people=60, n=20):
    """The label is the candidate with the largest sum of two features, with noise; one is noise."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n_people, n, 4)).astype(np.float32)
    signal = features[:, :, 1] + 0.5 * features[:, :, 2] + 0.2 * rng.normal(size=(n_people, n))
    is_label = signal >= np.sort(signal, axis=1)[:, -3:-2]
    features[:, :, 3] = np.arange(n)
    return features, is_label


@pytest.fixture(scope="module")
def training():
    features, is_label = lists_with_a_signal(0)
    return TrainingSet(
        features.reshape(-1, 4),
        is_label.ravel(),
        np.full(60, 20),
        ("noise", "strong sign", "weak sign", "fused place"),
    )


@pytest.mark.parametrize("name", RANKERS)
def test_every_ranker_puts_the_labels_first(training, name):
    ranker = fit_ranker(name, training, CONFIG, seed=0)
    features, is_label = lists_with_a_signal(1)
    scores = ranker.predict(features.reshape(-1, 4)).reshape(60, 20)
    assert scores.dtype == np.float32
    first = np.argsort(-scores, axis=1)[:, :3]
    assert np.take_along_axis(is_label, first, axis=1).mean() > 0.6  # by chance: 3 / 20


@pytest.mark.parametrize("name", RANKERS)
def test_the_same_seed_gives_the_same_bits(training, name):
    features, _ = lists_with_a_signal(2)
    flat = features.reshape(-1, 4)
    first, second = (fit_ranker(name, training, CONFIG, seed=5).predict(flat) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_contributions_add_up_to_the_score_and_find_the_signal(training):
    ranker = fit_ranker("listwise", training, CONFIG, seed=0)
    flat = lists_with_a_signal(3)[0].reshape(-1, 4)
    parts = ranker.contributions(flat)
    assert parts.shape == (len(flat), 5)
    np.testing.assert_allclose(parts.sum(axis=1), ranker.predict(flat), atol=1e-5)
    assert np.abs(parts[:, :4]).mean(axis=0).argmax() == 1
    assert ranker.importance().argmax() == 1
    np.testing.assert_allclose(ranker.importance().sum(), 1)


def test_a_saved_ranker_scores_the_same(training, tmp_path):
    ranker = fit_ranker("listwise", training, CONFIG, seed=0)
    ranker.save(tmp_path)
    flat = lists_with_a_signal(4)[0].reshape(-1, 4)
    np.testing.assert_array_equal(Listwise.load(tmp_path).predict(flat), ranker.predict(flat))


def test_the_pointwise_ranker_leaves_no_pickle_behind(training, tmp_path):
    fit_ranker("pointwise", training, CONFIG, seed=0).save(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("case", ["no label", "too few rows"])
def test_with_nothing_to_learn_from_the_retrieved_order_stays(training, case, tmp_path):
    n = len(training.is_label) if case == "no label" else 5
    labels = np.zeros(n, bool) if case == "no label" else np.ones(n, bool)
    little = TrainingSet(training.features[:n], labels, np.array([n]), training.feature_names)
    ranker = fit_ranker("listwise", little, CONFIG, seed=0)
    assert isinstance(ranker, FusedOrder)
    scores = ranker.predict(training.features[:20])
    assert np.argsort(-scores, kind="stable").tolist() == list(range(20))
    assert ranker.importance().tolist() == [0, 0, 0, 1]
    ranker.save(tmp_path)
    assert not list(tmp_path.iterdir())


def test_training_rows_are_the_candidates_of_people_with_a_label_among_them():
    candidates = np.array([[3, 1, 2], [0, 4, -1], [4, 3, -1]], np.int32)
    features = np.arange(9, dtype=np.float32).reshape(3, 3, 1)
    labels = Ragged.from_rows([[2, 5], [3], [3, 4]])
    training = training_set(candidates, features, labels, ("one",), 6, max_people=10)
    assert training.is_label.tolist() == [False, False, True, True, True]
    assert training.group_sizes.tolist() == [3, 2]
    assert training.features[:, 0].tolist() == [0, 1, 2, 6, 7]


def test_of_many_people_some_are_taken_evenly():
    candidates = np.tile(np.arange(3, dtype=np.int32), (100, 1))
    features = np.repeat(np.arange(100, dtype=np.float32), 3).reshape(100, 3, 1)
    labels = Ragged.from_rows([[1]] * 100)
    training = training_set(candidates, features, labels, ("one",), 3, max_people=4)
    assert training.group_sizes.tolist() == [3] * 4
    assert np.unique(training.features).tolist() == [0, 33, 66, 99]
