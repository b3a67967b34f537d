"""What the ranker is told of a candidate that the person met before, where items come again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.context_features import last_days

if TYPE_CHECKING:
    from engine.pipeline.ranking.candidate_features import Context

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
        last, _ = last_days(histories)
        ago = np.repeat(last, histories.seen.lengths()) - histories.day
        shifted = _of_candidates(context, ago + 1.0)  # 0 is for what was not met
        features["days since met"] = np.where(shifted > 0, shifted - 1.0, np.nan)
    return features


def _of_candidates(context: Context, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Look each candidate up in the person's history: its value, or 0."""
    people = np.repeat(np.arange(len(context.candidates)), context.candidates.shape[1])
    found = context.histories.looked_up(values, people, context.columns.ravel())
    return found.reshape(context.candidates.shape)
