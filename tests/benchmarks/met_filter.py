"""What Bloom filters of what was met save, and what their errors cost, on a fit that is here.

Usage: ``python -m tests.benchmarks.met_filter [DATA]`` (movielens-100k). Candidates that a filter
takes for met are taken out of the fit's lists; nothing is fitted. Quality is by the test's likes
as the fit reports it; nothing is chosen by it.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from engine.arrays import closed_up
from engine.artifacts import open_artifacts
from engine.held_out import is_in_rows, mean_with_half_width, ndcg_at
from engine.pipeline.filtering.met_bloom import taken_for_met
from engine.pipeline.report.filter_counts import bloom_measured

RATES = (0.1, 0.01, 0.001)


def main(name: str) -> None:
    """Print a line for what is exact, and one a rate."""
    art = open_artifacts(Path(".artifacts") / name)
    met, n_items = art.history, art.n_items
    lists = np.asarray(art.candidates)
    held = art.holdout.lengths()
    base = ndcg_at(10, is_in_rows(lists, art.holdout, n_items), held)
    start = time.perf_counter()
    is_in_rows(lists, met, n_items)
    seconds = time.perf_counter() - start
    n, per = len(met.indices), 1e6 * seconds / lists.size
    entropy = _bits_at_least(met.lengths(), n_items)
    print(f"{name}: {len(held):,} people have met {n:,} of {n_items:,} items")
    print(
        f"  numbers of 4 bytes: 32 bits each, {per:.3f} µs a question; at least {entropy:.1f} bits"
    )
    for rate in RATES:
        start = time.perf_counter()
        is_wrong = taken_for_met(lists, met, rate)  # candidates hold nothing that was met
        per = 1e6 * (time.perf_counter() - start) / lists.size
        said = bloom_measured(lists, met, rate, is_met=np.zeros_like(is_wrong), is_wrong=is_wrong)
        found = said.measured
        kept = closed_up(lists, is_wrong)
        after = ndcg_at(10, is_in_rows(kept, art.holdout, n_items), held)
        change, half = mean_with_half_width(after - base)
        print(
            f"  rate {rate:g}: predicted {said.predicted:.5f}, measured {found.value:.5f} "
            f"[{found.low:.5f}, {found.high:.5f}] n = {found.n:,}; "
            f"{8 * said.n_bytes / n:.1f} bits each, {per:.2f} µs a question; "
            f"NDCG@10 {change:+.4f} ± {half:.4f}"
        )


def _bits_at_least(lengths: np.ndarray, n_items: int) -> float:
    """Bits an entry that any exact record of such sets takes at least: ``log₂ C(items, met)``."""
    from scipy.special import gammaln

    n = lengths.astype(np.float64)
    bits = gammaln(n_items + 1) - gammaln(n + 1) - gammaln(n_items - n + 1)
    return float(bits.sum() / np.log(2) / n.sum())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "movielens-100k")
