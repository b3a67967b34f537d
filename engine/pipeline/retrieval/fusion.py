"""The union of several sources' proposals, in one order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import read_only
from engine.pipeline.kernels.fusion import fuse_people
from engine.pipeline.kernels.quotas import keep_quotas
from engine.pipeline.retrieval.histories import Histories
from engine.pipeline.retrieval.links import rows_of
from engine.pipeline.retrieval.source import Proposed
from engine.threads import over_rows

__all__ = ["Fused", "Proposals", "fuse"]

RRF_CONSTANT = 60.0
"""Cormack, Clarke and Büttcher, "Reciprocal rank fusion", SIGIR 2009: their constant."""

FILL_SCALE = 1e-7
"""Fused score of the most popular item that no source proposed: far below any proposed one's, and
too small to part two of them unless their fused scores are equal."""


@dataclass(frozen=True, eq=False)
class Proposals:
    """What one source proposes to a batch of people, and how it counts.

    It is read ``depth`` deep; its first ``quota`` are candidates in any case.
    """

    proposed: Proposed
    depth: int
    weight: float = 1.0
    quota: int = 0


@dataclass(frozen=True, eq=False)
class Fused:
    """The union for a batch of people.

    Attributes
    ----------
    retrieved : int32 array of shape (n_people, n)
        Fused order, items already seen still in.
    filtered : int32 array of shape (n_people, n)
        The same order without them: the candidates.
    source_masks : uint16 array of shape (n_people, n)
        For ``filtered``: bit ``b`` is set where source ``b`` proposed the item; 0 where none did
        and the item fills up a short row by its popularity.
    """

    retrieved: NDArray[np.int32]
    filtered: NDArray[np.int32]
    source_masks: NDArray[np.uint16]


def fuse(
    proposals: Sequence[Proposals],
    histories: Histories,
    popularity: NDArray[np.int64],
    n: int,
    is_out: NDArray[np.bool_] | None = None,
) -> Fused:
    """Unite the best unseen items of every source by reciprocal rank.

    An item's fused score is the sum of ``weight / (60 + rank)`` over the sources that propose it
    among their first ``depth``. An item already seen takes, in each source, the rank that it would
    have if it alone were not seen, so taking the seen ones out changes nobody else's place. Rows
    that stay short are filled by popularity. O(n_sources · depth · log n) per person.

    Parameters
    ----------
    proposals : sequence of Proposals
        One per source, at most 16.
    histories : Histories
        Of the same people.
    popularity : array of shape (n_items,)
        Order of the fillers.
    n : int
        Width of the result.
    is_out : bool array of shape (n_items,), optional
        Items that a filter takes out: retrieved, and no candidates of anybody.
    """
    n_people, n_items = histories.n_people, histories.n_items
    shape = (n_people, min(n, n_items))
    retrieved, filtered = np.full(shape, -1, np.int32), np.full(shape, -1, np.int32)
    masks = np.zeros(shape, np.uint16)
    proposed = _stacked(proposals, histories)
    depths = np.array([min(p.depth, proposed[0].shape[2]) for p in proposals], np.int64)
    settings = (np.array([p.weight for p in proposals], np.float64), depths, RRF_CONSTANT)
    fill = FILL_SCALE * (1.0 + popularity) / (1.0 + popularity.max(initial=0.0))
    fill = read_only(fill.astype(np.float32))
    is_out = np.zeros(n_items, bool) if is_out is None else is_out
    popular = (np.argsort(-fill, kind="stable"), fill, read_only(is_out))
    seen = rows_of(histories.seen)
    over_rows(
        lambda start, stop: fuse_people(
            proposed, settings, seen, popular, start, stop, retrieved, filtered, masks
        ),
        n_people,
    )
    quotas = np.minimum(np.array([p.quota for p in proposals], np.int64), depths)
    if quotas.any():
        staying = np.where(is_out[np.maximum(proposed[0], 0)], np.int32(-1), proposed[0])
        _keep(staying, depths, quotas, n_items, filtered, masks)
        _keep(proposed[0], depths, quotas, n_items, retrieved, np.zeros_like(masks))
    return Fused(retrieved, filtered, masks)


def _keep(
    items: NDArray[np.int32],
    depths: NDArray[np.int64],
    quotas: NDArray[np.int64],
    n_items: int,
    rows: NDArray[np.int32],
    masks: NDArray[np.uint16],
) -> None:
    over_rows(
        lambda start, stop: keep_quotas(items, depths, quotas, n_items, start, stop, rows, masks),
        len(rows),
    )


def _stacked(
    proposals: Sequence[Proposals], histories: Histories
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
    """Lay the sources' proposals out as one array each; narrower ones are padded."""
    width = max((p.proposed.items.shape[1] for p in proposals), default=0)
    shape = (len(proposals), histories.n_people, width)
    items, scores = np.full(shape, -1, np.int32), np.zeros(shape, np.float32)
    of_seen = np.zeros((len(proposals), len(histories.seen.indices)), np.float32)
    for place, source in enumerate(proposals):
        own = source.proposed.items.shape[1]
        items[place, :, :own] = source.proposed.items
        scores[place, :, :own] = source.proposed.scores
        of_seen[place] = source.proposed.of_seen
    return items, scores, of_seen
