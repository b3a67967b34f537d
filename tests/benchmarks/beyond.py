"""Beyond one process: a million people measured here, by two processes and by Spark.

The audience is invented (see :mod:`tests.benchmarks.rerank_audiences`) and published as a fit,
whose arrays each process maps. Every way is taken twice and the second is timed: kernels are
compiled, and Spark's session and its workers are up.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.artifact_format import ARRAYS, publish, scratch_folder
from engine.artifacts import Artifacts, open_artifacts
from engine.data import artifact_folder
from engine.evaluation import evaluate_scenario
from engine.scenario import Scenario
from engine.shards.drive import evaluate_in_shards
from engine.shards.spark import run_on_spark
from tests.benchmarks.rerank_audiences import large

SCENARIO = Scenario(diversity=0.3, freshness=0.1, item_fairness=0.2)
SHARDS = 2


def run() -> dict[str, dict]:
    """Time the whole step for a million people in each way, and compare the lists."""
    with tempfile.TemporaryDirectory(prefix="rerank-bench-") as place:
        artifacts = _published(large(), Path(place))
        ways: dict[str, Callable] = {
            "one process": lambda: evaluate_scenario(artifacts, SCENARIO),
            "processes": lambda: evaluate_in_shards(artifacts, SCENARIO, SHARDS),
            "spark": lambda: evaluate_in_shards(artifacts, SCENARIO, SHARDS, pool=run_on_spark),
        }
        rows, alone = {}, None
        for name, way in ways.items():
            way()
            start = time.perf_counter()
            found = way()
            spent = time.perf_counter() - start
            if alone is None:
                alone, lists = spent, found.lists.items.copy()
            assert np.array_equal(found.lists.items, lists), name
            rows[f"beyond_{name.replace(' ', '_')}"] = {
                "seconds": spent,
                "ratio": spent / alone,
                "against": f"one process, {artifacts.n_users:,} people, {SHARDS} shards",
            }
        return rows


def _published(invented: Artifacts, out: Path) -> Artifacts:
    """Publish an invented audience as a fit, with the manifest of a real one."""
    given = open_artifacts(artifact_folder("movielens-100k")).manifest
    own = {name: invented.manifest[name] for name in ("now_day", "genre_names", "provider_names")}
    manifest = {**given, **own, "attributes": invented.manifest["attributes"]}
    parts = {"history": invented.history, "holdout": invented.holdout}
    arrays = {"later_not_liked": invented.later_not_liked, **parts}
    flat = {f"{name}_indptr": part.indptr for name, part in arrays.items()}
    flat |= {f"{name}_indices": part.indices for name, part in arrays.items()}
    rest = {name: getattr(invented, name) for name in ARRAYS if name not in flat}
    rest["source_masks"] = np.zeros(invented.candidates.shape, np.uint16)
    rest["filtered"] = invented.candidates
    with scratch_folder(out) as folder:
        tables = {"users": invented.users, "items": invented.items}
        publish(out, folder, arrays={**flat, **rest}, tables=tables, manifest=manifest)
    return open_artifacts(out, is_checked=True)
