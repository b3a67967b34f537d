"""SASRec: layers against a few literal lines, NumPy against PyTorch, what it learns and keeps."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")

from engine.arrays import PAD, Ragged
from engine.pipeline.neural.held_back import N_LIKES, held_back
from engine.pipeline.neural.layers import attention, normed
from engine.pipeline.neural.learn_sequences import Windows, learn_sequences
from engine.pipeline.neural.sampled_softmax import sampled_softmax
from engine.pipeline.neural.sequence_net import SequenceNet
from engine.pipeline.neural.sequences import last_sequences, vectors_of
from engine.pipeline.neural.settings import SequenceConfig
from engine.pipeline.neural.training import Schedule, seeded, train
from engine.pipeline.neural.weights import weights_of
from engine.pipeline.retrieval import sasrec
from engine.pipeline.retrieval.source import WHOLE
from engine.pipeline.retrieval.source_config import SourceConfig
from tests.engine.pipeline.retrieval.history_makers import (
    histories_of,
    plain_catalogue,
    random_histories,
)

SMALL = SequenceConfig(
    factors=8, length=6, blocks=2, heads=2, epochs=3, batch=16, negatives=0, threads=1
)


def net_of(n_items=20, *, length=6, d=8, seed=1):
    with seeded(seed, 1):
        net = SequenceNet(n_items, length, d, n_blocks=2, n_heads=2, dropout=0.5).eval()
        for one in net.parameters():
            torch.nn.init.normal_(one, std=0.5)
    return net


def test_attention_is_the_weighted_mean_of_what_may_be_seen():
    rng = np.random.default_rng(0)
    q, k, v = rng.normal(size=(3, 1, 4, 6)).astype(np.float32)
    found = attention(q, k, v, np.tri(4, dtype=bool)[None], 2)
    for head in (0, 1):
        part = slice(3 * head, 3 * head + 3)
        for place in range(4):
            near = [float(np.exp(q[0, place, part] @ k[0, j, part] / 3**0.5)) for j in range(4)]
            seen = range(place + 1)
            total = sum(near[j] for j in seen)
            expected = sum(near[j] / total * v[0, j, part] for j in seen)
            np.testing.assert_allclose(found[0, place, part], expected, rtol=1e-5, atol=1e-6)


def test_a_normed_row_has_mean_nought_and_variance_one_before_it_is_scaled():
    x = np.random.default_rng(1).normal(3, 2, (2, 5, 7)).astype(np.float32)
    ones = {"n.weight": np.full(7, 2, np.float32), "n.bias": np.ones(7, np.float32)}
    found = (normed(x, ones, "n") - 1) / 2
    np.testing.assert_allclose(found.mean(axis=-1), 0, atol=1e-5)
    np.testing.assert_allclose(found.std(axis=-1), 1, rtol=1e-3)


def test_numpy_equals_pytorch_whatever_the_length():
    net, histories = net_of(), random_histories(n_people=40, n_items=20, longest=12)
    items, liked = (torch.from_numpy(x.astype(np.int64)) for x in last_sequences(histories, 6))
    with torch.no_grad():
        expected = net(items, liked)[:, -1].numpy()
    found = vectors_of(histories, weights_of(net), 2)
    able = histories.seen.lengths() > 0
    assert 0 < able.sum() < 40
    np.testing.assert_allclose(found[able], expected[able], atol=1e-5)
    assert not found[~able].any()


def test_padding_and_who_else_is_in_the_batch_change_nothing():
    net = net_of()
    items = torch.tensor([[PAD, PAD, 3, 7, 1], [4, 2, 9, 9, 5]])
    liked = torch.tensor([[0, 0, 1, 0, 1], [1, 1, 0, 0, 1]])
    with torch.no_grad():
        both = net(items, liked)
        alone, turned = net(items[:1, 2:], liked[:1, 2:]), net(items.flip(0), liked.flip(0))
    torch.testing.assert_close(both[0, 2:], alone[0], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(both, turned.flip(0), atol=1e-5, rtol=1e-5)


def test_a_place_knows_nothing_of_what_comes_after_it():
    net = net_of()
    first, liked = torch.tensor([[3, 7, 1, 8, 2]]), torch.tensor([[1, 0, 1, 1, 0]])
    second, other = first.clone(), liked.clone()
    second[0, 3:], other[0, 3:] = 11, 1 - liked[0, 3:]
    with torch.no_grad():
        one, two = net(first, liked)[0], net(second, other)[0]
    assert torch.equal(one[:3], two[:3])
    assert not torch.equal(one[3:], two[3:])


def test_windows_hold_once_all_that_a_like_came_after_and_end_right_before_the_last():
    histories = random_histories(seed=3, n_people=12, n_items=20, longest=15)
    windows = Windows.of(histories, 4, 3, torch.device("cpu"))
    drawn = [windows.drawn(torch.arange(len(windows))) for _ in range(40)]
    row = 0
    for person in range(12):
        seen = histories.seen.row(person).tolist()
        liked = histories.is_liked[slice(*histories.seen.indptr[person : person + 2])].tolist()
        end = max((place for place, good in enumerate(liked) if good), default=0)
        for stop in range(end, 0, -4):
            for column, at in enumerate(range(stop - 4, stop)):
                found = {int(target[row, column]) for target, ok in drawn if ok[row, column]}
                if at < 0:
                    assert windows.items[row, column] == PAD
                    assert not found
                    continue
                after = [seen[place] for place in range(at + 1, len(seen)) if liked[place]]
                assert windows.items[row, column] == seen[at]
                assert windows.liked[row, column] == liked[at]
                assert found == set(after[:3])
            row += 1
    assert row == len(windows) > 12


def test_the_softmax_over_all_drawn_items_is_the_softmax_over_all():
    rng = torch.Generator().manual_seed(0)
    vectors, items = torch.randn(5, 3, generator=rng), torch.randn(9, 3, generator=rng)
    bias, target = torch.randn(9, generator=rng), torch.tensor([0, 3, 8, 2, 2])
    whole = torch.nn.functional.cross_entropy(vectors @ items.T + bias, target)
    with seeded(0, 1):
        drawn = [
            sampled_softmax(vectors, items, bias, target, torch.arange(9), 4000) for _ in range(5)
        ]
    assert float(torch.stack(drawn).mean()) == pytest.approx(float(whole), abs=0.02)


def test_what_is_held_back_is_the_last_likes_and_nothing_after_the_first_of_them_is_known():
    audience = random_histories(seed=5, n_people=200, n_items=30, longest=25)
    kept = held_back(audience)
    assert kept.n_people > 5
    n_cut = 0
    for person in range(200):
        whole, known = audience.seen.row(person), kept.known.seen.row(person)
        np.testing.assert_array_equal(known, whole[: len(known)])
        n_cut += len(known) < len(whole)
    assert n_cut == kept.n_people
    n_likes = audience.liked.lengths()
    assert kept.likes.lengths().tolist() == [N_LIKES] * kept.n_people
    cut = [p for p in range(200) if len(kept.known.seen.row(p)) < len(audience.seen.row(p))]
    for row, person in enumerate(cut):
        expected = audience.liked.row(person)[-N_LIKES:]
        np.testing.assert_array_equal(kept.likes.row(row), expected)
        assert len(kept.asked.liked.row(row)) == n_likes[person] - N_LIKES
    scores = np.zeros((kept.n_people, 30))
    for row in range(kept.n_people):
        scores[row, kept.likes.row(row)] = 1
    assert kept.ndcg(scores) == 1.0


def test_a_cycle_of_items_is_learned_to_the_end():
    """Each item is always followed by the next one: the loss goes to nothing."""
    rows = [[(start + step) % 7 for step in range(7)] for start in range(7)]
    histories = histories_of(rows, n_items=7)
    with seeded(0, 1):
        net = SequenceNet(7, 6, 8, 1, 1, 0.0)
        windows = Windows.of(histories, 6, 1, torch.device("cpu"))

        def loss(rows):
            target, ok = windows.drawn(rows)
            logits = net(windows.items[rows], windows.liked[rows])[ok] @ net.items.T
            return torch.nn.functional.cross_entropy(logits, target[ok])

        found = train(net, loss, 7, Schedule(120, 7, 0.02, threads=1), seed=0, name="A cycle")
    assert found.losses[-1] < 0.02
    scores = vectors_of(histories, found.weights, 1) @ found.weights["items"].T
    assert scores.argmax(axis=1).tolist() == list(range(7))  # what comes after the seventh


@pytest.fixture(scope="module")
def fitted():
    audience = random_histories(n_people=60, n_items=20, longest=15)
    config = SourceConfig(sasrec=SMALL)
    return audience, config, sasrec._fit(audience, plain_catalogue(20), config, 0)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(fitted):
    audience, _, model = fitted
    again, other = (learn_sequences(audience, SMALL, seed).weights for seed in (0, 1))
    np.testing.assert_array_equal(again["places"], model.weights["places"])
    assert not np.array_equal(other["places"], again["places"])


def test_it_is_opened_and_serves_without_pytorch(fitted, tmp_path, monkeypatch):
    audience, config, model = fitted
    model.save(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    again = sasrec._load(tmp_path, config)
    before, after = (one.source(WHOLE).propose(audience, 10) for one in (model, again))
    np.testing.assert_array_equal(after.items, before.items)
    np.testing.assert_array_equal(after.of_seen, before.of_seen)


def test_items_that_nobody_met_and_people_without_a_history_get_nothing(fitted):
    _, config, _ = fitted
    audience = random_histories(n_people=60, n_items=15, longest=12)
    wider = dataclasses.replace(audience, n_items=20)
    model = sasrec._fit(wider, plain_catalogue(20), config, 0)
    assert not model.item_factors[15:].any()
    nobody = dataclasses.replace(
        wider.take(np.array([0])), seen=Ragged.from_rows([[]]), is_liked=np.zeros(0, bool)
    )
    proposed = model.propose(dataclasses.replace(nobody, day=np.zeros(0)), 5)
    assert (proposed.items == PAD).all()
    everybody = model.propose(wider, 15)
    able = wider.seen.lengths() > 0
    assert ((everybody.items[able] != PAD).sum(axis=1) == 15 - wider.seen.lengths()[able]).all()
