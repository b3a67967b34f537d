"""Lists at any stage of the pipeline, and which of them may be compared.

Two stages are alike when their lists have one length and could hold the same items. The history is
what a person met; retrieval proposes what they met as well as what they did not; from ``filtered``
on lists hold only what they did not, unless the fit offers it again. A difference between unlike
stages says nothing of the pipeline, so it gets no mark.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.held_out import is_in_rows, recall_at

__all__ = ["LIST_STAGES", "are_alike", "has_full_history", "retrieval_recall", "stage_lists"]

LIST_STAGES = ("history", "retrieved", "filtered", "ranked")
"""Stages with a list per person before any re-ranking, in order."""

ELIGIBLE = {
    "history": "met",
    "retrieved": "all",
    "filtered": "not met",
    "ranked": "not met",
    "reranked": "not met",
}
"""Stage → which items a person's list of it could hold."""


def are_alike(before: str, after: str, *, again: bool = False) -> bool:
    """Tell whether lists of one length of two stages may be compared.

    ``again``: what was met before is not filtered out, so all but the history may hold anything.
    """
    if again:
        return (before == "history") == (after == "history")
    return ELIGIBLE[before] == ELIGIBLE[after]


def stage_lists(artifacts: Artifacts, stage: str, k: int) -> NDArray[np.int32]:
    """Return everybody's first ``k`` items at a stage.

    Parameters
    ----------
    artifacts : Artifacts
    stage : str
        One of :data:`LIST_STAGES`; of the history, the last ``k`` items, latest first. Lists of
        the stage ``reranked`` come from a scenario, see :func:`engine.reranking.rerank`.
    k : int
        At least 1.

    Returns
    -------
    int32 array of shape (n_users, k)
        Padded with -1.
    """
    if stage == "history":
        return _latest(artifacts, k)
    lists = {
        "retrieved": artifacts.retrieved,
        "filtered": artifacts.filtered,
        "ranked": artifacts.candidates,
    }[stage]
    out = np.full((artifacts.n_users, k), PAD, dtype=np.int32)
    width = min(k, lists.shape[1])
    out[:, :width] = lists[:, :width]
    return out


def _latest(artifacts: Artifacts, k: int) -> NDArray[np.int32]:
    indptr = np.asarray(artifacts.history.indptr)
    place = indptr[1:, None] - 1 - np.arange(k)
    is_there = place >= indptr[:-1, None]
    items = np.asarray(artifacts.history.indices)
    if not len(items):
        return np.full((artifacts.n_users, k), PAD, dtype=np.int32)
    return np.where(is_there, items[np.maximum(place, 0)], PAD).astype(np.int32)


def has_full_history(artifacts: Artifacts, k: int) -> NDArray[np.bool_]:
    """Tell whose history fills a list of ``k``, bool of shape (n_users,)."""
    return artifacts.history.lengths() >= k


def retrieval_recall(artifacts: Artifacts) -> NDArray[np.float64]:
    """Return the share of each person's held-out likes among all of their candidates.

    What retrieval is to be judged by: no order of the candidates finds more.

    Returns
    -------
    float64 array of shape (n_users,)
        NaN where nothing is held out.
    """
    is_hit = is_in_rows(artifacts.filtered, artifacts.holdout, artifacts.n_items)
    return recall_at(artifacts.filtered.shape[1], is_hit, artifacts.holdout.lengths())
