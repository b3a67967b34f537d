"""Time the metrics and the whole step of a slider on 6,040 people × 4,000 items."""

from __future__ import annotations

import resource
import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np

from engine.analysis.panel import make_panel
from engine.artifacts import Artifacts
from engine.evaluation import evaluate, evaluate_scenario
from engine.metrics.audience import audience_of
from engine.metrics.registry import HEADLINE
from engine.metrics.user_matrix import Measured, measure
from engine.recent import bytes_of
from engine.remade import ROOM_BYTES
from engine.reranking import neutral_lists, rerank
from engine.scenario import Cap, Scenario
from tests.benchmarks.rerank import SLIDERS
from tests.benchmarks.rerank_audiences import large
from tests.engine.metrics.random_service import random_artifacts

K = 10
N_USERS, N_ITEMS = 6040, 4000
SCENARIO = Scenario(
    k=K, diversity=0.3, freshness=0.2, item_fairness=0.2, caps=(Cap("genre", at_most=5, top=K),)
)
KEPT_MEGABYTES = 100
MOST_OF_RERANKING = 2.0
"""The target for a step that measures what is asked for, as a multiple of its re-ranking."""
MILLION_SECONDS = 4.0
"""The target for the whole step on 1,000,000 people."""
SHARED = ["ndcg@10", "recall@10", "precision@10", "hit_rate@10", "mrr@10", "map@10", "rbp.85"]


def run() -> dict[str, dict]:
    """Measure the figures of the metrics."""
    artifacts = random_artifacts(
        N_USERS, N_ITEMS, n_candidates=200, n_genres=18, n_factors=64, n_held=20, n_past=75, seed=1
    )
    audience = audience_of(artifacts)
    baseline = measure(audience, neutral_lists(artifacts, K).items)
    items = rerank(artifacts, SCENARIO).items
    return {
        "metrics_6k": _metrics(artifacts, items, baseline),
        "step_6k": _step(artifacts),
        "kept_1m": _kept(),
    }


def run_million() -> dict[str, dict]:
    """Measure the whole step for 1,000,000 people × 100 candidates, 5 likes held out each."""
    artifacts = large(n_held=5)
    seconds = _median(lambda: evaluate_scenario(artifacts, SLIDERS).groups("group"), 5)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    against = (
        f"of the target of {MILLION_SECONDS:.0f} s: re-rank, all metrics, groups, intervals, "
        f"changes; peak memory of the process {peak:.1f} GiB, target 4"
    )
    return {
        "step_1m": {"seconds": seconds, "ratio": seconds / MILLION_SECONDS, "against": against},
        "asked_1m": _asked(artifacts),
    }


def _asked(artifacts: Artifacts) -> dict:
    """A step of a sweep or goal-seek, which reads some metrics, against its re-ranking alone."""
    panel, users = make_panel(artifacts), np.arange(artifacts.n_users)
    alone = _median(lambda: rerank(artifacts, SLIDERS, users=users), 5)
    some = _median(lambda: panel.measure(SLIDERS, HEADLINE), 5)
    every = _median(lambda: evaluate_scenario(artifacts, SLIDERS).groups("group"), 5)
    against = (
        f"of the target of {MOST_OF_RERANKING:.0f} × the re-ranking alone ({alone:.1f} s): "
        f"{some / alone:.2f} × with the {len(HEADLINE)} metrics of the headline, "
        f"{every / alone:.2f} × with all, groups, intervals and changes"
    )
    return {"seconds": some, "ratio": some / alone / MOST_OF_RERANKING, "against": against}


def _kept() -> dict:
    """Bytes that a kept evaluation takes at 1,000,000 × 100,000: linear in people and in items."""
    sizes, start = {}, time.perf_counter()
    for people, items in ((2000, 2000), (4000, 2000), (2000, 4000)):
        artifacts = random_artifacts(
            people, items, n_candidates=50, n_genres=18, n_factors=16, n_held=5, n_past=20, seed=1
        )
        found = evaluate_scenario(artifacts, SCENARIO)
        shared = (found.audience, found.baseline, found.baseline_lists)
        sizes[people, items] = bytes_of(found) - bytes_of(shared)
    base = sizes[2000, 2000]
    a_person, an_item = (sizes[4000, 2000] - base) / 2000, (sizes[2000, 4000] - base) / 2000
    megabytes = (1e6 * a_person + 1e5 * an_item) / 1e6
    against = (
        f"of the target of {KEPT_MEGABYTES} MB: {megabytes:.0f} MB for an evaluation of 1,000,000 "
        f"people × 100,000 items, {a_person:.0f} bytes a person and {an_item:.0f} an item, beside "
        f"its baseline's, which all share, and the {ROOM_BYTES / 2**30:.0f} GiB that values "
        "per person and sums per item of the latest have together"
    )
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "ratio": megabytes / KEPT_MEGABYTES, "against": against}


def _metrics(artifacts: Artifacts, items: np.ndarray, baseline: Measured) -> dict:
    audience = audience_of(artifacts)
    seconds = _median(lambda: evaluate(audience, items, baseline).groups("gender"))
    ranx = _ranx(artifacts, items)
    n = len(evaluate(audience, items, baseline).figures)
    against = (
        f"as fast as ranx with {len(SHARED)} metrics ({ranx * 1e3:.0f} ms) although all {n}, "
        "groups, intervals and changes are measured; target 30 ms and 5×"
    )
    return {"seconds": seconds, "ratio": ranx / seconds, "against": against}


def _ranx(artifacts: Artifacts, items: np.ndarray) -> float:
    """Seconds of ranx on the metrics that both have, without the making of its inputs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ranx import Qrels, Run
        from ranx import evaluate as ranx_evaluate

        users = np.flatnonzero(artifacts.holdout.lengths() > 0)
        qrels = Qrels(
            {f"u{u}": {f"i{i}": 1 for i in artifacts.holdout.row(u).tolist()} for u in users}
        )
        lists = Run(
            {
                f"u{u}": {f"i{i}": float(K - j) for j, i in enumerate(items[u]) if i >= 0}
                for u in users
            }
        )
        return _median(lambda: ranx_evaluate(qrels, lists, SHARED), 7)


def _step(artifacts: Artifacts) -> dict:
    seconds = _median(lambda: evaluate_scenario(artifacts, SCENARIO).groups("gender"))
    items = rerank(artifacts, SCENARIO).items
    libraries = _pyversity(artifacts) + _ranx(artifacts, items)
    against = (
        f"as fast as pyversity for each person, then ranx ({libraries * 1e3:.0f} ms): re-rank, "
        "all metrics, groups, intervals, changes; target 40 ms"
    )
    return {"seconds": seconds, "ratio": libraries / seconds, "against": against}


def _pyversity(artifacts: Artifacts) -> float:
    """Seconds of pyversity's MMR for everyone, from one person in ten."""
    from pyversity import mmr

    rows = range(0, artifacts.n_users, 10)
    start = time.perf_counter()
    for user in rows:
        own = artifacts.candidates[user]
        own = own[own >= 0]
        if len(own):
            scores = artifacts.scores[user, : len(own)]
            mmr(artifacts.item_factors[own], scores, K, 0.3, normalize=False)
    return (time.perf_counter() - start) * artifacts.n_users / len(rows)


def _median(work: Callable[[], object], n: int = 21) -> float:
    """Median seconds of ``n`` runs after one that compiles."""
    work()
    times = []
    for _ in range(n):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    for name, row in run().items():
        print(f"{name:14}{row['seconds'] * 1e3:9.1f} ms {row['ratio']:7.1f}× {row['against']}")
