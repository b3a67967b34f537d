"""``python -m engine check``: make a record's figures again, and hold its guardrails to them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "check"
HELP = "check the record of a decision: do its figures come out again, do its guardrails hold"

MOST_SAID = 40
"""Differences that are printed; the rest are counted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``check``."""
    parser.add_argument("record", type=Path, help="the record's JSON file")
    parser.add_argument(
        "--data", help="a data set's name, or a folder or archive (default: the record's own)"
    )
    parser.add_argument(
        "--accept-unknown",
        action="store_true",
        help="pass where the data cannot tell whether a guardrail holds",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check, print what differs; status 0 where nothing does, 1 where something does."""
    from engine.artifacts import open_artifacts
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.decision.check import check_record, read_record

    record = read_record(_content(arguments.record))
    data = name_of(arguments.data) if arguments.data else _data_of(record)
    artifacts = open_artifacts(artifact_folder(data))
    found = check_record(record, artifacts, accept_unknown=arguments.accept_unknown)
    for note in found.notes[:MOST_SAID]:
        print(f"note: {note}")
    for difference in found.differences[:MOST_SAID]:
        print(f"difference: {difference}")
    if len(found.differences) > MOST_SAID:
        print(f"… and {len(found.differences) - MOST_SAID:,} more differences.")
    title = artifacts.manifest["title"]
    if found.differences:
        print(
            f"{len(found.differences):,} differences; {found.n_compared:,} figures and words were "
            f"made again on {title}."
        )
        return 1
    print(
        f"The record holds: {found.n_compared:,} figures and words came out again on {title}, and "
        "its guardrails hold."
    )
    return 0


def _content(path: Path) -> bytes:
    from engine.decision.check import MAX_BYTES
    from engine.errors import RecordError
    from engine.strict_json import file_content

    return file_content(
        path,
        max_bytes=MAX_BYTES,
        what="The record",
        remedy="give the path of the JSON file that `python -m engine record` or the Scenarios "
        "page wrote.",
        error=RecordError,
    )


def _data_of(record: dict[str, Any]) -> str:
    """Return the folder of fits that the record names; a name, never a path."""
    from engine.data import artifact_folder
    from engine.errors import RecordError
    from engine.scenario_values import brief

    data = record["data"]
    name = data.get("fits") if isinstance(data, dict) else None
    is_name = isinstance(name, str) and bool(name) and Path(name).name == name and name[0] != "."
    if not is_name or not artifact_folder(str(name)).is_dir():
        raise RecordError(
            f"Nothing is fitted here under the name that the record gives ({brief(name)}): fit it, "
            "or say with --data which data to check it on."
        )
    return str(name)
