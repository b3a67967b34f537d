"""Everybody's candidates as of one moment, made block by block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.blocks import over_blocks
from engine.pipeline.moment import Moment
from engine.pipeline.ranking.listed import Listed, about
from engine.pipeline.ranking.objective_rankers import NO_OBJECTIVES, ObjectiveStage
from engine.pipeline.ranking.ordering import lean_on_popularity, ordered, ranker_scores
from engine.pipeline.ranking.ranker import Ranker
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.met_again import met_first, with_met
from engine.pipeline.retrieval.popularity import Popularity
from engine.pipeline.retrieval.source import Proposed

__all__ = ["BASELINES", "Served", "serve_everybody"]

BASELINES = {
    "popularity": "",
    "matrix factorisation alone": "als",
    "linear item-item alone": "ease",
}
"""Name for people → source whose score alone orders the catalogue ("" = likes of everybody)."""

HABITS = {"met before, most often first": True, "met before, latest first": False}
"""Name for people of a baseline of its own where items come again → whether counts order it."""

BASELINE_DEPTH = 200

OF_CANDIDATES = ("scores", "source_masks", "features", "objectives")
"""Fields of :class:`Served` that say something of each candidate."""

Tell = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Served:
    """One row per person, in index order; ``n`` candidates each.

    Attributes
    ----------
    retrieved, filtered : int32 arrays of shape (n_people, n)
    candidates : int32 array of shape (n_people, n)
        The same as ``filtered``, in the ranker's order.
    scores : float32 array of shape (n_people, n)
        Falling along each row; 0 where padded.
    source_masks : uint16 array of shape (n_people, n)
        Of ``candidates``.
    features : float32 array of shape (n_people, n, n_features), or None
        Of ``candidates``; None where they would take more than was allowed.
    feature_names : tuple of str
    baselines : dict of str to int32 array of shape (n_people, 200)
        The unseen catalogue in the order of one score alone; all of it where items come again.
    objectives : float32 array of shape (n_people, n, n_objectives)
        Of ``candidates``, from 0 to 1; see
        :meth:`engine.pipeline.ranking.objective_rankers.ObjectiveStage.score`.
    """

    retrieved: NDArray[np.int32]
    filtered: NDArray[np.int32]
    candidates: NDArray[np.int32]
    scores: NDArray[np.float32]
    source_masks: NDArray[np.uint16]
    features: NDArray[np.float32] | None
    feature_names: tuple[str, ...]
    baselines: dict[str, NDArray[np.int32]]
    objectives: NDArray[np.float32]

    def as_filtered(self, people: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Candidates of some people in the fused order, and their features, which must be there."""
        assert self.features is not None
        fused, ranked = self.filtered[people], self.candidates[people]
        places = np.empty(fused.shape, np.int64)
        # both rows hold the same items, so their sorted orders meet
        order = np.argsort(fused, axis=1, kind="stable")
        np.put_along_axis(places, order, np.argsort(ranked, axis=1, kind="stable"), axis=1)
        features = np.take_along_axis(self.features[people], places[:, :, None], axis=1)
        return fused, features


def serve_everybody(
    moment: Moment,
    ranker: Ranker,
    audience: Histories,
    group_codes: NDArray[np.int16],
    *,
    max_feature_bytes: int,
    objectives: ObjectiveStage = NO_OBJECTIVES,
    tell: Tell,
) -> Served:
    """Retrieve, describe and rank block by block; equal scores keep the fused order."""
    n_people, n = audience.n_people, moment.retrieval.n_candidates

    def serve(block: slice) -> Served:
        people = audience.block(block.start, block.stop)
        return serve_block(moment, ranker, people, group_codes[block], objectives)

    first = serve(slice(0, min(n_people, 1)))
    n_bytes = 4 * n_people * n * len(first.feature_names)
    served = _room_for(first, n_people, with_features=n_bytes <= max_feature_bytes)
    over_blocks(lambda block: _put(served, block, serve(block)), n_people, tell)
    return served


def serve_block(
    moment: Moment,
    ranker: Ranker,
    histories: Histories,
    group_codes: NDArray[np.int16],
    objectives: ObjectiveStage = NO_OBJECTIVES,
) -> Served:
    """Retrieve, describe and rank for a block of people."""
    proposed = moment.retrieval.propose(histories)
    fused = moment.retrieval.unite(proposed, histories)
    features, names = moment.features(histories, group_codes, fused.filtered)
    listed = Listed.of(fused.filtered, histories, group_codes)
    scores = ranker_scores(about(ranker, listed), fused.filtered, features)
    prior = moment.prior(group_codes, fused.filtered)
    order, falling = ordered(lean_on_popularity(scores, prior, histories.seen.lengths()))
    aims = objectives.score(moment, histories, listed, features)
    return Served(
        retrieved=fused.retrieved,
        filtered=fused.filtered,
        candidates=np.take_along_axis(fused.filtered, order, axis=1),
        scores=falling,
        source_masks=np.take_along_axis(fused.source_masks, order, axis=1),
        features=np.take_along_axis(features, order[:, :, None], axis=1),
        feature_names=names,
        baselines=_baselines(moment, proposed, histories),
        objectives=np.take_along_axis(aims, order[:, :, None], axis=1),
    )


def _baselines(
    moment: Moment, proposed: dict[str, Proposed], histories: Histories
) -> dict[str, NDArray[np.int32]]:
    """Order the unseen catalogue by one score alone, 200 deep, for each of :data:`BASELINES`.

    Where items come again it is the whole catalogue, and habit is a baseline too:
    :data:`HABITS`.
    """
    popular = Popularity(moment.statistics.liked).propose(histories, BASELINE_DEPTH)
    everything, habits = popular, {}
    if histories.count is not None:
        everything = with_met(popular, histories)
        habits = {
            name: met_first(popular, histories, by_count=by_count)
            for name, by_count in HABITS.items()
        }
    named = {
        name: proposed[source].items if source else everything.items
        for name, source in BASELINES.items()
    }
    return named | habits


def _room_for(part: Served, n_people: int, *, with_features: bool) -> Served:
    def room(array: NDArray[Any]) -> NDArray[Any]:
        return np.empty((n_people, *array.shape[1:]), array.dtype)

    assert part.features is not None
    return Served(
        retrieved=room(part.retrieved),
        filtered=room(part.filtered),
        candidates=room(part.candidates),
        scores=room(part.scores),
        source_masks=room(part.source_masks),
        features=room(part.features) if with_features else None,
        feature_names=part.feature_names,
        baselines={name: room(rows) for name, rows in part.baselines.items()},
        objectives=room(part.objectives),
    )


def _put(served: Served, block: slice, part: Served) -> None:
    for name in (*OF_CANDIDATES, "retrieved", "filtered", "candidates"):
        whole = getattr(served, name)
        if whole is not None:
            whole[block] = getattr(part, name)
    for name, rows in part.baselines.items():
        served.baselines[name][block] = rows
