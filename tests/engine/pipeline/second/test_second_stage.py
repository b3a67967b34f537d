"""A second stage: what it learns from, where it puts what, what it may not see."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DataError, ScoreError
from engine.pipeline.ranking.folds import folds_of, out_of_fold
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet
from engine.pipeline.ranking.registry import ALONE
from engine.pipeline.second.list_model import inputs_of
from engine.pipeline.second.out_of_fold import (
    TaughtLists,
    taught_lists,
    weighed,
)
from engine.pipeline.second.prm_personal import fresh_click, vectors
from engine.pipeline.second.registry import SECONDS, fit_second, load_staged
from engine.pipeline.second.stage import ListSet, SecondConfig, mixed, put_first
from engine.pipeline.second.staged import Staged, first_lists
from tests.engine.pipeline.second.side_by_side import side_by_side

NAMES = ("appeal", "comedy", "crime", "drama", "western", "fused place")
RANKER = RankerConfig(ridge=1.0, min_leaf=5)
SMALL = SecondConfig(first=8, members=1, width=16, epochs=30, batch=16, rate=1e-2, patience=30)


def crowded(seed, n_people=200, n=10):
    """What appeals is liked, less so the more others of the list are of the same genre.

    No model that sees a candidate alone can know how many there are.
    """
    rng = np.random.default_rng(seed)
    appeal = -np.sort(-rng.standard_normal((n_people, n)))
    genre = rng.integers(0, 4, (n_people, n))
    is_same = genre[:, :8, None] == genre[:, None, :8]
    worth = np.full((n_people, n), -np.inf)
    worth[:, :8] = appeal[:, :8] - 1.5 * is_same.sum(axis=2)
    is_label = worth >= np.sort(worth, axis=1)[:, -2:-1]
    place = np.broadcast_to(np.arange(n), (n_people, n))
    of_genre = [genre == one for one in range(4)]
    features = np.stack([appeal, *of_genre, place], axis=2).astype(np.float32)
    is_candidate = np.ones((n_people, n), bool)
    is_candidate[::7, -2:] = False
    return TrainingSet(features, is_candidate, is_label & is_candidate, NAMES)


def logistic(training):
    return ALONE["logistic"].fit(training, RANKER, 0)


@pytest.fixture(scope="module")
def lists():
    """Lists in the order of their first feature."""
    training = crowded(0)
    found, places = first_lists(
        training.features[:, :, 0], training.features, training.is_candidate, 8
    )
    return found, np.take_along_axis(training.is_label, places, axis=1)


@pytest.fixture(scope="module")
def fitted(lists):
    pytest.importorskip("torch")
    return {name: SECONDS[name].fit(*lists, NAMES, SMALL, 0) for name in SECONDS}


@pytest.fixture(scope="module")
def prm(fitted):
    return fitted["prm"]


def test_first_lists_are_the_best_in_order_and_padding_goes_last():
    scores = np.array([[0.1, 0.9, 0.5, 7.0]], np.float32)
    features = np.arange(4, dtype=np.float32).reshape(1, 4, 1)
    is_candidate = np.array([[True, True, True, False]])
    lists, places = first_lists(scores, features, is_candidate, 3)
    assert places.tolist() == [[1, 2, 0]]
    assert lists.features[0, :, 0].tolist() == [1, 2, 0]
    lists, places = first_lists(scores, features, is_candidate, 9)
    assert places.tolist() == [[1, 2, 0, 3]]
    assert lists.is_candidate.tolist() == [[True, True, True, False]]


@given(st.integers(0, 2**31), st.integers(1, 12))
def test_the_first_are_in_the_new_order_and_all_others_below_in_the_old(seed, first):
    rng = np.random.default_rng(seed)
    scores = rng.standard_normal((5, 12)).astype(np.float32)
    is_candidate = rng.random((5, 12)) < 0.8
    scores[~is_candidate] = -np.inf
    lists, places = first_lists(scores, np.zeros((5, 12, 1), np.float32), is_candidate, first)
    second = rng.standard_normal(places.shape).astype(np.float32)
    found = put_first(scores, places, lists, second)
    assert (np.isneginf(found) == ~is_candidate).all()
    for row in range(5):
        n = int(lists.is_candidate[row].sum())
        expected = [places[row, i] for i in np.argsort(-second[row, :n], kind="stable")]
        rest = [i for i in np.argsort(-scores[row], kind="stable") if is_candidate[row, i]]
        expected += [i for i in rest if i not in set(places[row, :n])]
        assert np.argsort(-found[row], kind="stable")[: len(expected)].tolist() == expected
        if n > 1 and np.ptp(second[row, :n]) > 1e-3:
            top = found[row, places[row, :n]].astype(float)
            np.testing.assert_allclose(top.mean(), lists.scores[row, :n].mean(), atol=1e-4)
            np.testing.assert_allclose(top.std(), lists.scores[row, :n].std(), atol=1e-4)


@pytest.mark.parametrize(("name", "least"), [("prm", 0.15), ("dlcm", 0.06)])
def test_a_list_aware_model_finds_what_none_that_sees_candidates_alone_can(fitted, name, least):
    training = crowded(1)
    lists, places = first_lists(
        training.features[:, :, 0], training.features, training.is_candidate, 8
    )
    is_label = np.take_along_axis(training.is_label, places, axis=1)
    alone = logistic(crowded(0)).score(lists.features, lists.is_candidate)

    def hit(scores):
        best = np.where(lists.is_candidate, scores, -np.inf).argmax(axis=1)
        return is_label[np.arange(len(best)), best].mean()

    assert hit(fitted[name].score(lists)) > hit(alone) + least
    assert hit(fitted["trees"].score(lists)) < hit(alone) + 0.05


def test_that_only_those_beside_compete_is_found_by_how_far_apart_places_are():
    """Vectors of places alone have to learn every pair of neighbours by itself."""
    pytest.importorskip("torch")
    taught, asked = side_by_side(0), side_by_side(1)
    quick = replace(SMALL, first=12, epochs=12)

    def hit(**change):
        config = replace(quick, **change)
        stage = SECONDS["prm"].fit(*taught, NAMES[:5], config, 0)
        best = stage.score(asked[0]).argmax(axis=1)
        return asked[1][np.arange(len(best)), best].mean()

    as_they_are = asked[1][:, 0].mean()
    assert hit(has_distances=False) < as_they_are + 0.06
    assert hit() > as_they_are + 0.09


def test_a_tiny_set_is_learned_by_heart(lists):
    pytest.importorskip("torch")
    few, labels = lists[0].take(np.arange(9)), lists[1][:9]
    one = labels & (np.cumsum(labels, axis=1) == 1)
    config = replace(SMALL, width=32, epochs=150, dropout=0.0, decay=0.0)
    found = SECONDS["prm"].fit(few, one, NAMES, config, 0).score(few)
    taught = one.any(axis=1)
    chances = np.where(one, np.exp(found), 0).sum(axis=1)[taught]
    assert -np.log(chances).mean() < 0.02


def test_the_same_seed_gives_the_same_weights(lists):
    pytest.importorskip("torch")
    quick = replace(SMALL, epochs=2)
    first, again = (SECONDS["prm"].fit(*lists, NAMES, quick, 3).members[0] for _ in range(2))
    other = SECONDS["prm"].fit(*lists, NAMES, quick, 4).members[0]
    for name, values in first.items():
        np.testing.assert_array_equal(values, again[name])
    assert any((values != other[name]).any() for name, values in first.items())


@pytest.mark.parametrize("name", SECONDS)
def test_a_saved_one_scores_the_same_without_pytorch_and_holds_no_code(
    lists, fitted, name, tmp_path
):
    staged = Staged(logistic(crowded(0)), fitted[name])
    staged.save(tmp_path)
    assert {path.suffix for path in tmp_path.rglob("*.*")} <= {".npz", ".json", ".npy", ".txt"}
    again = load_staged("logistic", name, tmp_path)
    asked = crowded(2)
    np.testing.assert_array_equal(
        again.score(asked.features, asked.is_candidate),
        staged.score(asked.features, asked.is_candidate),
    )
    looked = fitted[name].attention(lists[0])
    assert (looked is not None) == name.startswith("prm")
    if looked is not None:
        np.testing.assert_array_equal(again.second.attention(lists[0]), looked)


def test_one_of_before_attention_saw_distances_opens_as_it_was(lists, tmp_path):
    pytest.importorskip("torch")
    config = replace(SMALL, epochs=1, has_distances=False)
    before = SECONDS["prm"].fit(*lists, NAMES, config, 0)
    before.save(tmp_path)
    said = json.loads((tmp_path / "shape.json").read_text(encoding="utf-8"))
    del said["has_distances"]
    (tmp_path / "shape.json").write_text(json.dumps(said), encoding="utf-8")
    again = SECONDS["prm"].load(tmp_path)
    np.testing.assert_array_equal(again.score(lists[0]), before.score(lists[0]))


@pytest.mark.parametrize("name", SECONDS)
def test_a_person_scores_the_same_alone_and_among_others(lists, fitted, name):
    together = fitted[name].score(lists[0])
    np.testing.assert_array_equal(fitted[name].score(lists[0].take(np.array([7])))[0], together[7])


def test_the_recurrent_network_is_what_pytorch_says(lists, fitted):
    torch = pytest.importorskip("torch")
    from engine.pipeline.neural.weights import put_weights
    from engine.pipeline.second.dlcm_learning import Recurrent

    model = fitted["dlcm"]
    network = Recurrent(model.shape.n_inputs, model.shape.width, 0.5).eval()
    put_weights(network, model.members[0])
    inputs = inputs_of(model.design, lists[0])
    is_candidate = lists[0].is_candidate.copy()
    is_candidate[3, 2:] = is_candidate[4, 1:] = False
    with torch.no_grad():
        expected = network(torch.from_numpy(inputs), torch.from_numpy(is_candidate)).numpy()
    found, _ = model.encoded(model.members[0], inputs, is_candidate)
    np.testing.assert_allclose(found[is_candidate], expected[is_candidate], rtol=1e-5, atol=1e-5)


def test_weights_of_other_shapes_or_not_finite_are_refused(prm, tmp_path):
    member = dict(prm.members[0])
    for number, broken in enumerate(
        (
            {**member, "out_b": np.full(1, np.nan, np.float32)},
            {**member, "in_b": np.zeros(3, np.float32)},
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        replace(prm, members=(broken,)).save(folder)
        with pytest.raises(ValueError, match="the second stage"):
            SECONDS["prm"].load(folder)


def test_a_staged_ranker_keeps_everybody_elses_order_below(prm):
    asked = crowded(3)
    first = logistic(crowded(0))
    staged = Staged(first, prm)
    before = first.score(asked.features, asked.is_candidate)
    after = staged.score(asked.features, asked.is_candidate)
    for row in range(20):
        n = int(asked.is_candidate[row].sum())
        old = np.argsort(-np.where(asked.is_candidate[row], before[row], -np.inf), kind="stable")
        new = np.argsort(-after[row], kind="stable")
        assert set(old[:8]) == set(new[:8])
        assert old[8:n].tolist() == new[8:n].tolist()
    parts = staged.contributions(asked.features[0], asked.is_candidate[0])
    np.testing.assert_allclose(parts.sum(axis=1), before[0], atol=1e-4)


def test_scores_that_are_no_numbers_are_refused():
    class Broken:
        first = 8

        def score(self, lists):
            return np.where(np.arange(8) == 2, np.nan, lists.scores)

    training = crowded(0)
    staged = Staged(logistic(training), Broken())
    with pytest.raises(ScoreError, match=r"The second stage gave 200 of 1,\d+ scores"):
        staged.score(training.features, training.is_candidate)


def test_lists_are_in_the_order_of_a_ranker_that_did_not_see_the_labels():
    """Trap: a planted copy of the label puts every label first in sample, and none out of fold.

    The copy is right on the people that are learned from together and wrong on all others, as what
    a ranker memorises is.
    """
    training = crowded(4, n_people=120)
    fold = folds_of(training.n_people)
    noise = np.random.default_rng(0).standard_normal(training.is_label.shape)

    class Memory:
        def __init__(self, taught):
            self.known = {row.tobytes(): labels for row, labels in zip(*taught, strict=True)}

        def score(self, features, _is_candidate):
            scores = [
                self.known.get(f.tobytes(), np.zeros(len(f))) + 1e-3 * n
                for f, n in zip(features, noise, strict=False)
            ]
            return np.array(scores, np.float32)

    def fit(some):
        return Memory((some.features, some.is_label))

    in_sample = fit(training).score(training.features, training.is_candidate)
    best = in_sample.argmax(axis=1)
    assert training.is_label[np.arange(120), best].all()
    scores = out_of_fold(fit, training)
    best = np.where(training.is_candidate, scores, -np.inf).argmax(axis=1)
    share = training.is_label[np.arange(120), best].mean()
    assert share < 0.4  # by chance: 2 of 10
    taught = taught_lists(training, fit, 8)
    assert taught.ndcg().mean() < 0.6
    assert {len(set(fold[fold == number])) for number in range(3)} == {1}


def test_what_pays_serves_and_what_does_not_is_measured_and_left_out(monkeypatch):
    pytest.importorskip("torch")
    training = crowded(5)
    first = logistic(training)
    ranker, row = fit_second("prm", first, logistic, training, SMALL, seed=0)
    assert row.serves
    assert row.gain == pytest.approx(row.ndcg_at_10 - row.first_ndcg_at_10)
    assert row.gain > row.gain_half_width > 0
    assert isinstance(ranker, Staged)
    assert ranker.ranker is first

    class Backwards:
        def score(self, lists):
            return -lists.standard_scores()

    monkeypatch.setitem(
        SECONDS, "worse", replace(SECONDS["prm"], name="worse", fit=lambda *_: Backwards())
    )
    ranker, row = fit_second("worse", first, logistic, training, SMALL, seed=0)
    assert ranker is first
    assert not row.serves
    assert row.weight == 0
    assert row.gain <= 0


def test_the_personalised_vector_is_the_hidden_layer_of_a_network_that_learned_to_tell_likes():
    torch = pytest.importorskip("torch")
    from engine.pipeline.second.click_learning import Clicks, learned_click

    rng = np.random.default_rng(0)
    rows = rng.standard_normal((2000, 6)).astype(np.float32)
    liked = rows[:, 1] * rows[:, 3] > 0.3  # neither alone tells
    first = fresh_click(6, rng)
    learned = learned_click(first, rows, liked, 0)
    model = Clicks(learned).eval()
    with torch.no_grad():
        logits = model(torch.from_numpy(rows)).numpy()
    assert (((logits > 0) == liked).mean()) > 0.9
    by_hand = (vectors(learned, rows[None]) @ learned["click_out_w"] + learned["click_out_b"])[
        0, :, 0
    ]
    np.testing.assert_allclose(by_hand, logits, rtol=1e-5, atol=1e-5)


def test_vectors_come_from_people_whose_lists_the_transformer_does_not_learn_from(
    lists, monkeypatch
):
    """A vector holds the labels it was learned from: the other half of the people has none."""
    pytest.importorskip("torch")
    from engine.pipeline.second import click_learning, list_learning

    seen = {}
    learned_click, learned_members = click_learning.learned_click, list_learning.learned_members

    def click(weights, rows, *rest):
        seen["click"] = {row.tobytes() for row in rows}
        return learned_click(weights, rows, *rest)

    def members(make, inputs, lists, *rest, **named):
        n = inputs.shape[2] - 16
        seen["list"] = {row[:n].tobytes() for row in inputs[lists.is_candidate]}
        return learned_members(make, inputs, lists, *rest, **named)

    monkeypatch.setattr(click_learning, "learned_click", click)
    monkeypatch.setattr(list_learning, "learned_members", members)
    quick = replace(SMALL, epochs=1)
    drawn = SECONDS["prm_personal"].fit(*lists, NAMES, replace(quick, pretrained=False), 0)
    assert "click" not in seen
    learned = SECONDS["prm_personal"].fit(*lists, NAMES, quick, 0)
    assert len(seen["click"]) > 300
    assert len(seen["list"]) > 300
    assert not seen["click"] & seen["list"]
    for name in ("click_first_w", "click_second_w"):
        assert (drawn.members[0][name] != learned.members[0][name]).any()


def test_all_lists_of_a_person_are_learned_from_or_none(lists):
    """Else learning ends by what a network remembers of people whose other lists it saw."""
    pytest.importorskip("torch")
    from engine.pipeline.second import list_learning, prm_personal

    found, is_label = lists
    whose = np.arange(found.n_people) // 4
    shown = ListSet(found.features, found.scores, found.is_candidate, whose)
    assert (shown.take(whose == 3).whose == 3).all()
    taught = np.flatnonzero((is_label & found.is_candidate).any(axis=1))
    for member in range(3):
        order = list_learning._order_of_people(shown, taught, np.random.default_rng(0))
        is_held = list_learning.held_out_by(order, member)
        assert is_held.any()
        assert not set(whose[taught][is_held]) & set(whose[taught][~is_held])
    half = prm_personal._first_half(shown, np.random.default_rng(0))
    assert half.any()
    assert not set(whose[half]) & set(whose[~half])
    together = SECONDS["prm"].fit(shown, is_label, NAMES, replace(SMALL, epochs=2), 0)
    apart = SECONDS["prm"].fit(found, is_label, NAMES, replace(SMALL, epochs=2), 0)
    assert (together.members[0]["in_w"] != apart.members[0]["in_w"]).any()


def test_of_a_few_people_nothing_is_learned():
    training = crowded(6, n_people=40)
    first = logistic(training)
    assert fit_second("prm", first, logistic, training, SMALL, seed=0) == (first, None)


def test_a_weight_is_chosen_on_other_people_than_it_is_measured_on(lists):
    found, is_label = lists
    taught = TaughtLists(found, is_label, is_label.sum(axis=1), NAMES)
    best = np.where(is_label, 1.0, 0.0).astype(np.float32)
    weight, reached = weighed(taught, best)
    assert weight > 0.5
    np.testing.assert_allclose(reached[is_label.any(axis=1)], 1)
    weight, reached = weighed(taught, -best)
    assert weight == 0
    np.testing.assert_allclose(reached, taught.ndcg())
    fold = folds_of(found.n_people)
    noise = np.random.default_rng(1).standard_normal(is_label.shape).astype(np.float32)
    flipped = np.where((fold == 0)[:, None], ~is_label, is_label)
    other = TaughtLists(found, flipped, flipped.sum(axis=1), NAMES)
    _, reached = weighed(other, noise)
    shares = np.linspace(0, 1, 11)
    before, after = (
        np.stack([one.ndcg(mixed(found, noise, share)) for share in shares])
        for one in (taught, other)
    )
    chosen = before[:, fold != 0].mean(axis=1).argmax()
    np.testing.assert_allclose(reached[fold == 0], after[chosen][fold == 0])


def test_a_name_that_is_none_is_refused_in_words():
    with pytest.raises(DataError, match="'magic' is no second stage; there are prm, prm_personal"):
        fit_second("magic", None, logistic, crowded(0), SMALL, seed=0)


def test_people_whose_candidates_are_all_padding_score_nothing_wrong(prm):
    asked = crowded(7, n_people=7)
    nobody = np.zeros_like(asked.is_candidate)
    lists = ListSet(asked.features[:, :8], asked.features[:, :8, 0], nobody[:, :8])
    assert (prm.score(lists) == 0).all()
