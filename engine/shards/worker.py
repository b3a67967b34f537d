"""``python -m engine.shards.worker FOLDER SHARD``: one process of a job, started by the pool.

It says on standard output how far it is, a share a line, and ends with one sentence on standard
error where something is wrong.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before OpenMP is loaded; see engine.__main__

from engine.errors import StudioError
from engine.shards.jobs import run_shard

__all__ = ["main"]

INPUT = 2


def main(folder: str, shard: str) -> int:
    """Do one shard; returns the exit status."""
    try:
        run_shard(Path(folder), int(shard), _tell)
    except StudioError as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return INPUT
    return 0


def _tell(share: float) -> None:
    sys.stdout.write(f"{share:.4f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
