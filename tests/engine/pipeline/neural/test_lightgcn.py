"""LightGCN: steps over the graph against a dense few lines, new people, new items, tiny sets."""

import dataclasses

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")

from engine.pipeline.neural.graph_net import GraphNet
from engine.pipeline.neural.learn_graph import told_apart
from engine.pipeline.neural.settings import GraphConfig
from engine.pipeline.neural.training import Schedule, seeded, train
from engine.pipeline.retrieval import lightgcn
from engine.pipeline.retrieval.source_config import SourceConfig
from tests.engine.pipeline.retrieval.history_makers import (
    histories_of,
    plain_catalogue,
    random_histories,
)

SMALL = GraphConfig(factors=6, layers=5, epochs=3, threads=1)


def test_items_and_people_are_the_mean_of_the_papers_layers():
    likes = random_histories(n_people=25, n_items=12).likes
    with seeded(0, 1):
        net = GraphNet(likes, 6, 5)
    with torch.no_grad():
        items, inputs = (one.numpy() for one in net())
    table = likes.toarray().astype(float)
    degrees = np.maximum(table.sum(axis=1), 1)[:, None] * np.maximum(table.sum(axis=0), 1)
    graph = table / np.sqrt(degrees)
    person, item = np.zeros((25, 6)), net.ids.detach().numpy().astype(float)
    people, of_items = [person], [item]
    for _ in range(5):  # layer by layer, both sides at once, as in equation 3
        person, item = graph @ item, graph.T @ person
        people.append(person)
        of_items.append(item)
    np.testing.assert_allclose(3 * items, np.sum(of_items, axis=0), atol=1e-5)
    found = lightgcn.pooled(likes, inputs)
    np.testing.assert_allclose(3 * found, np.sum(people, axis=0), atol=1e-5)


def test_who_is_learned_from_is_no_part_of_the_graph():
    """Held likes came back through the person's own edges: LightGCN learned to look them up."""
    likes = random_histories(n_people=25, n_items=12).likes
    without = likes.tolil()
    without[[2, 7]] = 0
    without = without.tocsr()
    without.eliminate_zeros()
    with seeded(0, 1):
        net = GraphNet(likes, 6, 5)
        smaller = GraphNet(without, 6, 5)
    with torch.no_grad():
        smaller.ids.copy_(net.ids)
        for found, wanted in zip(net(torch.tensor([2, 7])), smaller(), strict=True):
            torch.testing.assert_close(found, wanted)
        assert not torch.allclose(net()[0], smaller()[0])


def test_the_loss_is_that_of_held_likes_and_padding_changes_nothing():
    rng = np.random.default_rng(0)
    inputs, vectors = (torch.from_numpy(rng.normal(size=(9, 4))).float() for _ in range(2))
    bias = torch.from_numpy(rng.normal(size=9)).float()
    items = torch.tensor([[0, 3, 5, 7], [1, 2, -1, -1]])
    torch.manual_seed(0)
    is_held = (torch.rand(items.shape) < 0.4) & (items >= 0)
    assert 0 < is_held[0].sum() < 4
    torch.manual_seed(0)
    found = float(told_apart(items, inputs, vectors, bias, 0.4))
    losses = []
    for row, held in zip(items.tolist(), is_held.tolist(), strict=True):
        left = [item for item, out in zip(row, held, strict=True) if item >= 0 and not out]
        told = [item for item, out in zip(row, held, strict=True) if out]
        if not left or not told:
            continue
        person = sum(inputs[item].numpy() for item in left) / np.sqrt(len(left))
        logits = vectors.numpy() @ person + bias.numpy()
        others = [item for item in range(9) if item not in left]
        losses.append(np.log(np.exp(logits[others]).sum()) - logits[told].mean())
    assert found == pytest.approx(np.mean(losses), rel=1e-4)


def test_two_tastes_are_learned_to_the_end():
    """With two likes of a person's four held, the others say which kind they are of."""
    rows = [[4 * (person % 2) + place for place in range(4)] for person in range(8)]
    histories = histories_of(rows, n_items=8)
    with seeded(0, 1):
        net = GraphNet(histories.likes, 8, 1)
        items = torch.tensor(rows)

        def loss(batch):
            vectors, inputs = net()
            return told_apart(items[batch], inputs, vectors, net.bias, 0.5)

        found = train(net, loss, 8, Schedule(80, 8, 0.05, threads=1), seed=0, name="Two tastes")
    assert found.losses[-1] < np.log(2.5)  # of the four of one kind, two to three are open


@pytest.fixture(scope="module")
def fitted():
    audience = random_histories(n_people=60, n_items=15, longest=12)
    wider = dataclasses.replace(audience, n_items=18)  # three that nobody met
    catalogue = plain_catalogue(18, [{item % 4} for item in range(18)])
    config = SourceConfig(graph=SMALL)
    return wider, config, lightgcn._fit(wider, catalogue, config, 0)


def test_somebody_new_is_read_by_likes_and_a_new_item_by_what_it_is(fitted):
    audience, _, model = fitted
    asked = histories_of([[3, 7], [3, 7], []], [[1, 1], [1, 0], []], n_items=18)
    found = model.factors_of(asked)
    inputs = model.weights["inputs"]
    np.testing.assert_allclose(found[0, :-1], (inputs[3] + inputs[7]) / np.sqrt(2), rtol=1e-5)
    np.testing.assert_allclose(found[1, :-1], inputs[3], rtol=1e-5)  # what was not liked is silent
    assert not found[2].any()
    assert model.item_factors[15:].any(axis=1).all()
    assert not inputs[15:].any()
    likes_any = audience.liked.lengths() > 0
    assert (model.propose(audience, 5).scores[likes_any, 0] > 0).all()


def test_the_same_seed_gives_the_same_graph_that_is_read_back_without_pytorch(
    fitted, tmp_path, monkeypatch
):
    audience, config, model = fitted
    catalogue = plain_catalogue(18, [{item % 4} for item in range(18)])
    again = lightgcn._fit(audience, catalogue, config, 0)
    np.testing.assert_array_equal(again.item_factors, model.item_factors)
    other = lightgcn._fit(audience, catalogue, config, 1)
    assert not np.array_equal(other.item_factors, model.item_factors)
    model.save(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    opened = lightgcn._load(tmp_path, config)
    np.testing.assert_array_equal(
        opened.propose(audience, 9).items, model.propose(audience, 9).items
    )
    assert opened.report()["search"] == "exact"
