"""What everybody's history says about each item, apart from any one person."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.amount_features import item_amounts
from engine.pipeline.ranking.context_features import context_lift, where_lift
from engine.pipeline.retrieval.histories import Histories, entry_rows
from engine.pipeline.retrieval.popularity import recent_popularity

__all__ = ["ItemStatistics", "item_statistics"]

PRIOR_LIKES = 20.0
"""A group's share of likes is drawn towards everybody's with the weight of this many likes."""


@dataclass(frozen=True, eq=False)
class ItemStatistics:
    """Per-item columns, all of shape (n_items,) and float32 unless said otherwise.

    Attributes
    ----------
    seen : people with the item in their history.
    liked : people who liked it.
    liked_share : share of those who liked it, drawn towards the mean by ten imagined people.
    recent : likes in the last 30 days.
    rising : recent likes over likes.
    position : mean place, in [0, 1], at which people met it in their sequence.
    log_position : mean log of the number of items that people met before it.
        These four are NaN where the data have no order.
    group_lift : tuple of float32 arrays of shape (n_groups + 1, n_items)
        Per demographic attribute: share of the item among the likes of a group, over its share
        among everybody's. The last row, all 1, is for people whose group is not known (code -1).
    context_lift : float32 array of shape (n_contexts, n_items)
        The same by the moment of a like, see
        :mod:`engine.pipeline.ranking.context_features`; empty where no feature asks for it.
    where_lift : float32 array of shape (n_places, n_items)
        The same by the device or place of a like; empty where none is known or asked for.
    amount : how much more of it people take than of what they take usually, see
        :mod:`engine.pipeline.ranking.amount_features`; empty where no amounts are known.
    met_again : share of the people who met it that met it more than once, drawn towards the mean
        by ten imagined people; empty where items do not come again.
    """

    seen: NDArray[np.float32]
    liked: NDArray[np.float32]
    liked_share: NDArray[np.float32]
    recent: NDArray[np.float32]
    rising: NDArray[np.float32]
    position: NDArray[np.float32]
    log_position: NDArray[np.float32]
    group_lift: tuple[NDArray[np.float32], ...]
    context_lift: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 0), np.float32))
    where_lift: NDArray[np.float32] = field(default_factory=lambda: np.empty((0, 0), np.float32))
    amount: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    met_again: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))

    @property
    def has_order(self) -> bool:
        """Whether anything came before anything."""
        return not np.isnan(self.recent).all()


def item_statistics(
    audience: Histories,
    group_codes: NDArray[np.int16],
    *,
    recent_days: float = 30.0,
    with_contexts: bool = False,
) -> ItemStatistics:
    """Count over ``audience``, O(nnz).

    Parameters
    ----------
    audience : Histories
    group_codes : int16 array of shape (n_people, n_attributes)
        Demographic groups of the same people.
    recent_days : float
    with_contexts : bool
        Count by the moment of a like too.
    """
    rows = entry_rows(audience.seen)
    before = np.arange(len(rows)) - audience.seen.indptr[rows]
    place = before / np.maximum(audience.seen.lengths()[rows] - 1, 1)
    seen = audience.popularity.astype(np.float64)
    liked = np.bincount(audience.liked.indices, minlength=audience.n_items)
    recent = recent_popularity(audience, recent_days)
    mean_share = liked.sum() / max(seen.sum(), 1.0)

    def mean_of(values: NDArray[np.float64], default: float) -> NDArray[np.float32]:
        total = np.bincount(audience.seen.indices, values, minlength=audience.n_items)
        return np.where(seen > 0, total / np.maximum(seen, 1), default).astype(np.float32)

    statistics = ItemStatistics(
        seen=seen.astype(np.float32),
        liked=liked.astype(np.float32),
        liked_share=((liked + 10 * mean_share) / (seen + 10)).astype(np.float32),
        recent=recent,
        rising=((recent + 1) / (liked + 5)).astype(np.float32),
        position=mean_of(place, 0.5),
        log_position=mean_of(np.log1p(before), float(np.log1p(before).mean()) if len(rows) else 0),
        group_lift=tuple(_group_lift(audience, codes) for codes in group_codes.T),
    )
    if audience.count is not None:
        statistics = replace(statistics, met_again=_met_again(audience, seen))
    if audience.amount is not None:
        statistics = replace(statistics, amount=item_amounts(audience))
    if audience.where is not None:
        statistics = replace(statistics, where_lift=where_lift(audience))
    if with_contexts and len(rows):
        statistics = replace(statistics, context_lift=context_lift(audience))
    if audience.has_order or not len(rows):
        return statistics
    never = np.full(audience.n_items, np.nan, np.float32)
    return replace(statistics, recent=never, rising=never, position=never, log_position=never)


def _met_again(audience: Histories, seen: NDArray[np.float64]) -> NDArray[np.float32]:
    assert audience.count is not None
    more = np.bincount(audience.seen.indices, audience.count > 1, audience.n_items)
    mean = more.sum() / max(seen.sum(), 1.0)
    return ((more + 10 * mean) / (seen + 10)).astype(np.float32)


def _group_lift(audience: Histories, codes: NDArray[np.int16]) -> NDArray[np.float32]:
    n_groups, n_items = int(codes.max(initial=0)) + 1, audience.n_items
    cell = codes[entry_rows(audience.liked)].astype(np.int64) * n_items + audience.liked.indices
    counts = np.bincount(cell, minlength=n_groups * n_items).reshape(n_groups, n_items)
    overall = (counts.sum(axis=0) + 0.5) / (counts.sum() + 0.5 * n_items)
    share = (counts + PRIOR_LIKES * overall) / (counts.sum(axis=1, keepdims=True) + PRIOR_LIKES)
    return np.vstack([share / overall, np.ones(n_items)]).astype(np.float32)
