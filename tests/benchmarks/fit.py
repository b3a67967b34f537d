"""Time a whole fit, and how its processor time and memory grow with the interactions.

``python -m tests.benchmarks.fit NAME`` fits one data set and prints its figures as JSON: each size
is a process of its own, so that the peak of memory is its own.
"""

from __future__ import annotations

import itertools
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engine.data.registry import load_with_fallback
from engine.fit import fit

TARGET_MILLION_SECONDS = 40.0
TARGET_TEN_MILLION_SECONDS = 1200.0
SIZES = ("simulated:600x4000x100000", "simulated:6000x4000x1000000")
"""Ten times the people and their interactions, the same titles."""

LARGE_SIZES = (
    "simulated:2000x50000x100000",
    "simulated:20000x50000x1000000",
    "simulated:200000x50000x10000000",
)
"""The same over more titles, up to 200,000 people."""


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _measured(name: str) -> dict:
    """Fit a data set; wall and processor seconds of the fit alone, and the peak of the process."""
    dataset, _ = load_with_fallback(name)
    with tempfile.TemporaryDirectory() as out:
        start, used = time.perf_counter(), _processor_seconds()
        fit(dataset, Path(out))
        seconds, processor = time.perf_counter() - start, _processor_seconds() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {
        "title": dataset.title,
        "n": len(dataset.interactions),
        "seconds": seconds,
        "processor_seconds": processor,
        "peak_bytes": peak,
    }


def _in_its_own_process(name: str) -> dict:
    command = [sys.executable, "-m", "tests.benchmarks.fit", name]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(said.splitlines()[-1])


def _row(found: dict) -> dict:
    ratio = found["seconds"] / (TARGET_MILLION_SECONDS * found["n"] / 1e6)
    against = (
        f"of the target of {TARGET_MILLION_SECONDS:.0f} s a million interactions, at "
        f"{found['n']:,} of {found['title']}; {found['processor_seconds']:.0f} s of processor "
        f"time, {found['peak_bytes'] / 1e9:.2f} GB"
    )
    return {**found, "ratio": ratio, "against": against}


def run() -> dict[str, dict]:
    """Fit MovieLens 100K (or, offline, the simulated service)."""
    return {"fit_ml100k": _row(_in_its_own_process("movielens-100k"))}


def run_million() -> dict[str, dict]:
    """Fit 1,000,000 simulated interactions of 6,000 people over 4,000 items."""
    return {"fit_1m": _row(_in_its_own_process(SIZES[1]))}


def run_growth() -> dict[str, dict]:
    """Fit a tenth of that first: exponents of processor time and of memory in the interactions."""
    small, large = (_in_its_own_process(name) for name in SIZES)
    rows = {"fit_100k": _row(small), "fit_1m": _row(large)}
    return rows | _growth("fit_growth", small, large)


def run_ten_million() -> dict[str, dict]:
    """Fit 100,000, 1,000,000 and 10,000,000 interactions over 50,000 titles; some 30 minutes."""
    found = [_in_its_own_process(name) for name in LARGE_SIZES]
    rows = {
        f"fit_{size}_50k": _row(one) for size, one in zip(("100k", "1m", "10m"), found, strict=True)
    }
    rows["fit_10m_50k"]["ratio"] = found[-1]["seconds"] / TARGET_TEN_MILLION_SECONDS
    for place, (small, large) in enumerate(itertools.pairwise(found), start=1):
        rows |= _growth(f"fit_growth_{place}", small, large)
    return rows


def _growth(name: str, small: dict, large: dict) -> dict[str, dict]:
    """Exponents of processor time and of memory between two fits."""
    return {
        f"{name}_{figure.split('_')[0]}": {
            "seconds": large["processor_seconds"],
            "ratio": exponent(small["n"], large["n"], small[figure], large[figure]),
            "unit": "",
            "against": f"exponent of {what}, {small['n']:,} to {large['n']:,} interactions",
        }
        for figure, what in (
            ("processor_seconds", "processor time"),
            ("peak_bytes", "peak of memory"),
        )
    }


def exponent(n_small: int, n_large: int, small: float, large: float) -> float:
    """``p`` of ``cost = c · nᵖ`` through two points: 1 is linear.

    Examples
    --------
    >>> exponent(100, 1000, 3.0, 30.0)
    1.0
    """
    return math.log(large / small) / math.log(n_large / n_small)


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1])))
