"""Measure the engine: one line per figure with its ratio, and the same in ``bench.json``.

Usage: ``python -m tests.benchmarks [NAME ...] [--seeds N] [--test]`` (default: everything but the
slow ones; ``all`` for those too). Seeds, and a look at the test, are for those that learn.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from functools import partial
from pathlib import Path

from tests.benchmarks import (
    beyond,
    fit,
    group_models,
    imports,
    metrics,
    neighbours,
    neural,
    neural_pipelines,
    prm,
    rerank,
    search,
    statistics,
    sweeps,
    texts,
)

OUT = Path("bench.json")
SUITES = {"rerank": rerank.run, "metrics": metrics.run, "fit": fit.run}
SLOW = {
    "neural": neural.run,
    "statistics": statistics.run,
    "sweeps": sweeps.run,
    "sweep_1m": sweeps.run_million,
    "beyond": beyond.run,
    "rerank_1m": rerank.run_million,
    "step_1m": metrics.run_million,
    "fit_1m": fit.run_million,
    "fit_growth": fit.run_growth,
    "fit_10m": fit.run_ten_million,
    "search_1m": search.run_million,
    "import_10m": imports.run,
    "prm": prm.run,
    "group_models": group_models.run,
    "neighbours": neighbours.run,
    "neural_pipelines": neural_pipelines.run,
    "texts": texts.run,
}
SEEDED = {
    "group_models": group_models.run,
    "neural": neural.run,
    "neural_pipelines": neural_pipelines.run,
    "prm": prm.run,
}
"""Those that know of seeds and of a test."""


def main(arguments: list[str]) -> int:
    """Run the named suites; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--test", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.seeds < 1:
        parser.error(f"--seeds must be 1 or more; got {asked.seeds}")
    names = asked.names
    seeded = {name: partial(one, asked.seeds, with_test=asked.test) for name, one in SEEDED.items()}
    seeded["neighbours"] = partial(neighbours.run, asked.seeds)
    suites = {**SUITES, **SLOW, **seeded}
    wanted = list(suites) if names == ["all"] else names or list(SUITES)
    unknown = [name for name in wanted if name not in suites]
    if unknown:
        parser.error(f"no benchmark named {', '.join(unknown)}; there are {', '.join(suites)}")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores")
    rows: dict[str, dict] = json.loads(OUT.read_text()) if OUT.is_file() else {}
    for suite in wanted:
        for name, row in suites[suite]().items():
            rows[name] = row
            print(line(name, row), flush=True)
    beside = OUT.with_suffix(".part")
    beside.write_text(json.dumps(rows, indent=1))
    beside.replace(OUT)
    return 0


def line(name: str, row: dict) -> str:
    """One figure as text: name, time, ratio and what it is against."""
    seconds = row["seconds"]
    time = f"{seconds * 1e3:9.1f} ms" if seconds < 1 else f"{seconds:9.2f} s "
    return f"{name:<22}{time}  {row['ratio']:8.3g}{row.get('unit', '×')}  {row['against']}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
