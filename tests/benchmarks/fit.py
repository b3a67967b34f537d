"""Time a whole fit: MovieLens 100K where it can be had, and a million simulated interactions."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from engine.data.registry import load_with_fallback
from engine.fit import fit

TARGET_MILLION_SECONDS = 60.0


def _timed_fit(name: str) -> tuple[float, str, int]:
    dataset, _ = load_with_fallback(name)
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        fit(dataset, Path(out))
        return time.perf_counter() - start, dataset.title, len(dataset.interactions)


def run() -> dict[str, dict]:
    """Fit MovieLens 100K (or, offline, the simulated service)."""
    seconds, title, n = _timed_fit("movielens-100k")
    ratio = seconds / (TARGET_MILLION_SECONDS * n / 1e6)
    against = f"of the target of 60 s a million interactions, at {n:,} of {title}"
    return {"fit_ml100k": {"seconds": seconds, "ratio": ratio, "against": against}}


def run_million() -> dict[str, dict]:
    """Fit 1,000,000 simulated interactions of 6,000 people over 4,000 items."""
    seconds, title, n = _timed_fit("simulated:6000x4000x1000000")
    against = f"of the target of 60 s, {n:,} interactions of {title}"
    return {
        "fit_1m": {
            "seconds": seconds,
            "ratio": seconds / TARGET_MILLION_SECONDS,
            "against": against,
        }
    }
