"""The README says what is true: its commands, files and dependencies exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def requirements(file: str) -> list[str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def test_every_make_command_named_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z][a-z-]*)", README, flags=re.MULTILINE))
    assert named
    assert named <= targets


def test_every_file_linked_is_there() -> None:
    linked = re.findall(r"\]\((?!https?://|#)([^)\s]+)\)", README)
    assert linked
    assert [path for path in linked if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("file", sorted(path.name for path in ROOT.glob("requirements*.txt")))
def test_every_dependency_is_pinned_and_has_its_reason(file: str) -> None:
    for line in requirements(file):
        name, _, version = line.partition("==")
        assert version, f"{line} of {file} is not pinned"
        assert f"| `{name.split('[')[0]}`" in README, f"{name} is not in the dependency table"


def test_every_subcommand_named_is_known() -> None:
    from engine.commands.registry import COMMANDS

    named = set(re.findall(r"python -m engine ([a-z]+)", README))
    assert named
    assert named <= {command.NAME for command in COMMANDS}
