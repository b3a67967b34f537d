"""Recall against speed of searches for the largest products, on factors with clusters.

Usage: ``python -m tests.benchmarks.search [N_ITEMS [LINKS …]]`` (100,000; 16 32). Factors are drawn
about centres, a root of the items of them, with unequal sizes, as those of a large catalogue are.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from numpy.typing import NDArray

from engine.pipeline.report.search_curve import searched

FACTORS, PEOPLE = 64, 500


def drawn(n: int, centres: NDArray, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw vectors about centres, of sizes that differ as popularity does."""
    own = centres[rng.integers(0, len(centres), n)] + rng.normal(0, 0.6, (n, FACTORS))
    return (own * rng.lognormal(0, 0.5, (n, 1))).astype(np.float32)


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
