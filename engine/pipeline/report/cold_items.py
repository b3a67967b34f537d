"""How well new items are found: items held back on purpose, with few of their interactions.

Sources and statistics are made anew with all but ``n`` interactions of the items asked about
hidden, for everybody; the ranker is the fit's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged, closed_up
from engine.artifacts import Artifacts
from engine.held_out import is_in_rows, ndcg_at, recall_at
from engine.pipeline.moment import Moment
from engine.pipeline.report.cold_moment import (
    COLD_LENGTHS,
    evenly,
    lists_as_of,
    moment_as_fitted,
)
from engine.pipeline.report.estimates import Estimate, mean_of
from engine.pipeline.retrieval.histories import Histories, entry_rows
from engine.pipeline.retrieval.popularity import Popularity
from engine.pipeline.serving import everybodys_histories

__all__ = ["ColdItems", "cold_items_curve", "items_held_back", "with_few_of"]

LIST_LENGTH, DEPTH = 10, 200
ONE_OF, MOST_ITEMS, MOST_PEOPLE = 10, 200, 400
"""Items held back: one of so many, and at most so many; people asked."""

Told = Callable[[float], None]


@dataclass(frozen=True)
class ColdItems:
    """How items are found of which ``known`` interactions are known; -1 for all of them.

    Attributes
    ----------
    known : int
    n_items : int
        Items held back.
    ndcg, popularity, gain : Estimate
        NDCG@10 of the order among the items held back, by the pipeline and by likes, and the
        difference, over people who later liked one of them. An item that is no candidate comes
        last.
    taste : Estimate
        The same of the order by taste vectors alone, candidates or not: those of items without a
        like are guessed from their content.
    found, popular_found : Estimate
        Recall@200: share of those likes among the candidates, and among the most liked items.
    """

    known: int
    n_items: int
    ndcg: Estimate
    popularity: Estimate
    gain: Estimate
    taste: Estimate
    found: Estimate
    popular_found: Estimate


def items_held_back(artifacts: Artifacts) -> NDArray[np.int64]:
    """Choose items, evenly spaced, that ten people met and somebody later liked.

    Returns
    -------
    int64 array of shape (n,)
        Rising; at most a tenth of the catalogue, so that the others still teach the sources.
    """
    n_later = np.bincount(artifacts.holdout.indices, minlength=artifacts.n_items)
    n_met = np.asarray(artifacts.popularity)
    able = np.flatnonzero((n_met >= max(COLD_LENGTHS)) & (n_later > 0))
    n = min(len(able), artifacts.n_items // ONE_OF, MOST_ITEMS)
    return evenly(able, n)


def cold_items_curve(
    artifacts: Artifacts,
    *,
    lengths: Sequence[int] = COLD_LENGTHS,
    tell: Told = lambda _: None,
) -> tuple[ColdItems, ...]:
    """Measure how items are found against the number of their interactions that are known.

    Parameters
    ----------
    artifacts : Artifacts
    lengths : sequence of int
    tell : callable
        Hears the share done; may raise to stop.

    Returns
    -------
    tuple of ColdItems
        All interactions last; empty where no item can be held back.
    """
    items = items_held_back(artifacts)
    everybody = everybodys_histories(artifacts)
    wanted = _only(artifacts.holdout, items)
    people = np.flatnonzero(wanted.lengths() > 0)
    people = people[:: -(-len(people) // MOST_PEOPLE) or 1]
    points = []
    for number, length in enumerate((*lengths, -1)):
        if not len(items):
            break
        known = everybody if length < 0 else with_few_of(everybody, items, length)
        points.append(_point(artifacts, known, items, people, wanted.take(people), length))
        tell((number + 1) / (len(lengths) + 1))
    return tuple(points)


def with_few_of(histories: Histories, items: NDArray[np.int64], n: int) -> Histories:
    """Hide all but the last ``n`` interactions of some items, from everybody."""
    is_cold = np.zeros(histories.n_items, bool)
    is_cold[items] = True
    item = histories.seen.indices
    order = np.lexsort((-histories.day, item))
    starts = np.searchsorted(item[order], np.arange(histories.n_items))
    back = np.empty(len(item), np.int64)
    back[order] = np.arange(len(item)) - starts[item[order]]
    stays = ~is_cold[item] | (back < n)
    rows = np.bincount(entry_rows(histories.seen)[stays], minlength=histories.n_people)
    indptr = np.concatenate(([0], np.cumsum(rows))).astype(np.int64)
    return histories.of_entries(np.flatnonzero(stays), indptr)


def _only(rows: Ragged, items: NDArray[np.int64]) -> Ragged:
    """Keep some items of every row."""
    is_kept = np.isin(rows.indices, items)
    running = np.concatenate(([0], np.cumsum(is_kept)))
    return Ragged(running[rows.indptr], rows.indices[is_kept])


def _point(
    artifacts: Artifacts,
    known: Histories,
    items: NDArray[np.int64],
    people: NDArray[np.int64],
    wanted: Ragged,
    length: int,
) -> ColdItems:
    moment = moment_as_fitted(artifacts, known, np.arange(artifacts.n_users))
    met = artifacts.history.take(people)
    own = lists_as_of(artifacts, moment, people, known.take(people))
    popular = Popularity(moment.statistics.liked)
    asked = Histories(
        known.n_items, met, np.zeros(len(met.indices), bool), np.zeros(len(met.indices))
    )
    simple = popular.propose(asked, DEPTH).items
    n_wanted = wanted.lengths()
    found, order = [], []
    for rows in (own, simple):
        kept = np.where(is_in_rows(rows, met, known.n_items), PAD, rows)
        found.append(recall_at(DEPTH, is_in_rows(kept, wanted, known.n_items), n_wanted))
        first = _first_of(kept, items)
        order.append(ndcg_at(LIST_LENGTH, is_in_rows(first, wanted, known.n_items), n_wanted))
    return ColdItems(
        length,
        len(items),
        mean_of(order[0]),
        mean_of(order[1]),
        mean_of(order[0] - order[1], bounds=None),
        mean_of(_by_taste(moment, known.take(people), met, items, wanted)),
        mean_of(found[0]),
        mean_of(found[1]),
    )


def _by_taste(
    moment: Moment, known: Histories, met: Ragged, items: NDArray[np.int64], wanted: Ragged
) -> NDArray[np.float64]:
    """NDCG@10 of the items held back, without those met, in the order of taste."""
    scores = moment.als.factors_of(known) @ moment.als.item_factors[items].T
    every = np.tile(items.astype(np.int32), (known.n_people, 1))
    is_met = is_in_rows(every, met, known.n_items)
    order = np.argsort(np.where(is_met, np.inf, -scores), axis=1, kind="stable")[:, :LIST_LENGTH]
    first = np.take_along_axis(np.where(is_met, PAD, every), order, axis=1).astype(np.int32)
    return ndcg_at(LIST_LENGTH, is_in_rows(first, wanted, known.n_items), wanted.lengths())


def _first_of(rows: NDArray[np.int32], items: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the first ten of some items in every row, in their order; padded."""
    return closed_up(rows, ~np.isin(rows, items), LIST_LENGTH)
