"""What was met before competes with what was not, in every source, by its own score."""

from __future__ import annotations

import numpy as np
import pytest

from engine.arrays import PAD, Ragged
from engine.pipeline.retrieval.fusion import Proposals, fuse
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.met_again import MetAgain, met_first, with_met
from engine.pipeline.retrieval.popularity import Popularity
from engine.pipeline.retrieval.source import Proposed

N_ITEMS = 12


def histories_of(rows, counts):
    lengths = [len(row) for row in rows]
    seen = Ragged.from_rows(rows)
    n = sum(lengths)
    return Histories(
        N_ITEMS, seen, np.ones(n, bool), np.arange(n, dtype=float), np.array(counts, np.int32)
    )


def test_the_most_often_met_come_first_and_the_later_first_among_equals():
    histories = histories_of([[3, 5, 7], [1]], [2, 1, 2, 4])
    often = MetAgain(by_count=True).propose(histories, 5)
    assert (often.items == PAD).all()
    assert with_met(often, histories).items.tolist() == [[7, 3, 5, -1, -1], [1, -1, -1, -1, -1]]
    lately = with_met(MetAgain(by_count=False).propose(histories, 5), histories)
    assert lately.items.tolist() == [[7, 5, 3, -1, -1], [1, -1, -1, -1, -1]]
    rows = Ragged(np.array([0, 2, 4]), np.array([5, 0, 1, PAD], np.int32))
    assert np.floor(MetAgain(by_count=True).score(histories, rows)).tolist() == [1, 0, 4, 0]


def test_a_habit_is_filled_up_by_what_is_popular():
    histories = histories_of([[3, 5], []], [1, 2])
    popular = Popularity(np.arange(N_ITEMS, 0, -1).astype(np.float32)).propose(histories, 6)
    assert met_first(popular, histories, by_count=True)[:, :4].tolist() == [
        [5, 3, 0, 1],
        [0, 1, 2, 3],
    ]


def test_merging_is_a_sort_of_everything():
    rng = np.random.default_rng(2)
    rows = [rng.permutation(N_ITEMS)[: rng.integers(0, 6)].tolist() for _ in range(30)]
    histories = histories_of(rows, np.ones(sum(map(len, rows)), int))
    table = rng.integers(0, 4, (30, N_ITEMS)).astype(np.float32)  # many ties, many noughts
    items, scores = np.full((30, 5), PAD, np.int32), np.zeros((30, 5), np.float32)
    for person, seen in enumerate(rows):
        order = [i for i in np.lexsort((np.arange(N_ITEMS), -table[person]))
                 if i not in seen and table[person, i] > 0][:5]  # fmt: skip
        items[person, : len(order)], scores[person, : len(order)] = order, table[person, order]
    of_seen = np.concatenate([table[p, row] for p, row in enumerate(rows)]).astype(np.float32)
    merged = with_met(Proposed(items, scores, of_seen), histories)
    for person in range(30):
        order = [
            i for i in np.lexsort((np.arange(N_ITEMS), -table[person])) if table[person, i] > 0
        ]
        wanted = (order + [PAD] * 5)[:5]
        assert merged.items[person].tolist() == wanted


def test_nothing_that_was_met_is_left_out_of_the_union():
    histories = histories_of([[3, 5, 7]], [2, 1, 2])
    base = MetAgain(by_count=True).propose(histories, N_ITEMS)
    proposals = [Proposals(with_met(base, histories), N_ITEMS)]
    fused = fuse(proposals, histories.forgotten(), np.arange(N_ITEMS)[::-1].copy(), N_ITEMS)
    np.testing.assert_array_equal(fused.filtered, fused.retrieved)
    assert fused.filtered[0, :3].tolist() == [7, 3, 5]
    assert sorted(fused.filtered[0]) == list(range(N_ITEMS))
    assert fused.source_masks[0].tolist() == [1, 1, 1] + [0] * 9


@pytest.mark.parametrize("part", ["take", "block", "forgotten"])
def test_counts_go_with_their_entries(part):
    histories = histories_of([[3, 5, 7], [1], [2, 4]], [2, 1, 2, 4, 9, 8])
    if part == "take":
        assert histories.take(np.array([2, 0])).count.tolist() == [9, 8, 2, 1, 2]
    elif part == "block":
        assert histories.block(1, 3).count.tolist() == [4, 9, 8]
    else:
        assert histories.forgotten().seen.lengths().tolist() == [0, 0, 0]
