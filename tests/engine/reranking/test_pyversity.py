"""Agreement with ``pyversity``, one person at a time, where its definitions meet ours.

It weighs (1 - d)·relevance against d·diversity, ours is relevance + w·diversity: d = w / (1 + w).
"""

from __future__ import annotations

import numpy as np
import pytest
from pyversity import Metric
from pyversity.strategies import cover, dpp, mmr, msd, ssd

from engine.reranking import rerank
from engine.scenario import Scenario
from tests.engine.reranking.brute_force import relevance
from tests.engine.reranking.worlds import make_world

WEIGHTS = [0.1, 0.5, 1.0]


@pytest.fixture(scope="module")
def world():
    """Scores without ties and tastes without duplicates: pyversity breaks ties its own way."""
    world = make_world(seed=21, n_users=30, n_candidates=40, n_items=90)
    rng = np.random.default_rng(4)
    factors = rng.normal(size=(90, 24))
    factors /= np.linalg.norm(factors, axis=1, keepdims=True)
    scores = -np.sort(-rng.normal(size=world.scores.shape), axis=1)
    object.__setattr__(world, "item_factors", factors.astype(np.float32))
    object.__setattr__(world, "scores", scores.astype(np.float32))
    return world


def assert_same(world, scenario, call):
    lists = rerank(world, scenario)
    for user in range(world.n_users):
        scores = relevance(world, user)
        vectors = world.item_factors[world.candidates[user]]
        theirs = call(vectors, scores, scenario.k).indices
        assert lists.positions[user].tolist() == theirs.tolist()


@pytest.mark.parametrize("weight", WEIGHTS)
def test_mmr(world, weight):
    assert_same(
        world,
        Scenario(diversity=weight, diversity_method="mmr"),
        lambda x, r, k: mmr(x, r, k, weight / (1 + weight), metric=Metric.COSINE),
    )


@pytest.mark.parametrize("weight", WEIGHTS)
def test_msd_of_two(world, weight):
    """With one item above, their sum of (1 - cos) is twice our mean of (1 - cos) / 2."""
    half = weight / 2
    assert_same(
        world,
        Scenario(k=2, diversity=weight, diversity_method="msd"),
        lambda x, r, k: msd(x, r, k, half / (1 + half)),
    )


@pytest.mark.parametrize("weight", WEIGHTS)
def test_dpp(world, weight):
    """Their log weight is β·z(relevance), ours relevance / weight: β = std / weight."""
    assert_same(
        world,
        Scenario(diversity=weight, diversity_method="dpp"),
        lambda x, r, k: dpp(x, r, k, 0.5, scale=2 * (r.std()) / weight),
    )


@pytest.mark.parametrize("window", [0, 2, 4])
@pytest.mark.parametrize("weight", WEIGHTS)
def test_ssd(world, weight, window):
    assert_same(
        world,
        Scenario(diversity=weight, diversity_method="ssd", diversity_window=window),
        lambda x, r, k: ssd(
            x,
            r,
            k,
            weight / (1 + weight),
            window=window or k,
            append_bias=False,
            normalize_scores=False,
        ),
    )


@pytest.mark.parametrize("weight", WEIGHTS)
def test_cover(world, weight):
    """Theirs sums over the candidates, ours is the mean."""

    def call(x, r, k):
        share = weight / len(r)
        return cover(x, r, k, share / (1 + share), gamma=0.5)

    assert_same(world, Scenario(diversity=weight, diversity_method="cover"), call)
