"""Sixteen threads re-ranking for a minute, every result checked: ``python -m ... [SECONDS]``."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numba

from engine.compiled import THREADING_LAYER
from engine.reranking import rerank
from engine.scenario import Cap, Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS
from tests.benchmarks.rerank_audiences import like_a_fit

N_THREADS = 16


def main(seconds: float) -> None:
    artifacts = like_a_fit(n_users=1500, n_items=1500)
    scenarios = [
        Scenario(diversity=weight, diversity_method=method, freshness=0.2, caps=(Cap(),))
        for method in DIVERSITY_METHODS
        for weight in (0.1, 0.3, 0.6)
    ]
    expected = [rerank(artifacts, scenario).items for scenario in scenarios]
    deadline = time.monotonic() + seconds

    def work(thread: int) -> tuple[int, int]:
        n_calls = n_wrong = 0
        while time.monotonic() < deadline:
            which = (thread + n_calls) % len(scenarios)
            n_wrong += not (rerank(artifacts, scenarios[which]).items == expected[which]).all()
            n_calls += 1
        return n_calls, n_wrong

    with ThreadPoolExecutor(N_THREADS) as pool:
        results = list(pool.map(work, range(N_THREADS)))
    print(
        f"{N_THREADS} threads, {seconds:g} s, layer {THREADING_LAYER} ({numba.threading_layer()}): "
        f"{sum(calls for calls, _ in results)} calls by {[calls for calls, _ in results]}, "
        f"{sum(wrong for _, wrong in results)} wrong"
    )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
