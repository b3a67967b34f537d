"""Weights of blends are learned on some people's labels, and blends measured on other people's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from engine.pipeline.ranking.blend import person_standard
from engine.pipeline.ranking.blend_choice import (
    BLEND,
    GRID,
    MEAN,
    WEIGHED,
    blendings,
    grid_weights,
    likely_weights,
)
from engine.pipeline.ranking.choice import RankerRow, RankerTable
from engine.pipeline.ranking.folds import folds_of, label_ndcg
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.ranking.registry import fit_again, fit_ranker, load_ranker
from tests.engine.pipeline.ranking.test_rankers import CONFIG, NAMES, lists_with_a_signal


@pytest.fixture(scope="module")
def sample():
    return TrainingSet(*lists_with_a_signal(3, n_people=90), NAMES)


def tables(sample, columns=(1, 2, 0)):
    """Standardised features as scores, 0 where padded: (n_people, n, n_columns)."""
    scores = np.nan_to_num(sample.features[:, :, list(columns)].astype(np.float64))
    parts = []
    for one in np.moveaxis(scores, 2, 0):
        mean, deviation = person_standard(one, sample.is_candidate)
        parts.append(np.where(sample.is_candidate, (one - mean) / deviation, 0.0))
    return np.stack(parts, axis=-1)


def literal_loss(weights, stack, sample):
    """Mean over people of the mean over their labels of minus the log of the softmax."""
    total = []
    for table, is_there, is_label in zip(stack, sample.is_candidate, sample.is_label, strict=True):
        if is_label.any():
            odds = np.exp(table[is_there] @ weights)
            total.append(-np.log(odds[is_label[is_there]] / odds.sum()).mean())
    return np.mean(total)


def test_the_likeliest_weights_are_those_of_another_optimiser(sample):
    stack = tables(sample)
    known = sample.take(sample.is_label.any(axis=1))
    of_known = tables(known)
    found = minimize(
        lambda w: literal_loss(w, of_known, known),
        np.full(3, 0.3),
        method="SLSQP",
        bounds=[(0, None)] * 3,
        options={"ftol": 1e-12},
    ).x
    np.testing.assert_allclose(likely_weights(stack, sample), found / found.sum(), atol=2e-3)


def test_a_ranker_that_is_always_wrong_is_not_listened_to(sample):
    stack = tables(sample)
    wrong = np.concatenate([stack[:, :, :2], -stack[:, :, :1]], axis=-1)
    np.testing.assert_allclose(likely_weights(wrong, sample)[2], 0, atol=1e-6)
    every = -1.0 * sample.is_label[:, :, None] * np.ones(2)
    np.testing.assert_allclose(likely_weights(every, sample), 0.5)  # none helps: all alike


def test_the_grid_takes_the_best(sample):
    stack = tables(sample, (1, 2))
    reached = [label_ndcg(stack @ [one, 1 - one], sample).mean() for one in GRID]
    best = grid_weights(stack, sample)
    assert best[0] == GRID[int(np.argmax(reached))]
    assert best.sum() == pytest.approx(1)


def columns_of(sample, names=("strong", "weak", "noise")):
    return {
        name: np.nan_to_num(sample.features[:, :, place]).astype(np.float64)
        for name, place in zip(names, (1, 2, 0), strict=True)
    }


def test_nobody_is_measured_by_weights_that_their_own_labels_chose(sample):
    scores = columns_of(sample)
    fold = folds_of(sample.n_people)
    other = sample.is_label.copy()
    other[fold == 0] = np.roll(other[fold == 0], 1, axis=1) & sample.is_candidate[fold == 0]
    changed = TrainingSet(sample.features, sample.is_candidate, other, NAMES)
    first = blendings(scores, list(scores), sample)
    second = blendings(scores, list(scores), changed)
    assert [one.name for one in first] == [BLEND, MEAN, WEIGHED]
    for one, two in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.scores[fold == 0], two.scores[fold == 0])
    assert not np.array_equal(first[2].scores[fold == 1], second[2].scores[fold == 1])
    assert first[2].compared is first[2].scores  # of three rankers


def test_a_blend_of_two_is_compared_as_it_would_serve(sample):
    scores = columns_of(sample)
    pair, mean, _ = blendings(scores, list(scores), sample)
    stack = tables(sample, (1, 2))
    weights = np.array([weight for _, weight in pair.members])
    np.testing.assert_allclose(pair.compared, stack @ weights, atol=1e-12)
    np.testing.assert_allclose(mean.as_served, mean.scores, atol=1e-12)  # nothing is learned


def test_of_two_there_is_one_blend_and_of_one_none(sample):
    scores = columns_of(sample)
    assert [one.name for one in blendings(scores, ["strong", "weak"], sample)] == [BLEND]
    assert blendings(scores, ["strong"], sample) == ()


@given(st.data())
def test_weights_are_shares_and_order_of_people_is_nothing(data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    n_people, n, k = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 8)), 3
    is_candidate = rng.random((n_people, n)) < 0.8
    is_label = is_candidate & (rng.random((n_people, n)) < 0.3)
    sample = TrainingSet(np.zeros((n_people, n, 1), np.float32), is_candidate, is_label, ("a",))
    stack = np.where(is_candidate[..., None], rng.normal(size=(n_people, n, k)), 0)
    weights = likely_weights(stack, sample)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1)
    order = rng.permutation(n_people)
    again = likely_weights(stack[order], sample.take(order))
    np.testing.assert_allclose(again, weights, atol=1e-3)


def test_a_blend_of_all_serves_is_fitted_again_and_read_back(sample, tmp_path, monkeypatch):
    told = (("logistic", 0.4), ("listwise", 0.6), ("pointwise", 0.0))
    table = RankerTable((RankerRow(MEAN, 0.5, 0.1, 0.1, 0.1, 90, told),))
    monkeypatch.setattr("engine.pipeline.ranking.registry.measured", lambda *_, **__: table)
    chosen = fit_ranker([name for name, _ in told], sample, CONFIG, seed=0)
    assert chosen.name == "blend"
    assert [name for name, _ in chosen.ranker.members] == ["logistic", "listwise"]
    assert chosen.ranker.weights.tolist() == [0.4, 0.6]
    again = fit_again(chosen, sample, CONFIG, seed=0)
    first = chosen.ranker.score(sample.features, sample.is_candidate)
    np.testing.assert_array_equal(again.score(sample.features, sample.is_candidate), first)
    chosen.ranker.save(tmp_path)
    back = load_ranker("blend", tmp_path)
    np.testing.assert_allclose(back.score(sample.features, sample.is_candidate), first, atol=1e-6)
