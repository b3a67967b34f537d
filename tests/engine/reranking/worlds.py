"""Small invented audiences for the re-ranking tests, without a fit or a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from engine.arrays import PAD, Ragged
from engine.artifacts import Artifacts
from engine.objectives import OBJECTIVES

GENRES = ("Action", "Comedy", "Drama", "Horror", "Western")
PROVIDERS = ("Acme", "Bolt", "Core")


def make_world(
    seed: int = 0,
    n_users: int = 12,
    n_candidates: int = 20,
    n_items: int = 40,
    *,
    is_dyadic: bool = False,
    short_rows: bool = False,
) -> Artifacts:
    """An audience drawn at random, with ties in scores, items without genres or provider.

    ``is_dyadic`` makes every score, weight and likeness a multiple of a power of two, so that
    float32 and float64 agree exactly and ties are ties in both.
    """
    rng = np.random.default_rng(seed)
    candidates = np.stack([rng.permutation(n_items)[:n_candidates] for _ in range(n_users)])
    # Multiples of 1/16 from 0 to 4: many ties, and the range of most rows is a power of two.
    scores = rng.integers(0, 65, size=(n_users, n_candidates)) / 16
    if not is_dyadic:
        scores = scores + rng.normal(scale=0.5, size=scores.shape) * (
            rng.random(scores.shape) < 0.7
        )
    scores = -np.sort(-scores, axis=1)
    if is_dyadic:
        scores[:, 0], scores[:, -1] = 4.0, 0.0
    if short_rows:
        for user in range(n_users):
            n = rng.integers(0, n_candidates + 1)
            candidates[user, n:], scores[user, n:] = PAD, 0.0
    genres = rng.random((n_items, len(GENRES))) < 0.35
    genres[: len(GENRES)] = np.eye(len(GENRES), dtype=bool)  # every genre has an item
    if is_dyadic:  # one, two or four genres: shares of 1, 1/2, 1/4
        genres[genres.sum(axis=1) == 3, 0] ^= True
        genres[genres.sum(axis=1) == 3] = False
        genres[genres.sum(axis=1) == 5, 0] = False
    lengths = 2 ** rng.integers(0, 4, n_users) if is_dyadic else rng.integers(0, 9, n_users)
    known = np.flatnonzero(genres.any(axis=1)) if is_dyadic else np.arange(n_items)
    histories = [rng.permutation(known)[:length] for length in lengths]
    return Artifacts(
        folder=Path("fit-invented"),
        manifest={
            "now_day": 10_000.0,
            "genre_names": list(GENRES),
            "provider_names": list(PROVIDERS),
            "attributes": {"gender": ["woman", "man"], "region": ["north", "south", "east"]},
            "metrics": {"objectives": [{"name": name} for name in OBJECTIVES]},
        },
        users=pd.DataFrame({"user_id": [f"u{i}" for i in range(n_users)]}),
        items=pd.DataFrame(
            {
                "item_id": [f"i{i}" for i in range(n_items)],
                "title": [f"Title {i}" for i in range(n_items)],
            }
        ),
        candidates=candidates.astype(np.int32),
        scores=scores.astype(np.float32),
        source_masks=np.ones(candidates.shape, dtype=np.uint16),
        retrieved=candidates.astype(np.int32),
        filtered=candidates.astype(np.int32),
        item_factors=_factors(rng, n_items, is_dyadic),
        mf_item_factors=np.zeros((n_items, 2), dtype=np.float32),
        mf_user_factors=np.zeros((n_users, 2), dtype=np.float32),
        genre_matrix=genres,
        released_day=np.where(
            rng.random(n_items) < 0.1, np.nan, rng.integers(0, 10_200, n_items).astype(float)
        ),
        popularity=rng.integers(0, 500, n_items).astype(np.int32),
        provider_codes=np.r_[:3, rng.integers(-1, len(PROVIDERS), n_items - 3)].astype(np.int16),
        user_groups=np.stack(
            [rng.integers(0, 2, n_users), rng.integers(0, 3, n_users)], axis=1
        ).astype(np.int16),
        history=Ragged.from_rows(histories),
        history_is_liked=np.ones(sum(map(len, histories)), dtype=bool),
        holdout=Ragged.from_rows([[] for _ in range(n_users)]),
        later_not_liked=Ragged.from_rows([[] for _ in range(n_users)]),
        service=np.where(rng.random(n_users) < 0.1, np.nan, rng.random(n_users)).astype(np.float32),
        objectives=_objectives(np.random.default_rng((seed, 9)), candidates, is_dyadic),
    )


def _objectives(rng: np.random.Generator, candidates: np.ndarray, is_dyadic: bool) -> np.ndarray:
    shape = (*candidates.shape, len(OBJECTIVES))
    scores = rng.integers(0, 17, shape) / 16 if is_dyadic else rng.random(shape)
    return np.where(candidates[:, :, None] == PAD, 0.0, scores).astype(np.float32)


def _factors(rng: np.random.Generator, n_items: int, is_dyadic: bool) -> np.ndarray:
    if is_dyadic:  # four entries of ±1/2 among eight: unit length, products in quarters
        factors = np.zeros((n_items, 8))
        for item in range(n_items):
            factors[item, rng.permutation(8)[:4]] = rng.choice([-0.5, 0.5], size=4)
        return factors.astype(np.float32)
    factors = rng.normal(size=(n_items, 6))
    factors[rng.random(n_items) < 0.15] = factors[0]  # the same taste exactly
    factors /= np.linalg.norm(factors, axis=1, keepdims=True)
    factors[1] = 0.0  # an item that nobody ever met
    return factors.astype(np.float32)


def permuted(world: Artifacts, order: np.ndarray) -> Artifacts:
    """The same audience with its people in another order."""
    liked = np.split(world.history_is_liked, world.history.indptr[1:-1])
    return replace(
        world,
        users=world.users.iloc[order].reset_index(drop=True),
        candidates=world.candidates[order],
        scores=world.scores[order],
        objectives=world.objectives[order],
        source_masks=world.source_masks[order],
        retrieved=world.retrieved[order],
        filtered=world.filtered[order],
        mf_user_factors=world.mf_user_factors[order],
        user_groups=world.user_groups[order],
        history=Ragged.from_rows([world.history.row(user) for user in order]),
        history_is_liked=np.concatenate([liked[user] for user in order]),
        holdout=Ragged.from_rows([world.holdout.row(user) for user in order]),
        later_not_liked=Ragged.from_rows([world.later_not_liked.row(user) for user in order]),
        service=world.service[order],
    )
