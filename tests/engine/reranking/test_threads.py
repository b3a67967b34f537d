"""Many threads re-ranking at once, with OpenMP and with the lock that stands in for it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from engine.reranking import rerank
from engine.scenario import Cap, Scenario
from engine.terms.diversity_methods import DIVERSITY_METHODS
from tests.engine.reranking.worlds import make_world

ROOT = Path(__file__).resolve().parents[3]

HAMMER = """
import sys
sys.modules["numba.np.ufunc.omppool"] = None  # as where OpenMP is missing
from tests.engine.reranking.test_threads import hammer
import numba
from engine.compiled import THREADING_LAYER
hammer(n_threads=8, n_calls=160)
print(THREADING_LAYER, numba.threading_layer())
"""


def hammer(n_threads: int, n_calls: int) -> None:
    """Call with different scenarios from many threads; every result must be the single one."""
    world = make_world(seed=50, n_users=500, n_candidates=40, n_items=120)
    scenarios = [
        Scenario(diversity=weight, diversity_method=method, freshness=0.2, caps=(Cap(),))
        for method in DIVERSITY_METHODS
        for weight in (0.2, 0.6)
    ]
    expected = [rerank(world, scenario).items for scenario in scenarios]

    def call(index: int) -> bool:
        which = index % len(scenarios)
        return bool((rerank(world, scenarios[which]).items == expected[which]).all())

    with ThreadPoolExecutor(n_threads) as pool:
        assert all(pool.map(call, range(n_calls)))


def test_sixteen_threads_at_once():
    hammer(n_threads=16, n_calls=320)


def test_threads_that_meet_an_audience_for_the_first_time():
    """The audience and its plans are built by whoever comes first; all get the same lists."""
    world = make_world(seed=51, n_users=200)
    scenario = Scenario(diversity=0.4, likeness="both", calibration=0.3)
    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(lambda _: rerank(world, scenario).items, range(32)))
    assert all(np.array_equal(result, results[0]) for result in results)


@pytest.mark.slow
def test_without_openmp_calls_take_turns(tmp_path: Path):
    script = tmp_path / "hammer_rerank.py"
    script.write_text(f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{HAMMER}")
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["workqueue", "workqueue"]
