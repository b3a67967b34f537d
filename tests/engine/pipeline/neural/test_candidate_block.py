"""The block that candidates look through at likes: gaps in time, what it must not depend on."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch", reason="PyTorch is an extra: make setup NEURAL=1")

from engine.arrays import Ragged
from engine.errors import DataError
from engine.pipeline.ranking import dense_learning
from engine.pipeline.ranking.candidate_block import block_shapes, seen_through_block
from engine.pipeline.ranking.dense_model import Dense
from engine.pipeline.ranking.dense_network import NUMPY_TOOLS, DenseRanker
from engine.pipeline.ranking.dense_weights import fresh_weights, weight_shapes
from engine.pipeline.ranking.id_rows import ReadRows
from engine.pipeline.ranking.listed import LAST_LIKED, N_GAPS, Listed, about
from engine.pipeline.ranking.registry import ALONE
from engine.pipeline.retrieval.histories import Histories
from tests.engine.pipeline.neural.test_id_networks import IDS, fitted, rows, signed_lists
from tests.engine.pipeline.ranking.test_rankers import CONFIG

D, N = 8, 6


def some_block(seed=0):
    rng = np.random.default_rng(seed)
    weights = {name: rng.standard_normal(size) for name, size in block_shapes(D).items()}
    asked, liked = rng.standard_normal((N, D)), rng.standard_normal((LAST_LIKED, D))
    return weights, asked, liked, rng.integers(0, N_GAPS, LAST_LIKED)


def test_gaps_are_days_before_the_last_like_in_powers_of_two():
    days = np.array([0.0, 9.0, 9.9, 10.0, 50.0, np.nan, 3.0, 9000.0])
    histories = Histories(
        9,
        Ragged.from_rows([[1, 2, 3, 4, 5], [], [8, 6, 7]]),
        np.array([1, 1, 1, 1, 0, 1, 1, 1], bool),  # the one on day 50 was not liked
        days,
    )
    nothing = np.zeros((3, 0), np.int16)
    listed = Listed.of(np.zeros((3, 2), np.int32), histories, nothing)
    assert listed.liked[0, -4:].tolist() == [1, 2, 3, 4]
    assert listed.gaps[0].tolist() == [0] * 16 + [3, 1, 0, 0]  # 10, 1, .1 and 0 days
    assert listed.gaps[1].tolist() == [0] * LAST_LIKED
    assert listed.gaps[2, -3:].tolist() == [0, N_GAPS - 1, 0]  # of the first no moment is known
    alone = Listed.of(np.zeros((1, 2), np.int32), histories.block(2, 3), nothing[:1])
    np.testing.assert_array_equal(alone.gaps[0], listed.gaps[2])
    np.testing.assert_array_equal(listed.take(np.array([2])).gaps[0], listed.gaps[2])


@given(n_liked=st.integers(0, LAST_LIKED), seed=st.integers(0, 99))
def test_what_stands_in_padding_changes_nothing_and_each_candidate_is_seen_alone(n_liked, seed):
    weights, asked, liked, gaps = some_block(seed)
    is_liked = np.arange(LAST_LIKED) >= LAST_LIKED - n_liked
    found = seen_through_block(weights, asked, liked, is_liked, gaps, NUMPY_TOOLS)
    assert found.shape == (N, D)
    other = np.where(is_liked[:, None], liked, 7.0)
    padded = seen_through_block(
        weights, asked, other, is_liked, np.where(is_liked, gaps, 0), NUMPY_TOOLS
    )
    np.testing.assert_allclose(padded, found, atol=1e-12)
    turned = seen_through_block(weights, asked[::-1], liked, is_liked, gaps, NUMPY_TOOLS)
    np.testing.assert_allclose(turned[::-1], found, atol=1e-12)
    both = seen_through_block(
        weights,
        np.stack([asked, asked[::-1]]),
        np.stack([liked, other]),
        np.stack([is_liked, is_liked]),
        np.stack([gaps, gaps]),
        NUMPY_TOOLS,
    )
    np.testing.assert_allclose(both, np.stack([found, turned]), atol=1e-12)


def test_the_order_of_likes_and_their_gaps_are_seen():
    weights, asked, liked, gaps = some_block()
    everything = np.ones(LAST_LIKED, bool)
    found = seen_through_block(weights, asked, liked, everything, gaps, NUMPY_TOOLS)
    for other in ((liked[::-1], gaps[::-1]), (liked, (gaps + 1) % N_GAPS)):
        moved = seen_through_block(weights, asked, other[0], everything, other[1], NUMPY_TOOLS)
        assert np.abs(moved - found).max() > 1e-2
    # without places and gaps the likes are a set
    blind = weights | {name: 0 * weights[name] for name in ("places", "gaps")}
    one, two = (
        seen_through_block(blind, asked, by, everything, gaps, NUMPY_TOOLS)
        for by in (liked, liked[::-1])
    )
    np.testing.assert_allclose(one, two, atol=1e-12)


def test_a_few_lists_are_learned_by_heart():
    """Features are the same for everybody: only items, likes and gaps tell the lists apart."""
    read, columns = rows(n_people=5), torch.zeros(5, 7, 3)
    first = fresh_weights(weight_shapes(3, IDS, ("deep", "block")), np.random.default_rng(0))
    model = Dense(first).eval()  # without dropout, and forgetting nothing
    tensors = ReadRows(**{f.name: torch.from_numpy(getattr(read, f.name)) for f in fields(read)})
    highest = read.items == read.items.max(axis=1, keepdims=True)  # equal ones cannot be told apart
    wanted = torch.from_numpy(highest)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(200):
        chance = model(columns, tensors).log_softmax(dim=1)
        loss = -chance.masked_fill(~wanted, -torch.inf).logsumexp(dim=1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.item() < 1e-2
    assert wanted.gather(1, chance.argmax(dim=1)[:, None]).all()
    for name, values in model.named_parameters():
        if name in block_shapes(D):
            assert np.abs(values.detach().numpy() - first[name]).max() > 1e-3


def test_lists_learned_from_in_another_order_of_people_are_served_alike():
    ranker, asked = fitted("bst"), signed_lists(1, n_people=5)
    scores = about(ranker, asked.listed).score(asked.features, asked.is_candidate)
    turn = np.array([3, 0, 4, 2, 1])
    other = asked.take(turn)
    np.testing.assert_array_equal(
        about(ranker, other.listed).score(other.features, other.is_candidate), scores[turn]
    )


def test_what_is_not_finite_is_refused(monkeypatch, tmp_path):
    ranker = fitted("bst")
    spoilt = {**ranker.members[0], "places": np.full((LAST_LIKED + 1, D), np.nan, np.float32)}
    replace(ranker, members=(spoilt,)).save(tmp_path)
    with pytest.raises(ValueError, match="not finite"):
        DenseRanker.load(tmp_path)
    endless = replace(dense_learning.SCHEDULE, rate=1e30)
    monkeypatch.setattr(dense_learning, "SCHEDULE", endless)
    with pytest.raises(DataError, match="not a finite number"):
        ALONE["bst"].fit(signed_lists(0), CONFIG, 0)
