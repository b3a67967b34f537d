"""Kernels under concurrent calls: the reason why the threading layer is chosen by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HAMMER = """
import sys
if {force_workqueue}:
    sys.modules["numba.np.ufunc.omppool"] = None  # as where OpenMP is missing
from concurrent.futures import ThreadPoolExecutor
import numba
import numpy as np
from engine import compiled

def doubled(x):
    out = np.empty_like(x)
    for i in numba.prange(x.size):
        out[i] = 2 * x[i]
    return out

call = {decorate}(doubled)
x = np.arange(200_000.0)
call(x)
with ThreadPoolExecutor(8) as pool:
    for out in pool.map(lambda _: call(x), range(200)):
        assert (out == 2 * x).all()
print(compiled.THREADING_LAYER, numba.threading_layer())
"""


def hammer(folder: Path, *, force_workqueue: bool, decorate: str) -> subprocess.CompletedProcess:
    """Run the hammer in a process of its own, from a file because numba caches beside it."""
    code = HAMMER.format(force_workqueue=force_workqueue, decorate=decorate)
    script = folder / "hammer.py"
    script.write_text(f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}")
    return subprocess.run([sys.executable, str(script)], capture_output=True, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("force_workqueue", [False, True])
def test_eight_threads_may_call_one_kernel_at_once(tmp_path: Path, force_workqueue: bool) -> None:
    run = hammer(tmp_path, force_workqueue=force_workqueue, decorate="compiled.kernel")
    assert run.returncode == 0, run.stderr
    chosen, used = run.stdout.split()
    assert chosen == used
    if force_workqueue:
        assert chosen == "workqueue"


@pytest.mark.slow
def test_the_hammer_does_abort_an_unguarded_kernel(tmp_path: Path) -> None:
    """The test above can fail: the same calls without our guard end the process."""
    unguarded = "numba.njit(parallel=True, nogil=True)"
    run = hammer(tmp_path, force_workqueue=True, decorate=unguarded)
    assert run.returncode != 0
    assert "Concurrent access" in run.stderr
