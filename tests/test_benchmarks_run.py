"""Benchmarks are run by hand: what they import, and what the README asks for, is there."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tests.benchmarks.__main__ as benchmarks

HERE = Path(__file__).parent
MODULES = sorted(path.stem for path in (HERE / "benchmarks").glob("[!_]*.py"))
COMMAND = re.compile(r"python -m\s+tests\.benchmarks([ .])(\w+)")


def asked_for() -> list[tuple[str, str]]:
    """Names in the README, each with what stands before it: a blank or a dot."""
    text = (HERE.parent / "README.md").read_text(encoding="utf-8")
    return sorted(set(COMMAND.findall(text)))


BY_HAND = ("tests.house", "tests.pictures")


@pytest.mark.parametrize("name", [*(f"tests.benchmarks.{one}" for one in MODULES), *BY_HAND])
def test_what_is_run_by_hand_is_imported(name: str) -> None:
    pytest.importorskip("torch", reason="networks are not installed")
    assert importlib.import_module(name)


def test_what_the_readme_asks_for_is_there() -> None:
    suites = {**benchmarks.SUITES, **benchmarks.SLOW, "all": None}
    found = asked_for()
    assert len(found) > 20
    for before, name in found:
        assert name in (suites if before == " " else MODULES), f"{before}{name}"


def test_an_unknown_benchmark_is_one_sentence() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "nonsense"],
        cwd=HERE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "nonsense" in run.stderr
    assert "Traceback" not in run.stderr
