"""GRU4Rec: NumPy against PyTorch and a few literal lines; what it shares is tested with SASRec."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")

from engine.arrays import PAD
from engine.pipeline.neural.gru_net import GruNet
from engine.pipeline.neural.recurrent import recurrent_vectors
from engine.pipeline.neural.sequences import last_sequences
from engine.pipeline.neural.settings import SequenceConfig
from engine.pipeline.neural.training import seeded
from engine.pipeline.neural.weights import weights_of
from engine.pipeline.retrieval import gru4rec
from engine.pipeline.retrieval.source_config import SourceConfig
from tests.engine.pipeline.retrieval.history_makers import plain_catalogue, random_histories


@pytest.fixture(scope="module")
def net():
    with seeded(1, 1):
        made = GruNet(20, 8, 0.5).eval()
        for one in made.parameters():
            torch.nn.init.normal_(one, std=0.5)
    return made


def literal(weights, items, liked):
    state = np.zeros(8)
    for item, good in zip(items, liked, strict=True):
        x = weights["items"][item] + weights["kinds"][good]
        a = weights["gru.weight_ih_l0"] @ x + weights["gru.bias_ih_l0"]
        b = weights["gru.weight_hh_l0"] @ state + weights["gru.bias_hh_l0"]
        reset, update = 1 / (1 + np.exp(-(a + b)[:8])), 1 / (1 + np.exp(-(a + b)[8:16]))
        state = (1 - update) * np.tanh(a[16:] + reset * b[16:]) + update * state
    return weights["out.weight"] @ state + weights["out.bias"]


def test_numpy_equals_pytorch_and_the_formula_whatever_the_padding(net):
    histories = random_histories(n_people=40, n_items=20, longest=12)
    weights = weights_of(net)
    for length in (5, 12, 20):
        items, liked = (x.astype(np.int64) for x in last_sequences(histories, length))
        with torch.no_grad():
            expected = net(torch.from_numpy(items), torch.from_numpy(liked))[:, -1].numpy()
        found = recurrent_vectors(histories, weights, length)
        for person in range(40):
            is_there = items[person] != PAD
            if not is_there.any():
                assert not found[person].any()
                continue
            np.testing.assert_allclose(found[person], expected[person], atol=1e-5)
            by_hand = literal(weights, items[person, is_there], liked[person, is_there])
            np.testing.assert_allclose(found[person], by_hand, atol=1e-5)


def test_a_place_knows_nothing_of_what_comes_after_it(net):
    first, liked = torch.tensor([[PAD, 7, 1, 8, 2]]), torch.tensor([[0, 0, 1, 1, 0]])
    second = first.clone()
    second[0, 3:] = 11
    with torch.no_grad():
        one, two = net(first, liked)[0], net(second, liked)[0]
    assert torch.equal(one[1:3], two[1:3])
    assert not torch.equal(one[3:], two[3:])


def test_it_is_read_back_as_it_was(tmp_path):
    audience = random_histories(n_people=60, n_items=20, longest=15)
    quick = SequenceConfig(factors=8, length=10, epochs=2, threads=1)
    config = SourceConfig(gru=quick)
    model = gru4rec._fit(audience, plain_catalogue(20), config, 0)
    model.save(tmp_path)
    again = gru4rec._load(tmp_path, config)
    before, after = model.propose(audience, 10), again.propose(audience, 10)
    np.testing.assert_array_equal(after.items, before.items)
    assert (before.items[audience.seen.lengths() > 0, 0] != PAD).all()
