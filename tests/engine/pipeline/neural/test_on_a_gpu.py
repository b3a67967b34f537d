"""Learning on a GPU: the same network comes out as on the CPU, as NumPy arrays; every one learns.

Skipped, with the reason, where there is no GPU.
"""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")
if not torch.cuda.is_available():
    pytest.skip("no GPU that PyTorch can use is here", allow_module_level=True)

from engine.pipeline.neural import training
from engine.pipeline.neural.learn_graph import learn_graph
from engine.pipeline.neural.learn_neumf import learn_neumf
from engine.pipeline.neural.learn_sequences import attention_net, learn_sequences, recurrent_net
from engine.pipeline.neural.learn_towers import learn_towers
from engine.pipeline.neural.settings import GraphConfig, NeuMfConfig, SequenceConfig, TowerConfig
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet
from engine.pipeline.ranking.registry import ALONE
from engine.pipeline.second.registry import SECONDS
from engine.pipeline.second.stage import SecondConfig
from tests.engine.pipeline.retrieval.history_makers import histories_of, plain_catalogue
from tests.engine.pipeline.second.side_by_side import side_by_side

NAMES = ("appeal", "comedy", "crime", "drama", "western")
SMALL = SecondConfig(
    first=12, members=1, width=16, epochs=8, batch=32, rate=5e-3, dropout=0.0, patience=8
)


@pytest.fixture
def on_the_cpu(monkeypatch):
    """Let what is learned within be learned on the CPU."""

    def begin():
        monkeypatch.setattr(training, "learning_device", lambda: torch.device("cpu"))

    return begin


def crowded():
    """Lists in which neighbours take from each other; one in five is shorter."""
    lists, is_label = side_by_side(0, n_people=300)
    lists.is_candidate[::5, -3:] = False
    return lists, is_label & lists.is_candidate


def in_turn(n_people=160, n_items=30, n_likes=14):
    """Histories in which items come in the order of their numbers, and begin anywhere."""
    starts = np.random.default_rng(1).integers(0, n_items, n_people)
    return histories_of([[(s + step) % n_items for step in range(n_likes)] for s in starts])


def test_the_gpu_is_where_networks_learn():
    assert training.learning_device().type == "cuda"
    with training.seeded(0, 1) as device:
        assert torch.zeros(1, device=device).is_cuda


@pytest.mark.parametrize("name", ["prm", "dlcm"])
def test_the_same_network_over_lists_comes_out_as_on_the_cpu(on_the_cpu, name):
    """Without dropout both draw the same numbers; what differs is the order of sums."""
    lists, is_label = crowded()
    there = SECONDS[name].fit(lists, is_label, NAMES, SMALL, 0)
    on_the_cpu()
    here = SECONDS[name].fit(lists, is_label, NAMES, SMALL, 0)
    assert all(type(w) is np.ndarray and w.dtype == np.float32 for w in there.members[0].values())
    assert (there.score(lists) != lists.scores).any()
    apart = np.abs(there.score(lists) - here.score(lists))[lists.is_candidate]
    assert apart.mean() < 0.02
    assert np.quantile(apart, 0.99) < 0.1


def test_personalised_vectors_are_learned_there_too():
    lists, is_label = crowded()
    found = SECONDS["prm_personal"].fit(lists, is_label, NAMES, replace(SMALL, dropout=0.1), 0)
    assert np.isfinite(found.score(lists)[lists.is_candidate]).all()


@pytest.mark.parametrize("name", [name for name, record in ALONE.items() if record.is_neural])
def test_every_ranker_that_is_a_network_learns_what_it_learns_on_the_cpu(on_the_cpu, name):
    lists, is_label = crowded()
    training_set = TrainingSet(lists.features, lists.is_candidate, is_label, NAMES)

    def hit():
        fitted = ALONE[name].fit(training_set, RankerConfig(), 0)
        scores = fitted.score(lists.features, lists.is_candidate)
        best = np.where(lists.is_candidate, scores, -np.inf).argmax(axis=1)
        return is_label[np.arange(len(best)), best].mean()

    there = hit()
    on_the_cpu()
    assert abs(there - hit()) < 0.05


SEQUENCES = SequenceConfig(
    factors=16, length=8, epochs=30, batch=32, negatives=0, dropout=0.1, rate=1e-2, threads=1
)
TOWERS = TowerConfig(factors=16, hidden=32, epochs=10, batch=64, dropout=0.1, threads=1)
NEUMF = NeuMfConfig(factors=8, hidden=32, epochs=10, batch=64, dropout=0.1, threads=1)
GRAPH = GraphConfig(factors=16, epochs=20, threads=1)


def learned(name):
    """Learn a source's network from histories; returns its weights and how it went."""
    histories = in_turn()
    catalogue = plain_catalogue(histories.n_items)
    if name == "two towers":
        return learn_towers(histories, catalogue, TOWERS, 0)
    if name == "NeuMF":
        items, weights, trained = learn_neumf(histories, catalogue, NEUMF, 0)
        return {**weights, "items": items}, trained
    if name == "LightGCN":
        vectors, bias, inputs, trained = learn_graph(histories, GRAPH, 0)
        return {"vectors": vectors, "bias": bias, "inputs": inputs}, trained
    make = attention_net if name == "SASRec" else recurrent_net
    config = SEQUENCES if name != "SASRec, sampled" else replace(SEQUENCES, negatives=10)
    trained = learn_sequences(histories, config, 0, make)
    return trained.weights, trained


@pytest.mark.parametrize(
    "name", ["SASRec", "SASRec, sampled", "GRU4Rec", "two towers", "NeuMF", "LightGCN"]
)
def test_every_source_that_is_a_network_learns_there_and_comes_back_as_arrays(on_the_cpu, name):
    weights, trained = learned(name)
    assert all(type(one) is np.ndarray for one in weights.values())
    assert all(np.isfinite(one).all() for one in weights.values())
    on_the_cpu()
    _, here = learned(name)
    assert trained.losses[-1] < trained.losses[0]
    # dropout and negatives are drawn by the device, so the two are not the same network
    assert abs(trained.best - here.best) < 0.12
