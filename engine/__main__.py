"""The command line of the engine: ``python -m engine COMMAND``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

# Threads that wait for work would otherwise spin: with other programs on the same cores growing
# trees then takes up to ten times as long. Read once, when OpenMP is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from engine.commands.registry import COMMANDS
from engine.errors import StudioError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; errors that the input causes end it with one sentence and status 2."""
    parser = argparse.ArgumentParser(prog="python -m engine", description=__doc__)
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        subparser = subparsers.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except StudioError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
