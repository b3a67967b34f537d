"""Two towers: the loss against its formula, NumPy against PyTorch, new people and new items."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")

from engine.arrays import PAD, Ragged
from engine.pipeline.neural.learn_towers import Likes, batch_softmax, learn_towers
from engine.pipeline.neural.sequences import last_sequences
from engine.pipeline.neural.settings import TowerConfig
from engine.pipeline.neural.tower_net import TowerNet
from engine.pipeline.neural.towers import RECENT, item_content, pool_weights, tower_vectors
from engine.pipeline.neural.training import Schedule, seeded, train
from engine.pipeline.neural.weights import weights_of
from engine.pipeline.retrieval import two_towers
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.source_config import SourceConfig
from tests.engine.pipeline.retrieval.history_makers import (
    histories_of,
    plain_catalogue,
    random_histories,
)

SMALL = TowerConfig(factors=8, hidden=12, length=6, epochs=3, batch=64, threads=1)


def catalogue(n_items=20):
    rng = np.random.default_rng(0)
    genres = [set(rng.choice(4, 2).tolist()) for _ in range(n_items)]
    years = np.where(rng.random(n_items) < 0.8, rng.integers(1950, 2000, n_items), np.nan)
    return plain_catalogue(n_items, genres, providers=rng.integers(-1, 2, n_items), years=years)


def serving(net):
    kept = {name: w for name, w in weights_of(net).items() if name.startswith(("first", "second"))}
    return {**kept, "inputs": net.inputs().detach().numpy()}


def test_the_loss_is_the_corrected_softmax_of_each_row():
    rng = np.random.default_rng(0)
    people, items = rng.normal(size=(4, 3)), rng.normal(size=(6, 3))
    bias, share, target = rng.normal(size=6), rng.dirichlet(np.ones(6)), np.array([2, 5, 2, 0])
    total = 0.0
    for row in range(4):
        own = target[row]
        score = {j: people[row] @ items[j] + bias[j] - np.log(share[j]) for j in (0, 2, 5)}
        n_of = {0: 1, 2: 1, 5: 1}  # item 2 stands twice in the batch, and counts once for its own
        if own != 2:
            n_of[2] = 2
        total += np.log(sum(n_of[j] * np.exp(score[j]) for j in score)) - score[own]
    given = [torch.from_numpy(x) for x in (people, items, bias, target, np.log(share))]
    assert float(batch_softmax(*given)) == pytest.approx(total / 4, rel=1e-9)


def test_pools_are_means_of_the_liked_the_recently_liked_and_the_rest():
    items = np.array([[PAD, 4, 7, 1, 3], [PAD] * 5], np.int32)
    liked = np.array([[0, 1, 0, 1, 1], [0] * 5], np.int32)
    pools, numbers = pool_weights(items, liked)
    np.testing.assert_allclose(pools[0, 0], [0, 1 / 3, 0, 1 / 3, 1 / 3], rtol=1e-6)
    fading = np.array([0, RECENT**2, 0, RECENT, 1])
    np.testing.assert_allclose(pools[0, 1], fading / fading.sum(), rtol=1e-6)
    np.testing.assert_array_equal(pools[0, 2], [0, 0, 1, 0, 0])
    np.testing.assert_allclose(numbers, [[1, np.log(5) / 4, 3 / 4], [0, 0, 0]], rtol=1e-6)
    assert not pools[1].any()


def test_content_has_a_scale_and_says_what_is_not_known():
    found = item_content(catalogue())
    genres = catalogue().genre_matrix
    lengths = np.sqrt((found[:, : genres.shape[1]] ** 2).sum(axis=1))
    np.testing.assert_allclose(lengths, genres.any(axis=1), rtol=1e-6)
    unknown = np.isnan(catalogue().released_day)
    assert 0 < unknown.sum() < 20
    np.testing.assert_array_equal(found[:, -1], unknown)
    assert not found[unknown, -2].any()


def test_numpy_equals_pytorch_and_padding_changes_nothing():
    histories = random_histories(n_people=40, n_items=20, longest=12)
    with seeded(0, 1):
        net = TowerNet(torch.from_numpy(item_content(catalogue())), 8, 12, 0.5, 0.1).eval()
    for length in (6, 12, 30):
        items, liked = last_sequences(histories, length)
        pools, numbers = (torch.from_numpy(one) for one in pool_weights(items, liked))
        with torch.no_grad():
            expected = net.people(torch.from_numpy(items.astype(np.int64)), pools, numbers)
        found = tower_vectors(histories, serving(net), length)
        np.testing.assert_allclose(found, expected.numpy(), atol=1e-5)
    wider = tower_vectors(histories, serving(net), 12)
    np.testing.assert_allclose(found, wider, atol=1e-6)


def test_an_example_knows_what_came_before_a_like_and_is_asked_for_that_or_a_later_one():
    histories = random_histories(seed=2, n_people=15, n_items=20, longest=9)
    likes = Likes(histories, 4, 2)
    rows = np.arange(len(likes))
    items, liked = likes.before(rows)
    first, last = (likes.drawn(rows, np.full(len(rows), chance)) for chance in (0.0, 0.999))
    row = 0
    for person in range(15):
        seen = histories.seen.row(person).tolist()
        good = histories.is_liked[slice(*histories.seen.indptr[person : person + 2])].tolist()
        for at in np.flatnonzero(good):
            before = seen[max(0, at - 4) : at]
            assert items[row].tolist() == [PAD] * (4 - len(before)) + before
            assert liked[row, 4 - len(before) :].tolist() == good[max(0, at - 4) : at]
            after = [seen[place] for place in range(at, len(seen)) if good[place]][:2]
            assert (first[row], last[row]) == (after[0], after[-1])
            row += 1
    assert row == len(likes) > 20


def test_tastes_are_learned_to_the_end():
    """Items of the first half are liked by some, of the second by others: the loss goes to it."""
    rows = [[person % 2 * 2, person % 2 * 2 + 1] for person in range(8)]
    histories = histories_of(rows, n_items=4)
    likes = Likes(histories, 3, 1)
    second = np.array([1, 3] * 4)
    assert (likes.drawn(np.arange(1, 16, 2), np.zeros(8)) == second).all()
    with seeded(0, 1):
        net = TowerNet(torch.zeros(4, 1), 8, 16, 0.0, 0.0)
        history = [torch.from_numpy(x) for x in likes.before(np.arange(1, 16, 2))]
        pools = [torch.from_numpy(x) for x in pool_weights(*likes.before(np.arange(1, 16, 2)))]
        target = torch.from_numpy(second)

        def loss(rows):
            people = net.people(history[0][rows], pools[0][rows], pools[1][rows])
            return batch_softmax(people, *net.items(), target[rows], torch.zeros(4))

        found = train(net, loss, 8, Schedule(80, 8, 0.02, threads=1), seed=0, name="Tastes")
    assert found.losses[-1] < 0.01


@pytest.fixture(scope="module")
def fitted():
    audience = random_histories(n_people=60, n_items=15, longest=12)
    wider = dataclasses.replace(audience, n_items=20)  # five that nobody met
    config = SourceConfig(towers=SMALL)
    return wider, config, two_towers._fit(wider, catalogue(), config, 0)


def test_somebody_new_and_items_that_nobody_met_have_vectors(fitted):
    _, _, model = fitted
    empty = Histories(20, Ragged.from_rows([[]]), np.zeros(0, bool), np.zeros(0))
    assert model.factors_of(empty)[0, :-1].any()
    assert (model.propose(empty, 5).items != PAD).all()
    content = item_content(catalogue())
    new = np.arange(15, 20)
    assert model.item_factors[new].any(axis=1).all()
    apart = np.linalg.norm(model.item_factors[new, None] - model.item_factors[None, new], axis=2)
    unlike = np.abs(content[new, None] - content[None, new]).max(axis=2) > 0
    assert (apart[unlike] > 1e-4).all()  # what they are is all that tells them apart
    assert (apart[~unlike] < 1e-6).all()


def test_the_same_seed_gives_the_same_towers_that_are_read_back_without_pytorch(
    fitted, tmp_path, monkeypatch
):
    audience, config, model = fitted
    again, _ = learn_towers(audience, catalogue(), SMALL, 0)
    np.testing.assert_array_equal(again["inputs"], model.weights["inputs"])
    other, _ = learn_towers(audience, catalogue(), SMALL, 1)
    assert not np.array_equal(other["inputs"], again["inputs"])
    model.save(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    opened = two_towers._load(tmp_path, config)
    before, after = (one.propose(audience, 10) for one in (model, opened))
    np.testing.assert_array_equal(after.items, before.items)
    np.testing.assert_array_equal(after.of_seen, before.of_seen)
