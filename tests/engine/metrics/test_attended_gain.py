"""Hits weighed by attention: against a loop, and against scikit-learn's NDCG."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from engine.arrays import PAD, Ragged
from engine.metrics.attended_gain import attended_gain, hits
from engine.metrics.rank_weights import ATTENTION_MODELS, attention_weights

N_USERS, N_ITEMS, K = 60, 40, 8


def lists_and_holdout(seed: int) -> tuple[np.ndarray, Ragged]:
    rng = np.random.default_rng(seed)
    items = np.stack([rng.permutation(N_ITEMS)[:K] for _ in range(N_USERS)]).astype(np.int32)
    items[rng.random(N_USERS) < 0.2, K - 2 :] = PAD
    rows = [rng.permutation(N_ITEMS)[: rng.integers(0, 12)] for _ in range(N_USERS)]
    return items, Ragged.from_rows(rows)


def test_with_logarithmic_attention_it_is_scikit_learns_ndcg():
    items, holdout = lists_and_holdout(0)
    found = attended_gain(items, holdout, "log")
    for user in range(N_USERS):
        liked = holdout.row(user)
        if len(liked) == 0:
            assert np.isnan(found[user])
            continue
        truth, score = np.zeros(N_ITEMS), np.zeros(N_ITEMS)
        truth[liked] = 1
        shown = items[user][items[user] != PAD]
        score[shown] = np.arange(len(shown), 0, -1)
        # scikit-learn averages over ties, so what is not shown gets no gain by being cut off.
        expected = ndcg_score([truth], [score], k=len(shown), ignore_ties=True)
        ideal_k = 1 / np.log2(np.arange(2, min(len(liked), K) + 2))
        ideal_shown = 1 / np.log2(np.arange(2, min(len(liked), len(shown)) + 2))
        assert found[user] == pytest.approx(expected * ideal_shown.sum() / ideal_k.sum())


@pytest.mark.parametrize("model", ATTENTION_MODELS)
def test_it_is_its_formula_read_aloud(model: str):
    items, holdout = lists_and_holdout(1)
    weights = attention_weights(model, K)
    found = attended_gain(items, holdout, model)
    for user in range(N_USERS):
        liked = set(holdout.row(user).tolist())
        gained = sum(weights[j] for j, item in enumerate(items[user]) if int(item) in liked)
        ideal = sum(weights[j] for j in range(min(len(liked), K)))
        assert found[user] == pytest.approx(gained / ideal if liked else np.nan, nan_ok=True)


def test_nothing_held_out_and_empty_lists_hit_nothing():
    nobody = Ragged.from_rows([[], []])
    lists = np.array([[1, 2], [PAD, PAD]])
    assert not hits(lists, nobody).any()
    assert np.isnan(attended_gain(lists, nobody, "log")).all()
    liked = Ragged.from_rows([[2], [0]])
    assert hits(lists, liked).tolist() == [[False, True], [False, False]]
    assert attended_gain(lists, liked, "log")[1] == 0
