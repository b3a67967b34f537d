"""Everybody's candidates and features as of one moment, made block by block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.ranking.moment import Described, Moment, blocks
from engine.ranking.ordering import lean_on_popularity, ordered, ranker_scores
from engine.ranking.ranker import Ranker
from engine.retrieval.histories import Histories, entry_rows
from engine.retrieval.top_n import top_n

__all__ = ["BASELINES", "Lists", "baseline_lists", "make_lists", "rank_lists"]

BASELINES = {
    "popularity": "",
    "matrix factorisation alone": "als",
    "linear item-item alone": "ease",
}
"""Name for people → source whose score alone orders the catalogue ("" = likes of everybody)."""

BASELINE_DEPTH = 200


@dataclass(frozen=True, eq=False)
class Lists:
    """One row per person, in index order; ``n`` candidates each.

    Attributes
    ----------
    retrieved, filtered : int32 arrays of shape (n_people, n)
    source_masks : uint16 array of shape (n_people, n)
    features : float32 array of shape (n_people, n, n_features)
    feature_names : tuple of str
    baselines : dict of str to int32 array of shape (n_people, 200)
        The unseen catalogue in the order of one score alone; empty where not asked for.
    """

    retrieved: NDArray[np.int32]
    filtered: NDArray[np.int32]
    source_masks: NDArray[np.uint16]
    features: NDArray[np.float32]
    feature_names: tuple[str, ...]
    baselines: dict[str, NDArray[np.int32]]


def make_lists(
    moment: Moment,
    audience: Histories,
    group_codes: NDArray[np.int16],
    *,
    with_baselines: bool,
    tell: Callable[[float], None],
) -> Lists:
    """Describe everybody; ``tell`` hears the share of people done."""
    blocks_done: list[Lists] = []
    for block in blocks(audience.n_people, audience.n_items):
        histories = audience.block(block.start, block.stop)
        described = moment.describe(histories, group_codes[block])
        baselines = baseline_lists(moment, described, histories) if with_baselines else {}
        blocks_done.append(
            Lists(
                described.fused.retrieved,
                described.fused.filtered,
                described.fused.source_masks,
                described.features,
                described.feature_names,
                baselines,
            )
        )
        tell(block.stop / audience.n_people)
    return _joined(blocks_done)


def _joined(parts: list[Lists]) -> Lists:
    return Lists(
        retrieved=np.concatenate([part.retrieved for part in parts]),
        filtered=np.concatenate([part.filtered for part in parts]),
        source_masks=np.concatenate([part.source_masks for part in parts]),
        features=np.concatenate([part.features for part in parts]),
        feature_names=parts[0].feature_names,
        baselines={
            name: np.concatenate([part.baselines[name] for part in parts])
            for name in parts[0].baselines
        },
    )


def baseline_lists(
    moment: Moment, described: Described, histories: Histories
) -> dict[str, NDArray[np.int32]]:
    """Order the unseen catalogue by one score alone, 200 deep, for each of :data:`BASELINES`."""
    rows, items = entry_rows(histories.seen), histories.seen.indices
    lists = {}
    for name, source in BASELINES.items():
        if source:
            unseen = described.scores[source].copy()
        else:
            unseen = np.tile(moment.statistics.liked, (histories.n_people, 1))
        unseen[rows, items] = -np.inf
        lists[name] = top_n(unseen, BASELINE_DEPTH)
    return lists


def rank_lists(
    ranker: Ranker,
    lists: Lists,
    likes_of_items: NDArray[np.float32],
    n_seen: NDArray[np.int64],
    *,
    tell: Callable[[float], None],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Order each person's candidates, best first; equal scores keep the fused order.

    Returns
    -------
    order : int64 array of shape (n_people, n)
        Places in ``lists.filtered``.
    scores : float32 array of shape (n_people, n)
        In that order; 0 where padded.
    """
    n_people, n = lists.filtered.shape
    scores = np.empty((n_people, n), np.float32)
    for block in blocks(n_people, 20 * n):
        scores[block] = ranker_scores(ranker, lists.filtered[block], lists.features[block])
        tell(block.stop / n_people)
    popularity = likes_of_items[np.maximum(lists.filtered, 0)]
    return ordered(lean_on_popularity(scores, popularity, n_seen))
