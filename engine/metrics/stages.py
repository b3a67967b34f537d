"""Lists at any stage of the pipeline, so that "where does the bias start" is a loop."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD
from engine.artifacts import Artifacts

__all__ = ["LIST_STAGES", "stage_lists"]

LIST_STAGES = ("history", "retrieved", "filtered", "ranked")
"""Stages with a list per person before any re-ranking, in order."""


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
