"""Invented audiences for timing the re-ranking step: the shapes of the targets, nothing fitted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from engine.arrays import Ragged
from engine.artifacts import Artifacts

N_GENRES = 18


def like_a_fit(n_users: int = 6040, n_items: int = 3706, n_candidates: int = 200) -> Artifacts:
    """People and items in a space of tastes; each person's candidates are their best items.

    So the first candidates are like one another, as in a fitted pipeline; at random they would
    not be, and diversity would have little to do.
    """
    rng = np.random.default_rng(0)
    d = 64
    scale = 1 / np.sqrt(1 + np.arange(d))
    people = rng.normal(size=(n_users, d)) * scale
    items = (rng.normal(size=(n_items, d)) * scale + 0.3 * scale[0]).astype(np.float32)
    popularity = rng.zipf(1.6, size=n_items).clip(max=3000)
    quality = 0.15 * np.log(popularity)
    candidates = np.empty((n_users, n_candidates), dtype=np.int32)
    scores = np.empty((n_users, n_candidates), dtype=np.float32)
    for start in range(0, n_users, 500):
        noise = rng.normal(scale=0.3, size=(len(people[start : start + 500]), n_items))
        all_scores = people[start : start + 500] @ items.T + quality + noise
        best = np.argpartition(-all_scores, n_candidates, axis=1)[:, :n_candidates]
        values = np.take_along_axis(all_scores, best, axis=1)
        order = np.argsort(-values, axis=1)
        candidates[start : start + 500] = np.take_along_axis(best, order, axis=1)
        scores[start : start + 500] = np.take_along_axis(values, order, axis=1)
    return _artifacts(rng, candidates, scores, items, popularity)


def large(
    n_users: int = 1_000_000, n_items: int = 100_000, n_candidates: int = 100, n_held: int = 0
) -> Artifacts:
    """Random candidates: only the size matters. About 0.8 GB.

    Of the ``n_held`` likes that are held out of each person, one is among the first candidates.
    """
    rng = np.random.default_rng(0)
    candidates = np.empty((n_users, n_candidates), dtype=np.int32)
    scores = np.empty((n_users, n_candidates), dtype=np.float32)
    for start in range(0, n_users, 50_000):
        rows = slice(start, min(start + 50_000, n_users))
        n = rows.stop - rows.start
        # A random start and a step that shares no factor with n_items: no item twice in a row.
        first, step = rng.integers(0, n_items, (n, 1)), 2 * rng.integers(0, n_items // 20, (n, 1))
        step = step * 5 + 3
        candidates[rows] = (first + step * np.arange(n_candidates)) % n_items
        scores[rows] = -np.cumsum(
            rng.exponential(size=(n, n_candidates)).astype(np.float32), axis=1
        )
    factors = rng.normal(size=(n_items, 64)).astype(np.float32)
    popularity = rng.zipf(1.6, size=n_items).clip(max=100_000)
    held = rng.integers(0, n_items, (n_users, n_held)).astype(np.int32)
    if n_held:
        held[:, 0] = candidates[np.arange(n_users), rng.integers(0, 20, n_users)]
    return _artifacts(rng, candidates, scores, factors, popularity, held)


def _artifacts(
    rng: np.random.Generator,
    candidates: np.ndarray,
    scores: np.ndarray,
    factors: np.ndarray,
    popularity: np.ndarray,
    held: np.ndarray | None = None,
) -> Artifacts:
    n_users, n_items = len(candidates), len(factors)
    factors = factors / np.linalg.norm(factors, axis=1, keepdims=True)
    nothing = np.zeros((n_users, 0), dtype=np.int32)
    held = nothing if held is None else held
    history = np.arange(0, 10 * n_users + 1, 10)
    return Artifacts(
        folder=Path("fit-benchmark"),
        manifest={
            "now_day": 10_000.0,
            "genre_names": [f"genre {g}" for g in range(N_GENRES)],
            "provider_names": [],
            "attributes": {"group": ["a", "b"]},
        },
        users=pd.DataFrame({"user_id": np.arange(n_users).astype(str)}),
        items=pd.DataFrame(
            {"item_id": np.arange(n_items).astype(str), "title": np.arange(n_items).astype(str)}
        ),
        candidates=candidates,
        scores=scores,
        source_masks=np.zeros((n_users, 0), dtype=np.uint16),
        retrieved=nothing,
        filtered=nothing,
        item_factors=factors.astype(np.float32),
        mf_item_factors=np.zeros((n_items, 0), dtype=np.float32),
        mf_user_factors=np.zeros((n_users, 0), dtype=np.float32),
        genre_matrix=rng.random((n_items, N_GENRES)) < 2.0 / N_GENRES,
        released_day=rng.integers(0, 10_000, n_items).astype(float),
        popularity=popularity.astype(np.int32),
        provider_codes=np.full(n_items, -1, dtype=np.int16),
        user_groups=rng.integers(0, 2, (n_users, 1)).astype(np.int16),
        history=Ragged(history, rng.integers(0, n_items, history[-1]).astype(np.int32)),
        history_is_liked=np.ones(history[-1], dtype=bool),
        holdout=Ragged(np.arange(n_users + 1) * held.shape[1], held.ravel()),
        later_not_liked=Ragged(np.zeros(n_users + 1, np.int64), np.empty(0, np.int32)),
        service=rng.random(n_users).astype(np.float32),
    )
