"""Random fitted data for tests of metrics: artifacts in memory, nothing on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from engine.arrays import PAD, Ragged
from engine.artifacts import Artifacts
from engine.objectives import OBJECTIVES

NOW_DAY = 20_000.0


def random_artifacts(
    n_users=40,
    n_items=60,
    *,
    n_candidates=20,
    n_genres=5,
    n_factors=8,
    n_held=4,
    n_disliked=3,
    n_past=12,
    seed=0,
    again=False,
):
    """Invent artifacts: ragged rows, some of them empty, items without genre, date or provider.

    With ``again`` some of what is held out was met before, and everybody may be offered that.
    """
    rng = np.random.default_rng(seed)
    weight = 1.0 / np.arange(1, n_items + 1) ** 0.8
    weight /= weight.sum()
    past, held, disliked, candidates = [], [], [], []
    width = min(n_candidates, n_items)
    for _ in range(n_users):
        rows = rng.choice(n_items, n_items, replace=False, p=weight)
        a = int(rng.integers(0, min(2 * n_past, n_items // 2) + 1))
        b = int(rng.integers(0, 2 * n_held + 1))
        past.append(rows[:a])
        held.append(rows[a : a + b])
        c = int(rng.integers(0, 2 * n_disliked + 1))
        disliked.append(rows[a + b : a + b + c])
        left = rng.permutation(rows[a : a + 2 * width])[:width]
        candidates.append(np.pad(left, (0, width - len(left)), constant_values=PAD))
    candidates = np.array(candidates, dtype=np.int32).reshape(n_users, width)
    if again:
        held = [np.append(old[: len(new) // 2], new) for old, new in zip(past, held, strict=True)]
    done = [np.append(rows[:1], rows[2:4]) for rows in held]  # some of what was liked later
    made = _assemble(rng, candidates, past, held, disliked, n_items, n_genres, n_factors)
    made = replace(
        made,
        manifest=made.manifest | {"metrics": {"objectives": [{"name": n} for n in OBJECTIVES]}},
        objectives=np.zeros((*candidates.shape, len(OBJECTIVES)), np.float32),
        objective_holdout=Ragged.from_rows(
            [rows[::step] for step in (1, 2, 1, 3) for rows in done]
        ),
    )
    return (
        replace(made, history_count=rng.integers(1, 5, len(made.history.indices)))
        if again
        else made
    )


def _assemble(rng, candidates, past, held, disliked, n_items, n_genres, n_factors):
    n_users, width = candidates.shape
    history = Ragged.from_rows(past)
    factors = rng.normal(size=(n_items, n_factors))
    factors /= np.linalg.norm(factors, axis=1, keepdims=True)
    released = rng.integers(5_000, 20_000, n_items).astype(float)
    released[rng.random(n_items) < 0.1] = np.nan
    scores = -np.sort(-rng.normal(size=(n_users, width)).astype(np.float32), axis=1)
    scores[candidates == PAD] = scores.min(initial=0.0)
    attributes = {"gender": ["man", "woman"], "age": ["young", "middle", "old", "nobody"]}
    return Artifacts(
        folder=Path("fit-random"),
        manifest={
            "name": "random",
            "title": "Random",
            "now_day": NOW_DAY,
            "genre_names": [f"genre {g}" for g in range(n_genres)],
            "provider_names": ["Aurora", "Borealis"],
            "attributes": attributes,
        },
        users=pd.DataFrame({"user_id": [f"u{u}" for u in range(n_users)]}),
        items=pd.DataFrame(
            {
                "item_id": [f"i{i}" for i in range(n_items)],
                "title": [f"Title {i}" for i in range(n_items)],
            }
        ),
        candidates=candidates,
        scores=scores,
        source_masks=np.ones(candidates.shape, np.uint16),
        retrieved=np.flip(candidates, axis=1).copy(),
        filtered=candidates.copy(),
        item_factors=factors.astype(np.float32),
        mf_item_factors=factors.astype(np.float32),
        mf_user_factors=rng.normal(size=(n_users, n_factors)).astype(np.float32),
        genre_matrix=rng.random((n_items, n_genres)) < 0.3,
        released_day=released,
        popularity=np.bincount(history.indices, minlength=n_items).astype(np.int32),
        provider_codes=rng.integers(-1, 2, n_items).astype(np.int16),
        user_groups=np.stack(
            [rng.integers(0, 2, n_users), rng.integers(0, 3, n_users)], axis=1
        ).astype(np.int16),
        history=history,
        history_is_liked=rng.random(len(history.indices)) < 0.7,
        holdout=Ragged.from_rows(held),
        later_not_liked=Ragged.from_rows(disliked),
        service=rng.random(n_users).astype(np.float32),
    )


def random_lists(artifacts, k=5, *, seed=0, n_short=3):
    """Draw lists over the whole catalogue; the first ``n_short`` rows are short, row 0 empty."""
    rng = np.random.default_rng(seed)
    lists = np.argsort(rng.random((artifacts.n_users, artifacts.n_items)), axis=1)[:, :k]
    lists = np.pad(lists, ((0, 0), (0, k - lists.shape[1])), constant_values=PAD).astype(np.int32)
    for row in range(min(n_short, artifacts.n_users)):
        lists[row, row:] = PAD
    return lists
