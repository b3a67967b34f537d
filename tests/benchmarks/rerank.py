"""How fast everyone is re-ranked, beside ``pyversity`` and beside MMR.

``python -m tests.benchmarks.rerank [million]`` prints the rows; :func:`run` returns them.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.artifacts import Artifacts
from engine.reranking import prepare, rerank
from engine.scenario import Cap, Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS
from tests.benchmarks.rerank_audiences import large, like_a_fit

SLIDERS = Scenario(
    diversity=0.3,
    freshness=0.2,
    item_fairness=0.2,
    caps=(Cap("genre", at_most=2, top=5),),
)
"""Diversity 0.3, freshness, fairness and a cap: what the target of 10 ms is for."""

Row = dict[str, float | str]


def median_seconds(call: Callable[[], object], n: int) -> float:
    """Median wall time of ``n`` calls after one that is not counted."""
    call()
    times = []
    for _ in range(n):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def pyversity_seconds(artifacts: Artifacts, n_users: int) -> float:
    """Seconds that pyversity's MMR takes for all, one person at a time; timed on ``n_users``."""
    from pyversity.strategies import mmr  # a test tool, not there at run time

    rows = np.linspace(0, artifacts.n_users - 1, n_users).astype(int)
    start = time.perf_counter()
    for user in rows:
        mmr(artifacts.item_factors[artifacts.candidates[user]], artifacts.scores[user], 10, 0.3)
    return (time.perf_counter() - start) * artifacts.n_users / n_users


def small_rows() -> dict[str, Row]:
    """6,040 people × 200 candidates × 64 dimensions."""
    artifacts = like_a_fit()
    rows: dict[str, Row] = {}
    prepare(artifacts, SLIDERS)
    seconds = median_seconds(lambda: rerank(artifacts, SLIDERS), 25)
    theirs = pyversity_seconds(artifacts, artifacts.n_users)
    rows["rerank_6k"] = {
        "seconds": seconds,
        "ratio": theirs / seconds,
        "against": f"times as fast as pyversity MMR alone, one person at a time ({theirs:.3f} s)",
    }
    mmr = median_seconds(lambda: rerank(artifacts, Scenario(diversity=0.3)), 15)
    windowed = {
        f"{name}_window": Scenario(diversity=0.3, diversity_method=name, diversity_window=5)
        for name, method in DIVERSITY_METHODS.items()
        if method.has_window
    }
    scenarios = {
        name: Scenario(diversity=0.3, diversity_method=name) for name in DIVERSITY_METHODS
    } | windowed
    scenarios["calibration"] = Scenario(calibration=0.3)
    for name, scenario in scenarios.items():
        seconds = median_seconds(lambda scenario=scenario: rerank(artifacts, scenario), 9)
        rows[f"method_{name}"] = {
            "seconds": seconds,
            "ratio": seconds / mmr,
            "against": f"times MMR alone{WHY.get(name, '')}",
        }
    for method in ("target", "max_min"):
        start = time.perf_counter()
        plan = prepare(
            artifacts,
            replace(
                SLIDERS, item_fairness=1.0, item_fairness_method=method, item_fairness_target=0.9
            ),
        )
        seconds = time.perf_counter() - start
        rows[f"solve_{method}"] = {
            "seconds": seconds,
            "ratio": seconds / float(rows["rerank_6k"]["seconds"]),
            "against": f"times one re-ranking of everyone; {plan.group.solved['trials']:.0f} of "
            f"them solve for the lift{SOLVED[method]}",
        }
    return rows


SOLVED = {
    "target": ", once per scenario",
    "max_min": " at all weights, once for each other setting; those without the other terms come "
    "on top, once per data set and list length",
}

WHY = {
    "cover": ": each evaluation compares an item with all 200 candidates, not with those chosen",
}


def large_rows() -> dict[str, Row]:
    """1,000,000 people × 100 candidates × 64 dimensions, 100,000 items."""
    artifacts = large()
    seconds = median_seconds(lambda: rerank(artifacts, SLIDERS), 3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {
        "rerank_1m": {
            "seconds": seconds,
            "ratio": artifacts.n_users / seconds,
            "against": f"people per second; peak memory of the process {peak:.1f} GiB",
        }
    }


def run() -> dict[str, Row]:
    """Rows for 6,040 people: name → seconds, ratio, and what the ratio is against."""
    return small_rows()


def run_million() -> dict[str, Row]:
    """The row for 1,000,000 people; needs about 2 GB."""
    return large_rows()


if __name__ == "__main__":
    for name, row in (run_million() if "million" in sys.argv else run()).items():
        print(f"{name:22s} {1e3 * float(row['seconds']):10.2f} ms  {float(row['ratio']):10.2f}  "
              f"{row['against']}")  # fmt: skip
