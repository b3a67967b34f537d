"""NeuMF: NumPy against PyTorch and a few literal lines, new people and items, a tiny set."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")

from engine.arrays import PAD, Ragged
from engine.pipeline.neural.learn_neumf import serving_weights
from engine.pipeline.neural.learn_towers import fresh_towers, read_people
from engine.pipeline.neural.neumf_net import NeuMfNet
from engine.pipeline.neural.sequences import last_sequences
from engine.pipeline.neural.settings import NeuMfConfig
from engine.pipeline.neural.training import seeded
from engine.pipeline.retrieval import neumf
from engine.pipeline.retrieval.factor_search import grid_rows
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.source_config import SourceConfig
from tests.engine.pipeline.retrieval.history_makers import (
    histories_of,
    plain_catalogue,
    random_histories,
)

SMALL = NeuMfConfig(factors=5, hidden=12, length=6, epochs=3, batch=64, threads=1)


def catalogue(n_items=20):
    rng = np.random.default_rng(0)
    return plain_catalogue(n_items, [set(rng.choice(4, 2).tolist()) for _ in range(n_items)])


def literal(net, person, item, bias):
    """Equation by equation, for one pair; ``person`` and ``item`` are of 2 d."""
    weights = {name: w.detach().numpy().astype(float) for name, w in net.named_parameters()}
    products = (person[:5] * item[:5]).sum()
    both = np.concatenate([person[5:], item[5:]])
    matrix = np.hstack([weights["of_person.weight"], weights["of_item.weight"]])
    hidden = np.maximum(matrix @ both + weights["of_person.bias"], 0)
    hidden = np.maximum(weights["layer.weight"] @ hidden + weights["layer.bias"], 0)
    return products + weights["out.weight"][0] @ hidden + bias


def test_numpy_equals_pytorch_and_the_formula_whatever_the_padding():
    histories = random_histories(n_people=30, n_items=20, longest=12)
    with seeded(0, 1):
        net = NeuMfNet(fresh_towers(histories, catalogue(), SMALL, 10), 5).eval()
        for one in net.parameters():
            torch.nn.init.normal_(one, std=0.4)
    items, weights = serving_weights(net)
    everything = grid_rows(np.tile(np.arange(20, dtype=np.int32), (30, 1)))
    for length in (6, 20):
        model = neumf.NeuMf(items, weights, dataclasses.replace(SMALL, length=length))
        found = model.logits(model.read(histories), everything).reshape(30, 20)
        with torch.no_grad():
            people = net.towers.people(
                *read_people(last_sequences(histories, length), torch.device("cpu"))
            )
            vectors, bias = net.towers.items()
            expected = net(people, vectors, bias).numpy()
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)
    for person in (0, 7):
        for item in (0, 3, 19):
            by_hand = literal(net, people[person].numpy(), vectors[item].numpy(), float(bias[item]))
            assert found[person, item] == pytest.approx(by_hand, rel=1e-4, abs=1e-4)


@pytest.fixture(scope="module")
def fitted():
    audience = random_histories(n_people=60, n_items=15, longest=12)
    wider = dataclasses.replace(audience, n_items=20)  # five that nobody met
    config = SourceConfig(neumf=SMALL)
    return wider, config, neumf._fit(wider, catalogue(), config, 0)


def test_somebody_new_and_items_that_nobody_met_have_scores(fitted):
    audience, _, model = fitted
    empty = Histories(20, Ragged.from_rows([[]]), np.zeros(0, bool), np.zeros(0))
    assert (model.propose(empty, 20).items != PAD).all()
    everything = grid_rows(np.tile(np.arange(20, dtype=np.int32), (audience.n_people, 1)))
    scores = model.score(audience, everything).reshape(-1, 20)
    assert (scores > 0).all()
    assert np.ptp(scores[:, 15:], axis=0).min() > 0


def test_the_best_are_found_in_blocks_as_in_one(fitted, monkeypatch):
    audience, _, model = fitted
    whole = model.propose(audience, 7)
    monkeypatch.setattr(neumf, "blocks_within", lambda n, _: ((s, s + 7) for s in range(0, n, 7)))
    again = model.propose(audience.take(np.arange(56)), 7)
    np.testing.assert_array_equal(again.items, whole.items[:56])
    np.testing.assert_array_equal(again.scores, whole.scores[:56])


def test_a_taste_is_learned():
    """Two kinds of people, each with eight items: what is left is of the kind that was met."""
    rng = np.random.default_rng(0)
    rows = [8 * (person % 2) + rng.permutation(8)[:6] for person in range(40)]
    config = dataclasses.replace(SMALL, epochs=25, batch=32, rate=0.02, dropout=0.0, patience=25)
    histories = histories_of(rows, n_items=16)
    model = neumf._fit(histories, catalogue(16), SourceConfig(neumf=config), 0)
    best = model.propose(histories, 2).items
    assert (best // 8 == np.arange(40)[:, None] % 2).mean() > 0.95


def test_the_same_seed_gives_the_same_scores_that_are_read_back_without_pytorch(
    fitted, tmp_path, monkeypatch
):
    audience, config, model = fitted
    again = neumf._fit(audience, catalogue(), config, 0)
    np.testing.assert_array_equal(again.item_factors, model.item_factors)
    model.save(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    opened = neumf._load(tmp_path, config)
    before, after = (one.propose(audience, 10) for one in (model, opened))
    np.testing.assert_array_equal(after.items, before.items)
    np.testing.assert_array_equal(after.of_seen, before.of_seen)
