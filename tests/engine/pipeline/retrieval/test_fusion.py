import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.arrays import PAD
from engine.pipeline.ranking.row_ranks import ranks_in_row
from engine.pipeline.retrieval.fusion import RRF_CONSTANT, Proposals, fuse
from engine.pipeline.retrieval.histories import entry_rows
from engine.pipeline.retrieval.source import Proposed
from tests.engine.pipeline.retrieval.history_makers import histories_of, random_histories


def distinct_scores(rng, shape):
    """Scores without ties, some of them negative."""
    return (rng.permuted(np.tile(np.arange(shape[1]), (shape[0], 1)), axis=1) - 5).astype(
        np.float32
    )


def proposals_of(table, histories, depth):
    """What a source with these scores proposes, sorted out literally."""
    items = np.full((len(table), depth), PAD, np.int32)
    scores = np.zeros((len(table), depth), np.float32)
    for person, row in enumerate(table):
        own = row.copy()
        own[histories.seen.row(person)] = 0
        order = np.argsort(-own, kind="stable")[:depth]
        kept = order[own[order] > 0]
        items[person, : len(kept)], scores[person, : len(kept)] = kept, own[kept]
    return Proposed(items, scores, table[entry_rows(histories.seen), histories.seen.indices])


def fused_of(tables, histories, popularity, n):
    """Fuse sources given as (scores, depth)."""
    proposals = [Proposals(proposals_of(t, histories, depth), depth) for t, depth in tables]
    return fuse(proposals, histories, popularity, n)


def literal_fusion(proposals, histories, person):
    """Reciprocal-rank fusion as its paper says it, over the unseen items of one person."""
    seen = set(histories.seen.row(person).tolist())
    fused, masks = {}, {}
    for bit, (table, depth) in enumerate(proposals):
        scores = table[person]
        unseen = [i for i in np.argsort(-scores) if i not in seen and scores[i] > 0]
        for rank, item in enumerate(unseen[:depth], start=1):
            fused[item] = fused.get(item, 0) + 1 / (RRF_CONSTANT + rank)
            masks[item] = masks.get(item, 0) | 1 << bit
    return fused, masks


@pytest.fixture
def setting():
    rng = np.random.default_rng(0)
    histories = random_histories(n_people=25, n_items=40, longest=20)
    proposals = [(distinct_scores(rng, (25, 40)), depth) for depth in (4, 7, 12)]
    return proposals, histories, rng.integers(0, 50, 40)


def test_fused_scores_are_those_of_the_literal_formula(setting):
    proposals, histories, popularity = setting
    result = fused_of(proposals, histories, popularity, 40)
    for person in range(25):
        fused, masks = literal_fusion(proposals, histories, person)
        order = result.filtered[person][: len(fused)]
        values = np.array([fused[item] for item in order])
        assert set(order.tolist()) == set(fused)
        assert (np.diff(values) <= 2e-7).all()
        for item, mask in zip(order, result.source_masks[person], strict=False):
            assert mask == masks[item]
        assert not result.source_masks[person][len(fused) :].any()


def test_seen_items_are_in_retrieved_and_never_in_filtered(setting):
    proposals, histories, popularity = setting
    result = fused_of(proposals, histories, popularity, 40)
    for person in range(25):
        seen = histories.seen.row(person)
        assert not np.isin(result.filtered[person], seen).any()
        without = result.retrieved[person][~np.isin(result.retrieved[person], seen)]
        n = (result.filtered[person] != PAD).sum()
        np.testing.assert_array_equal(without[:n], result.filtered[person][:n])


def test_a_seen_item_takes_the_rank_it_would_have_if_it_were_not_seen(setting):
    proposals, histories, popularity = setting
    retrieved = fused_of(proposals, histories, popularity, 40).retrieved
    person = int(np.argmax(histories.seen.lengths()))
    others, _ = literal_fusion(proposals, histories, person)
    alone = [(table[[person]], depth) for table, depth in proposals]
    for item in histories.seen.row(person):
        rest = [i for i in histories.seen.row(person) if i != item]
        own, _ = literal_fusion(alone, histories_of([rest], n_items=40), 0)
        if item in own:
            place = retrieved[person].tolist().index(item)
            above = {i for i in retrieved[person][:place].tolist() if i not in rest}
            below = {i for i in retrieved[person][place + 1 :].tolist() if i not in rest}
            assert {i for i in others if others[i] > own[item] + 2e-7} <= above
            assert {i for i in others if others[i] < own[item] - 2e-7} <= below


def test_short_rows_are_filled_by_popularity(setting):
    _, histories, popularity = setting
    silent = [(np.zeros((25, 40), np.float32), 5)]
    result = fused_of(silent, histories, popularity, 40)
    for person in range(25):
        row = result.filtered[person]
        row = row[row != PAD]
        assert len(row) == 40 - histories.seen.lengths()[person]
        assert (np.diff(popularity[row]) <= 0).all()


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), first=st.integers(0, 6), second=st.integers(0, 4))
def test_a_quota_keeps_the_best_of_a_source_and_moves_nothing_else(seed, first, second):
    rng = np.random.default_rng(seed)
    histories = random_histories(seed=seed, n_people=8, n_items=40, longest=20)
    tables = [(distinct_scores(rng, (8, 40)), depth) for depth in (12, 5, 20)]
    popularity = rng.integers(0, 50, 40)
    own = [proposals_of(table, histories, depth) for table, depth in tables]
    quotas = (first, second, 0)
    asked = [
        Proposals(o, depth, weight, quota)
        for o, (_, depth), weight, quota in zip(own, tables, (0.01, 0.01, 1.0), quotas, strict=True)
    ]
    result = fuse(asked, histories, popularity, 10)
    plain = fuse([dataclasses.replace(a, quota=0) for a in asked], histories, popularity, 10)
    wide = fuse(asked, histories, popularity, 40)
    for person in range(8):
        row = result.filtered[person].tolist()
        reserved = {
            item for o, q in zip(own, quotas, strict=True) for item in o.items[person, :q]
        } - {PAD}
        assert reserved <= set(row)
        assert len(set(row)) == 10
        others = [item for item in plain.filtered[person].tolist() if item not in reserved]
        free = [item for item in row if item not in reserved]
        assert free == others[: len(free)]
        masks = dict(zip(wide.filtered[person], wide.source_masks[person], strict=True))
        assert [masks[item] for item in row] == result.source_masks[person].tolist()


def test_people_in_another_order_get_the_same_lists(setting):
    proposals, histories, popularity = setting
    backwards = np.arange(25)[::-1]
    turned = histories_of(
        [histories.seen.row(p).tolist() for p in backwards],
        n_items=40,
    )
    flipped = [(table[backwards], depth) for table, depth in proposals]
    first = fused_of(proposals, histories, popularity, 10)
    second = fused_of(flipped, turned, popularity, 10)
    np.testing.assert_array_equal(first.filtered[backwards], second.filtered)


score_tables = arrays(
    np.float32,
    st.tuples(st.integers(1, 5), st.integers(1, 12)),
    elements=st.one_of(st.integers(-3, 3).map(float), st.just(-np.inf)),
)


@given(score_tables)
@settings(max_examples=40, deadline=None)
def test_ranks_count_the_larger_values_and_the_equal_ones_before(scores):
    ranks = ranks_in_row(scores)
    for row, rank in zip(scores, ranks, strict=True):
        for column, value in enumerate(row):
            larger = (row > value).sum() + (row[:column] == value).sum()
            assert rank[column] == 1 + larger
