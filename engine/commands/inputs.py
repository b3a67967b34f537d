"""Files that a command is given: settings as JSON, refused in a sentence that names the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engine.errors import ScenarioError
from engine.scenario import MAX_BYTES, NEUTRAL, Scenario
from engine.strict_json import file_content

__all__ = ["read_scenario", "read_settings"]

Settings = TypeVar("Settings")


def read_settings(
    path: Path, parse: Callable[[bytes], Settings], *, max_bytes: int, what: str, remedy: str
) -> Settings:
    """Read a file and make of it what ``parse`` makes.

    Parameters
    ----------
    path : Path
    parse : callable
        Takes the content; its :class:`ScenarioError` gets the file's name before it.
    max_bytes, what, remedy
        As in :func:`engine.strict_json.file_content`.

    Raises
    ------
    ScenarioError
        It cannot be read, or is none of that.
    """
    content = file_content(path, max_bytes=max_bytes, what=what, remedy=remedy, error=ScenarioError)
    try:
        return parse(content)
    except ScenarioError as error:
        raise ScenarioError(f"{path}: {error}") from error


def read_scenario(path: Path | None) -> Scenario:
    """Read a scenario file; the ranker's order where none is given.

    Raises
    ------
    ScenarioError
        It cannot be read, or is no scenario.
    """
    if path is None:
        return NEUTRAL
    return read_settings(
        path,
        Scenario.from_json,
        max_bytes=MAX_BYTES,
        what="The scenario file",
        remedy="give the path of a JSON file with the controls.",
    )
