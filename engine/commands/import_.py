"""``python -m engine import``: files in whatever form become a data set of their own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.outputs import Output

if TYPE_CHECKING:
    from engine.importing.findings import Findings
    from engine.importing.importer import Built
    from engine.importing.mapping import Mapping

__all__ = ["HELP", "NAME", "add_arguments", "report_lines", "run"]

NAME = "import"
HELP = "bring files of your own (CSV, Parquet, JSON lines, Excel, gzip, zip) into a data set"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``import``."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="interactions and more")
    parser.add_argument("--name", help="of the data set: small letters, digits, dashes")
    parser.add_argument(
        "--mapping", type=Path, help="which column is what, as JSON (default: guessed)"
    )
    parser.add_argument("--liked", type=float, help="values from here on count as liked")
    parser.add_argument(
        "--repeats",
        choices=("each", "again", "sum", "last"),
        help="several rows of a person and an item: each counts; each counts and it may be "
        "recommended again, as groceries; one row of their sum; the latest (default: guessed)",
    )
    parser.add_argument(
        "--check", action="store_true", help="read and report everything, and keep nothing"
    )
    parser.add_argument(
        "--save-mapping", type=Output, metavar="OUT", help="write the mapping there, to change it"
    )
    parser.add_argument("--steps", action="store_true", help="progress as lines of JSON")
    parser.add_argument("--json", type=Output, metavar="OUT", help="write everything found there")


def run(arguments: argparse.Namespace) -> int:
    """Check and, unless only that was asked for, import; print what was found."""
    from engine.commands.step_lines import StepLines
    from engine.errors import DataError
    from engine.importing.imported import check_name
    from engine.importing.mapping_file import read_mapping
    from engine.importing.publishing import check_files, import_files

    if not arguments.check and not arguments.name:
        raise DataError("Give the data set a name with --name, or ask for a --check alone.")
    if arguments.name:
        check_name(arguments.name)
    mapping = read_mapping(arguments.mapping) if arguments.mapping else None

    def show(built: Built, used: Mapping) -> None:
        _show(arguments, built, used)

    if arguments.check:
        built, used = check_files(
            arguments.files, mapping, liked=arguments.liked, repeats=arguments.repeats
        )
        show(built, used)
        return 0 if built.findings.is_usable else 2
    done = import_files(
        arguments.files,
        mapping,
        arguments.name,
        liked=arguments.liked,
        repeats=arguments.repeats,
        on_built=show,
        tell=StepLines() if arguments.steps else None,
    )
    print(f"Imported as {done.name}: {done.folder}")
    print(f"Fit it: python -m engine fit --data {done.name}")
    return 0


def _show(arguments: argparse.Namespace, built: Built, mapping: Mapping) -> None:
    """Print what was found, and write what was asked for."""
    from engine.importing.mapping_file import mapping_to_json

    print("\n".join(report_lines(built.findings)))
    if built.liked is not None:
        counts, liked = built.counts, built.liked
        print(
            f"{counts['interactions']:,} of {counts['read']:,} rows of interactions are taken: "
            f"{counts['people']:,} people, {counts['items']:,} items."
        )
        print(
            f"Liked: values from {liked.threshold:g} on ({liked.why}), "
            f"{liked.n_liked / max(liked.n, 1):.0%} of interactions."
        )
    if arguments.save_mapping:
        arguments.save_mapping.write(mapping_to_json(mapping))
    if arguments.json:
        arguments.json.write_json(
            {"counts": dict(built.counts), "findings": built.findings.as_json()}
        )


def report_lines(findings: Findings) -> list[str]:
    """Say everything that was found, by kind, the gravest first."""
    from engine.importing.findings import KINDS

    lines = []
    for kind, meaning in KINDS.items():
        found = findings.of(kind)
        if found:
            lines += [f"{kind.capitalize()}: {meaning}", *(f"  {one.sentence}" for one in found)]
    return lines
