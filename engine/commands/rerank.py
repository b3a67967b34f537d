"""``python -m engine rerank``: everybody's lists under a scenario, as one Parquet file."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.commands import several
from engine.commands.outputs import Output

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "rerank"
HELP = "write everybody's list under a scenario, with scores, ranks and reasons"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``rerank``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--scenario", type=Path, help="a scenario file (default: neutral)")
    parser.add_argument("--out", type=Output, help="the Parquet file; stopped, it is gone on with")
    parser.add_argument(
        "--without-reasons", action="store_true", help="do not say why each item moved (quicker)"
    )
    several.add_arguments(parser)
    parser.add_argument(
        "--code", action="store_true", help="print the scenario as a Python program, and stop"
    )


def run(arguments: argparse.Namespace) -> int:
    """Re-rank block by block, and say what was written."""
    from engine.commands.inputs import read_scenario
    from engine.errors import OutputError
    from engine.scenario_code import python_code

    scenario = read_scenario(arguments.scenario)
    if arguments.code:
        print(python_code(scenario, arguments.data), end="")
        return 0
    if arguments.out is None:
        raise OutputError("Nowhere to write to: give --out with the name of a Parquet file.")

    from engine.artifacts import open_artifacts
    from engine.commands.bars import ShareBar
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.list_file import write_lists
    from engine.shards.drive import write_lists_in_shards

    artifacts = open_artifacts(artifact_folder(name_of(arguments.data)))
    path, with_reasons = arguments.out.path, not arguments.without_reasons
    pool = several.pool_of(arguments)
    with ShareBar("Lists") as tell:
        if pool is None:
            found = write_lists(artifacts, scenario, path, with_reasons=with_reasons, tell=tell)
        else:
            found = write_lists_in_shards(
                artifacts,
                scenario,
                path,
                arguments.shards,
                with_reasons=with_reasons,
                pool=pool,
                tell=tell,
            )
    resumed = f", {found.n_resumed} blocks of them from an earlier run" if found.n_resumed else ""
    print(
        f"{arguments.out.path}: lists of {found.n_people:,} people, {found.n_rows:,} rows{resumed}."
    )
    return 0
