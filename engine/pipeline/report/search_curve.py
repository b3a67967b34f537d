"""Recall against speed of the approximate search, over its width and its links, beside exact."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Ragged
from engine.artifacts import Artifacts
from engine.pipeline.report.estimates import Estimate, mean_of
from engine.pipeline.report.other_searches import other_searches
from engine.pipeline.retrieval.factor_search import exact_best
from engine.pipeline.retrieval.hnsw_search import HnswIndex

__all__ = ["EXACT", "SearchPoint", "search_curve", "searched"]

EXACT = "exact search"
RECALL_AT = 200
WIDTHS = (200, 300, 400, 600, 800, 1600, 3200)
LINKS = (8, 16, 32)
N_PROBES = 500
REPEATS = 3
SLOW_FROM, FEW_PROBES = 20_000, 50
"""A tree over more items than this is asked for fewer people: it looks at nearly all of them."""

Found = TypeVar("Found")
Told = Callable[[float], None]


@dataclass(frozen=True)
class SearchPoint:
    """One way to search, asked for the same people's best.

    Attributes
    ----------
    search : str
        ``HNSW, 16 links``, or :data:`EXACT`.
    ef : int
        Width of the search; 0 where it has none.
    sought : int
        Items that each person was to get: 200, or half of a small catalogue.
    recall : Estimate
        Share of the exact best that it finds, over people asked; 1 by definition for the exact
        search, without an interval.
    per_second, slowest, fastest : float
        People answered in a second: the median of the repeats, and their range.
    setting : str
        In words, what else differs between points of one search.
    """

    search: str
    ef: int
    sought: int
    recall: Estimate
    per_second: float
    slowest: float
    fastest: float
    setting: str = ""


def search_curve(
    artifacts: Artifacts,
    *,
    widths: Sequence[int] = WIDTHS,
    links: Sequence[int] = LINKS,
    seed: int = 0,
    tell: Told = lambda _: None,
) -> tuple[SearchPoint, ...]:
    """Build a graph for each number of links and search each at every width, on this machine.

    A KD-tree and locality-sensitive hashing stand beside them.

    Parameters
    ----------
    artifacts : Artifacts
    widths : sequence of int
        hnswlib's ``ef``; never below the 200 that are sought, nor above the number of items.
    links : sequence of int
        hnswlib's ``M``.
    seed : int
        Of the graphs.
    tell : callable
        Hears the share done; may raise to stop.

    Returns
    -------
    tuple of SearchPoint
        Exact search first; empty where there is nobody to ask or nothing to find. A graph too
        sparse to reach so many items at a width misses what it does not reach.
    """
    vectors = np.ascontiguousarray(artifacts.mf_item_factors, np.float32)
    people = np.ascontiguousarray(artifacts.mf_user_factors, np.float32)
    return searched(vectors, people, widths=widths, links=links, seed=seed, tell=tell)


def searched(
    vectors: NDArray[np.float32],
    people: NDArray[np.float32],
    *,
    widths: Sequence[int] = WIDTHS,
    links: Sequence[int] = LINKS,
    seed: int = 0,
    tell: Told = lambda _: None,
) -> tuple[SearchPoint, ...]:
    """Do what :func:`search_curve` does, for any factors of items and of people.

    Parameters
    ----------
    vectors : float32 array of shape (n_items, d)
    people : float32 array of shape (n_people, d)
    widths, links, seed, tell
        As there.
    """
    probes = people[:: -(-len(people) // N_PROBES) or 1]
    if not len(probes) or not len(vectors):
        return ()
    nobody = Ragged(np.zeros(len(probes) + 1, np.int64), np.empty(0, np.int32))
    n = min(RECALL_AT, max(len(vectors) // 2, 1))
    exact_best(probes[:2], vectors, nobody.take(np.arange(len(probes[:2]))), n)  # compile
    (exact, _), rates = _timed(lambda: exact_best(probes, vectors, nobody, n), len(probes))
    known = Estimate(1.0, np.nan, np.nan, len(probes))
    points = [SearchPoint(EXACT, 0, n, known, *rates)]
    asked = sorted({min(max(width, n), len(vectors)) for width in widths})
    for place, count in enumerate(links):
        tell(place / len(links))
        index = HnswIndex.build(vectors, links=count, seed=seed)
        for step, ef in enumerate(asked):
            tell((place + (step + 1) / (len(asked) + 1)) / len(links))
            points += _points(index, probes, exact, count, ef)
    points += _others(vectors, probes, exact, n)
    tell(1.0)
    return tuple(points)


def _others(
    vectors: NDArray[np.float32], probes: NDArray[np.float32], exact: NDArray[np.int32], n: int
) -> list[SearchPoint]:
    """Measure the other searches, over fewer people where one answer takes long."""
    step = 1 if len(vectors) <= SLOW_FROM else -(-len(probes) // FEW_PROBES)
    some, points = probes[::step], []
    for name, setting, search in other_searches(vectors):
        found, rates = _timed(partial(search, some, n), len(some))
        recall = _recall(found, exact[::step])
        points.append(SearchPoint(name, 0, n, recall, *rates, setting=setting))
    return points


def _points(
    index: HnswIndex, probes: NDArray[np.float32], exact: NDArray[np.int32], links: int, ef: int
) -> list[SearchPoint]:
    """Measure one width."""
    n = exact.shape[1]
    found, rates = _timed(lambda: index.search(probes, n, ef=ef), len(probes))
    return [SearchPoint(f"HNSW, {links} links", ef, n, _recall(found, exact), *rates)]


def _timed(search: Callable[[], Found], n_asked: int) -> tuple[Found, tuple[float, float, float]]:
    """Search a few times; return what was found, and the median, lowest and highest rate."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        found = search()
        seconds.append(max(time.perf_counter() - start, 1e-9))
    return found, (
        n_asked / float(np.median(seconds)),
        n_asked / max(seconds),
        n_asked / min(seconds),
    )


def _recall(found: NDArray[np.int32], exact: NDArray[np.int32]) -> Estimate:
    """Mean share of the exact results found; people with none do not count."""
    shares = np.full(len(exact), np.nan)
    for row, (own, best) in enumerate(zip(found, exact, strict=True)):
        best = best[best >= 0]
        if len(best):
            shares[row] = len(np.intersect1d(own, best)) / len(best)
    return mean_of(shares)
