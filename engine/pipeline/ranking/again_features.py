"""What the ranker is told of a candidate that the person met before, where items come again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

if TYPE_CHECKING:
    from engine.pipeline.ranking.candidate_features import Context
    from engine.pipeline.retrieval.histories import Histories

__all__ = ["again_features"]


def again_features(context: Context) -> dict[str, NDArray[Any]]:
    """How often it was met, how long ago, and how many people meet it more than once.

    ``times met`` is 0 for what is new to the person; the days since the last time are NaN then,
    and are counted from the person's own last moment, so they say nothing of when the list is
    made.
    """
    histories = context.histories
    if histories.count is None:
        return {}
    times = _of_candidates(context, histories.count.astype(np.float64))
    total = np.add.reduceat(
        np.append(histories.count.astype(np.float64), 0.0), histories.seen.indptr[:-1]
    )
    total[histories.seen.lengths() == 0] = 0.0
    features: dict[str, NDArray[Any]] = {
        "times met": times,
        "share of own meetings": times / np.maximum(total, 1.0)[:, None],
        "met again by": context.statistics.met_again[context.columns],
    }
    if context.statistics.has_order:
        last = _last_days(histories)
        ago = np.repeat(last, histories.seen.lengths()) - histories.day
        shifted = _of_candidates(context, ago + 1.0)  # 0 is for what was not met
        features["days since met"] = np.where(shifted > 0, shifted - 1.0, np.nan)
    return features


def _last_days(histories: Histories) -> NDArray[np.float64]:
    """Return everybody's last moment; 0 for those without one."""
    lengths = histories.seen.lengths()
    last = np.zeros(histories.n_people)
    last[lengths > 0] = histories.day[histories.seen.indptr[1:][lengths > 0] - 1]
    return last


def _of_candidates(context: Context, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Look each candidate up in the person's history: its value, or 0."""
    histories = context.histories
    shape = (histories.n_people, histories.n_items)
    seen = histories.seen
    table = sp.csr_matrix((values, seen.indices, seen.indptr), shape=shape)
    people = np.repeat(np.arange(len(context.candidates)), context.candidates.shape[1])
    if not len(people):
        return np.zeros(context.candidates.shape)
    found = np.asarray(table[people, context.columns.ravel()])
    return found.reshape(context.candidates.shape)
