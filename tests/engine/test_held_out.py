import numpy as np
from sklearn.metrics import ndcg_score

from engine.arrays import PAD, Ragged
from engine.held_out import is_in_rows, ndcg_at, quality_of, recall_at


def test_membership_against_sets():
    rng = np.random.default_rng(0)
    lists = rng.integers(-1, 9, (30, 7)).astype(np.int32)
    rows = Ragged.from_rows([rng.integers(0, 9, rng.integers(0, 5)) for _ in range(30)])
    found = is_in_rows(lists, rows, 9)
    for person in range(30):
        held_out = set(rows.row(person).tolist())
        assert found[person].tolist() == [i != PAD and i in held_out for i in lists[person]]


def test_ndcg_agrees_with_scikit_learn_on_whole_catalogues():
    rng = np.random.default_rng(1)
    order = np.array([rng.permutation(15) for _ in range(20)], np.int32)
    rows = Ragged.from_rows([rng.choice(15, 4, replace=False) for _ in range(20)])
    ours = ndcg_at(10, is_in_rows(order, rows, 15), rows.lengths())
    for person in range(20):
        relevant = np.isin(np.arange(15), rows.row(person)).astype(float)
        score = np.empty(15)
        score[order[person]] = -np.arange(15)
        np.testing.assert_allclose(ours[person], ndcg_score([relevant], [score], k=10))


def test_by_hand_with_short_lists_and_nothing_held_out():
    lists = np.array([[3, 1, PAD], [0, 1, 2], [2, 0, 1]], np.int32)
    rows = Ragged.from_rows([[1, 5], [], [2]])
    hits = is_in_rows(lists, rows, 6)
    ndcg = ndcg_at(10, hits, rows.lengths())
    np.testing.assert_allclose(ndcg[0], (1 / np.log2(3)) / (1 + 1 / np.log2(3)))
    assert np.isnan(ndcg[1])
    assert ndcg[2] == 1
    recall = recall_at(200, hits, rows.lengths())
    assert recall[0] == 1 / 2
    assert np.isnan(recall[1])
    assert quality_of(lists, rows, 6)["n"] == 2
    assert quality_of(lists, rows, 6)["recall_at_200"] == (1 / 2 + 1) / 2


def test_with_nothing_held_out_at_all_the_quality_is_undefined():
    quality = quality_of(np.zeros((2, 3), np.int32), Ragged.from_rows([[], []]), 3)
    assert quality["n"] == 0
    assert np.isnan(quality["ndcg_at_10"])
