"""``--shards`` and ``--engine``: the same work done by several processes, or by Spark."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.shards.drive import Pool

__all__ = ["add_arguments", "pool_of"]

ENGINES = ("processes", "spark")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of work that can be shared out."""
    parser.add_argument(
        "--shards", type=int, default=1, metavar="N", help="work in so many parts (default: 1)"
    )
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default=ENGINES[0],
        help="who does the parts: processes of this machine, or Spark (default: %(default)s)",
    )


def pool_of(arguments: argparse.Namespace) -> Pool | None:
    """Return who does the parts; None where it is this process alone."""
    if arguments.engine == "spark":
        from engine.shards.spark import run_on_spark

        return run_on_spark
    if arguments.shards == 1:
        return None
    from engine.shards.pool import run_pool

    return run_pool
