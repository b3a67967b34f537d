"""Seconds and memory of an import of 10,000,000 rows: `python -m tests.benchmarks import_10m`.

The import runs in a process of its own; the memory is the most that it ever held.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

N_ROWS = 10_000_000
SECONDS, GIB = 90, 6


def write_files(folder: Path, n_rows: int = N_ROWS) -> list[Path]:
    """Invent ratings of 200,000 people and 50,000 items with their faults, and the items."""
    ratings, items = folder / "ratings.csv", folder / "movies.csv"
    connection = duckdb.connect()
    connection.execute("SELECT setseed(0.5)")
    connection.execute(
        "COPY (SELECT CAST(200000 * random() AS INT) AS userId, "
        "CAST(50000 * pow(random(), 2.5) AS INT) AS movieId, "
        "CASE WHEN random() < 0.001 THEN 'n/a' ELSE CAST(CAST(1 + 8 * random() AS INT) / 2.0 AS "
        "VARCHAR) END AS rating, CAST(1000000000 + 600000000 * random() AS BIGINT) AS timestamp "
        f"FROM range({n_rows})) TO '{ratings}' (HEADER, DELIMITER ',')"
    )
    connection.execute(
        "COPY (SELECT range AS movieId, 'Invented, title ' || range AS title, "
        "CASE range % 3 WHEN 0 THEN 'Drama|War' WHEN 1 THEN 'Comedy' ELSE 'Crime|Drama' END AS "
        f"genres FROM range(50001)) TO '{items}' (HEADER, DELIMITER ',')"
    )
    return [ratings, items]


def measure(n_rows: int = N_ROWS) -> dict[str, float]:
    """Import such files; return seconds, GiB and megabytes read."""
    with tempfile.TemporaryDirectory() as scratch:
        files = write_files(Path(scratch), n_rows)
        command = [sys.executable, "-m", "engine", "import", *map(str, files), "--name", "large"]
        start = time.perf_counter()
        subprocess.run(
            command,
            check=True,
            env={**os.environ, "RERANK_STUDIO_HOME": scratch},
            stdout=subprocess.DEVNULL,
        )
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
        megabytes = sum(path.stat().st_size for path in files) / 1e6
    return {"rows": n_rows, "megabytes": megabytes, "seconds": seconds, "gib": peak}


def run() -> dict[str, dict]:
    """Import 10,000,000 rows."""
    found = measure()
    against = (
        f"of the target of {SECONDS} s, {found['rows']:,} rows of CSV "
        f"({found['megabytes']:,.0f} MB), {found['gib']:.2f} GiB of at most {GIB}"
    )
    return {
        "import_10m": {
            "seconds": found["seconds"],
            "ratio": found["seconds"] / SECONDS,
            "against": against,
        }
    }
