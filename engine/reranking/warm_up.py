"""Compile, or load from the cache, everything that the first slider move would wait for."""

from __future__ import annotations

import numpy as np

from engine.arrays import Ragged
from engine.reranking.audience import Audience
from engine.reranking.kernel.greedy import CHUNK
from engine.reranking.kernel.inputs import frozen
from engine.reranking.kernel.records import ITEM
from engine.reranking.lists import kept_of
from engine.reranking.plan import make_plan
from engine.scenario import Scenario

__all__ = ["warm_up"]


def warm_up() -> None:
    """Run the kernels once on one person with two candidates.

    There is one kernel for all methods, terms and rules, so a call for a few people and one for
    many are enough. To be called in a thread of its own while the first page is shown.
    """
    audience = Audience(
        candidates=frozen([[0, 1]], np.uint32),
        scores=frozen([[1.0, 0.0]], np.float32),
        n_valid=frozen([2], np.int32),
        items=frozen(np.zeros(2, dtype=ITEM), ITEM),
        genre_ids=frozen([], np.uint8),
        factors=frozen(np.eye(2), np.float32),
        genre_matrix=frozen(np.zeros((2, 1)), np.bool_),
        is_long_tail=frozen([False, True], np.bool_),
        popularity=frozen([1, 1], np.int32),
        released_day=frozen([0.0, 0.0], np.float64),
        now_day=0.0,
        user_groups=frozen(np.zeros((1, 0)), np.int16),
        service=frozen([0.5], np.float32),
        history=Ragged.from_rows([[]]),
        genre_names=("",),
        provider_names=(),
        attributes={},
        item_ids=frozen(["0", "1"], np.object_),
        titles=frozen(["", ""], np.object_),
    )
    plan = make_plan(audience, Scenario(k=2, diversity=0.5, calibration=0.1))
    kept_of(audience, plan.run(), None)
    plan.run(np.zeros(CHUNK + 1, dtype=np.int64))
