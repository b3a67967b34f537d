"""Which candidates the second stage looked at when it placed one, and what each of them changed.

Attention says where a model looked, not what moved it; so beside it stands what the candidate's
score would have been without each of the others in the list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import ArtifactError
from engine.pipeline.second.stage import ListSet
from engine.pipeline.second.staged import Staged
from engine.pipeline.serving import serving_of

__all__ = ["Influence", "has_influence", "influence"]


@dataclass(frozen=True, eq=False)
class Influence:
    """How the others of a person's list bear on one candidate.

    Attributes
    ----------
    items : int32 array of shape (n,)
        The list that the second stage saw, in the first ranker's order, without the candidate.
    attention : float64 array of shape (n,)
        Share of the candidate's attention on each, in [0, 1]; with ``own`` they sum to 1. NaN
        where the second stage does not look.
    own : float
        Share on itself.
    change : float64 array of shape (n,)
        What each adds to the candidate's score against the mean of the list, in units of the log
        of a chance: the score as it is less the score without that one.
    rank_before : int
        Place of the candidate in the first ranker's order, from 1.
    rank_after : int
        Place by both stages together.
    """

    items: NDArray[np.int32]
    attention: NDArray[np.float64]
    own: float
    change: NDArray[np.float64]
    rank_before: int
    rank_after: int


def has_influence(artifacts: Artifacts) -> bool:
    """Whether a second stage stands behind the ranker, and what it looked at was kept."""
    return bool(artifacts.manifest["recipe"].get("second")) and artifacts.features is not None


def influence(artifacts: Artifacts, user: int, item: int) -> Influence | None:
    """Ask the second stage about one candidate; O(n) lists of ``n``.

    Parameters
    ----------
    artifacts : Artifacts
    user, item : int

    Returns
    -------
    Influence or None
        None where the second stage did not see the item: it is no candidate, or the first ranker
        put it further down than the lists that the second stage orders.

    Raises
    ------
    ArtifactError
        The fit has no second stage, or kept no features.
    """
    ranker = serving_of(artifacts).ranker
    if not isinstance(ranker, Staged) or artifacts.features is None:
        raise ArtifactError(
            f"The fit in {artifacts.folder} has no second stage that could be asked what it "
            "looked at: fit with --second prm."
        )
    candidates = np.asarray(artifacts.candidates[user])
    features = np.asarray(artifacts.features[user])[None]
    lists, places, _ = ranker.lists(features, (candidates >= 0)[None])
    listed = candidates[places[0]]
    found = np.flatnonzero((listed == item) & lists.is_candidate[0])
    if not len(found):
        return None
    at = int(found[0])
    scores = ranker.second.score(lists)[0]
    is_other = lists.is_candidate[0] & (np.arange(len(listed)) != at)
    attention = ranker.second.attention(lists)
    looked = np.full(len(listed), np.nan) if attention is None else attention[0, at]
    both = ranker.listed(lists)[0]
    better = lists.is_candidate[0] & (both > both[at])
    return Influence(
        items=listed[is_other],
        attention=looked[is_other].astype(np.float64),
        own=float(looked[at]),
        change=_changes(ranker, lists, scores, at)[is_other],
        rank_before=at + 1,
        rank_after=int(better.sum()) + 1,
    )


def _changes(
    ranker: Staged, lists: ListSet, scores: NDArray[np.float32], at: int
) -> NDArray[np.float64]:
    """Score the list once without each of its candidates; padding changes nothing."""
    n = len(scores)
    is_there = np.tile(lists.is_candidate[0], (n, 1))
    is_there[np.arange(n), np.arange(n)] = False
    is_there[:, at] = True
    without = ListSet(
        np.repeat(lists.features, n, axis=0), np.repeat(lists.scores, n, axis=0), is_there
    )
    found = ranker.second.score(without).astype(np.float64)
    before = np.broadcast_to(scores.astype(np.float64), found.shape)
    return _against_mean(before, is_there)[:, at] - _against_mean(found, is_there)[:, at]


def _against_mean(scores: NDArray[np.float64], is_there: NDArray[np.bool_]) -> NDArray[np.float64]:
    n = np.maximum(is_there.sum(axis=1, keepdims=True), 1)
    return scores - np.where(is_there, scores, 0.0).sum(axis=1, keepdims=True) / n
