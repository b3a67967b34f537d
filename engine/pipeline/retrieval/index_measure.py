"""Whether an index over factors is worth it: its recall and its speed, against the exact search."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.pipeline.retrieval.factor_search import exact_best
from engine.pipeline.retrieval.hnsw_search import HnswIndex, search_recall

__all__ = ["IndexReport", "measured_index"]

RECALL_GOAL, RECALL_AT = 0.99, 200
LAST_EF = 6400
N_PROBES = 500
"""Queries that are searched both ways, evenly spaced."""


@dataclass(frozen=True)
class IndexReport:
    """How the index compares with the exact search, on the same queries.

    Attributes
    ----------
    is_used : bool
        Whether proposals come through the index: it reaches the goal and is faster.
    recall_at_200 : float
        Share of the exact 200 best that it finds at ``ef``; NaN without queries.
    ef : int
        Width of the search.
    queries_per_second, exact_queries_per_second : float
    n_items, n_queries : int
    is_lengthened : bool
        Whether the graph is that over equally long vectors, see
        :mod:`engine.pipeline.retrieval.hnsw_search`.
    """

    is_used: bool
    recall_at_200: float
    ef: int
    queries_per_second: float
    exact_queries_per_second: float
    n_items: int
    n_queries: int
    is_lengthened: bool = False


def measured_index(
    vectors: NDArray[np.float32], people: NDArray[np.float32], *, use_from: int, seed: int
) -> tuple[HnswIndex, IndexReport]:
    """Build the index, widen its search until recall@200 is .99, and time it against exact search.

    From ``use_from`` items on a second one, over equally long vectors, is tried where the first
    does not serve.

    Parameters
    ----------
    vectors : float32 array of shape (n_items, d)
    people : float32 array of shape (n_people, d)
        Queries; 500 of them, evenly spaced, are searched both ways.
    use_from : int
        Below this many items the index is measured, not used.
    seed : int
    """
    probes = people[:: max(1, len(people) // N_PROBES)]
    nobody = Ragged(np.zeros(len(probes) + 1, np.int64), np.empty(0, np.int32))
    exact_best(probes[:8], vectors, nobody.take(np.arange(len(probes[:8]))), RECALL_AT)  # compile
    start = time.perf_counter()
    exact, _ = exact_best(probes, vectors, nobody, RECALL_AT)
    exact_seconds = time.perf_counter() - start
    found = _compared(vectors, probes, exact, exact_seconds, use_from, seed, is_lengthened=False)
    if found[1].is_used or len(vectors) < use_from:
        return found
    other = _compared(vectors, probes, exact, exact_seconds, use_from, seed, is_lengthened=True)
    return other if other[1].is_used else found


def _compared(
    vectors: NDArray[np.float32],
    probes: NDArray[np.float32],
    exact: NDArray[np.int32],
    exact_seconds: float,
    use_from: int,
    seed: int,
    *,
    is_lengthened: bool,
) -> tuple[HnswIndex, IndexReport]:
    index = HnswIndex.build(vectors, seed=seed, is_lengthened=is_lengthened)
    within = exact_seconds if len(vectors) >= use_from else np.inf
    recall, seconds = _widened(index, probes, exact, within)
    is_good = not recall < RECALL_GOAL
    report = IndexReport(
        is_used=bool(is_good and seconds < exact_seconds and len(vectors) >= use_from),
        recall_at_200=recall,
        ef=index.default_ef,
        queries_per_second=len(probes) / max(seconds, 1e-9),
        exact_queries_per_second=len(probes) / max(exact_seconds, 1e-9),
        n_items=len(vectors),
        n_queries=len(probes),
        is_lengthened=is_lengthened,
    )
    return index, report


def _widened(
    index: HnswIndex, probes: NDArray[np.float32], exact: NDArray[np.int32], within: float
) -> tuple[float, float]:
    """Double the width until the goal is met, or the seconds ``within`` are over.

    Returns recall and seconds at the last width.
    """
    while True:
        start = time.perf_counter()
        found = index.search(probes, RECALL_AT)
        seconds = time.perf_counter() - start
        recall = search_recall(found, exact)
        if not recall < RECALL_GOAL or index.default_ef >= LAST_EF or seconds > within:
            return recall, seconds
        index.default_ef *= 2
