"""Recall against speed of searches for the largest products, on factors with clusters.

Usage: ``python -m tests.benchmarks.search [N_ITEMS [LINKS …]]`` (100,000; 16 32). Factors are drawn
about centres, a root of the items of them, with unequal sizes, as those of a large catalogue are.
``python -m tests.benchmarks search_1m`` builds one graph over a million of them and one over a
million simulated titles, and asks them and the exact search, which answers everybody together or,
as in a server, one person after the other.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demo_data.world import Dials, build_world
from engine.arrays import Ragged
from engine.pipeline.report.search_curve import searched
from engine.pipeline.retrieval.factor_search import exact_best
from engine.pipeline.retrieval.hnsw_search import HnswIndex, search_recall

FACTORS, PEOPLE = 64, 500
MILLION, MILLION_LINKS, MILLION_BUILD = 1_000_000, 16, 100
MILLION_WIDTHS = (200, 400, 800, 1600, 3200)
BEST = 200
ALONE = 40
"""People whom the exact search answers one after the other; each takes long."""


def drawn(n: int, centres: NDArray, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw vectors about centres, of sizes that differ as popularity does."""
    own = centres[rng.integers(0, len(centres), n)] + rng.normal(0, 0.6, (n, FACTORS))
    return (own * rng.lognormal(0, 0.5, (n, 1))).astype(np.float32)


def run_million() -> dict[str, dict]:
    """Search a million drawn vectors, and the tastes of a million simulated titles."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(int(np.sqrt(MILLION)), FACTORS))
    drawn_ones = drawn(MILLION, centres, rng), drawn(PEOPLE, centres, rng)
    return searched_at_size("drawn", *drawn_ones) | searched_at_size("tastes", *tastes(rng))


def tastes(rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return true tastes: 12 factors and how well a title is liked, whose weight is 1 in a query.

    What a factorisation of the simulated service would find if it knew everything.
    """
    world = build_world(PEOPLE, MILLION, Dials(), rng)
    items = np.column_stack([world.item_vectors, world.item_bias])
    people = np.column_stack([world.user_vectors, np.ones(PEOPLE)])
    return items.astype(np.float32), people.astype(np.float32)


def searched_at_size(
    kind: str, items: NDArray[np.float32], people: NDArray[np.float32]
) -> dict[str, dict]:
    """Rates by processor time and recall: everybody together, and one person after the other."""
    nobody = Ragged(np.zeros(PEOPLE + 1, np.int64), np.empty(0, np.int32))
    one = nobody.take(np.arange(1))
    exact_best(people[:2], items, nobody.take(np.arange(2)), BEST)  # compile
    (exact, _), seconds = _timed(lambda: exact_best(people, items, nobody, BEST))
    together = PEOPLE / seconds
    _, seconds = _timed(lambda: [exact_best(who[None], items, one, BEST) for who in people[:ALONE]])
    alone = ALONE / seconds
    said = f"exact {together:.0f} people a second together, {alone:.1f} one by one"
    rows: dict[str, dict] = {}
    for graph in ("by product", "equally long"):
        index, built = _timed(partial(_graph, items, is_lengthened=graph == "equally long"))
        name = f"{kind}, {graph}"
        rows[f"{name}, build"] = {"seconds": built, "ratio": built, "unit": " s", "against": said}
        for ef in MILLION_WIDTHS:
            found, taken = _timed(partial(index.search, people, BEST, ef=ef))
            rate, recall = PEOPLE / taken, search_recall(found, exact)
            against = f"exact one by one, {rate / together:.1f} × together; recall {recall:.3f}"
            row = {"seconds": taken / PEOPLE, "ratio": rate / alone, "against": against}
            rows[f"{name}, ef {ef}"] = row
    return rows


def _graph(items: NDArray[np.float32], *, is_lengthened: bool) -> HnswIndex:
    links, width = MILLION_LINKS, MILLION_BUILD
    return HnswIndex.build(items, links=links, width=width, is_lengthened=is_lengthened)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.process_time()
    done = work()
    return done, time.process_time() - start


def main(n_items: int, links: tuple[int, ...]) -> None:
    """Print a line a search."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(max(int(np.sqrt(n_items)), 2), FACTORS))
    items, people = drawn(n_items, centres, rng), drawn(PEOPLE, centres, rng)
    start = time.perf_counter()
    points = searched(items, people, links=links)
    exact = points[0].per_second
    print(f"{n_items:,} items of {FACTORS} factors, best {points[0].sought} for {PEOPLE} people")
    for one in points:
        setting = one.setting or (f"ef {one.ef}" if one.ef else "")
        print(
            f"  {one.search:16} {setting:10} recall {one.recall.value:.3f} "
            f"[{one.recall.low:.3f}, {one.recall.high:.3f}] n = {one.recall.n}, "
            f"{one.per_second:8.0f} people a second, {one.per_second / exact:6.2f} times exact",
            flush=True,
        )
    print(f"with building, {time.perf_counter() - start:.0f} s of wall time")


if __name__ == "__main__":
    main(
        int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else 100_000,
        tuple(map(int, sys.argv[2:])) or (16, 32),
    )
