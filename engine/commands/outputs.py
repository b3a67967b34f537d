"""Files that a command writes: looked at before the work, written whole or not at all after it."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.errors import OutputError
from engine.written_beside import write_beside

__all__ = ["Output", "check_folder", "check_outputs"]


class Output:
    """The place that an argument names: ``parser.add_argument("--json", type=Output)``."""

    def __init__(self, given: str) -> None:
        self.path = Path(given)

    def write_json(self, value: Any) -> None:
        """Write a value as readable JSON."""
        self.write(json.dumps(value, indent=1, allow_nan=False, ensure_ascii=False) + "\n")

    def write(self, text: str | bytes) -> None:
        """Write a text, or bytes, replacing what was there.

        Raises
        ------
        OutputError
            The disk is full, or the place has gone; what was there is still there.
        """
        try:
            write_beside(self.path, text)
        except OSError as error:
            raise OutputError(
                f"{self.path} cannot be written ({error.strerror or error}): nothing was changed "
                "there; give another place."
            ) from error


def check_outputs(arguments: argparse.Namespace) -> None:
    """Refuse a place that cannot be written to, or that would overwrite what the command reads.

    Raises
    ------
    OutputError
    """
    given = vars(arguments).values()
    outputs = [value for value in given if isinstance(value, Output)]
    inputs = [path for value in given for path in _inputs_of(value)]
    for output in outputs:
        complaint = _complaint(output.path, inputs)
        if complaint:
            raise OutputError(f"{output.path} {complaint}.")
    if len({output.path.resolve() for output in outputs}) < len(outputs):
        raise OutputError(
            f"{outputs[0].path} is given for two files: give another for one of them."
        )


def check_folder(path: Path) -> None:
    """Refuse a folder that cannot be made or written to, before anything is fitted for it.

    Raises
    ------
    OutputError
    """
    there = path.absolute()
    while not there.exists():
        there = there.parent
    if not there.is_dir():
        raise OutputError(f"{path} cannot be made ({there} is a file): give another folder.")
    if not os.access(there, os.W_OK):
        raise OutputError(f"{path} cannot be written to: give another folder.")


def _inputs_of(value: Any) -> Iterator[Path]:
    """Files and folders that an argument names; a data set's name may be one of a folder."""
    if isinstance(value, Path) or (isinstance(value, str) and len(value) < 4096):
        path = Path(value)
        if str(value) and path.exists():
            yield path.resolve()


def _complaint(path: Path, inputs: list[Path]) -> str:
    place = path.resolve()
    if path.is_dir():
        return "is a folder: give the name of a file"
    if not place.parent.is_dir():
        return f"is in a folder that does not exist ({place.parent}): make it first"
    if path.exists() and not path.is_file():
        return ""  # a pipe or a device is written to as it is
    if not os.access(place.parent, os.W_OK):
        return "is in a folder that cannot be written to: give another place"
    is_input = any(place == one or (one.is_dir() and one in place.parents) for one in inputs)
    if path.exists() and is_input:
        return "is one of the files that the command reads: give another place"
    return ""
