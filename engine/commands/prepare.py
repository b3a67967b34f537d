"""``python -m engine prepare``: make sure that a fitted pipeline is there, quickly if it is."""

from __future__ import annotations

import argparse
from pathlib import Path

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "prepare"
HELP = "get the data and fit it, unless a fitted pipeline for it is there already"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``prepare``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")


def run(arguments: argparse.Namespace) -> int:
    """Load with a fall-back to simulated data, and fit if there is no fit of these very data."""
    from engine.artifacts import open_artifacts
    from engine.commands.fit import fit_and_report
    from engine.data import artifact_folder, load_with_fallback
    from engine.errors import ArtifactError

    dataset, reason = load_with_fallback(arguments.data)
    if reason:
        print(reason)
    try:
        artifacts = open_artifacts(artifact_folder(dataset.name))
    except ArtifactError as error:
        print(error)
    else:
        if artifacts.manifest["fingerprint"] == dataset.fingerprint:
            print(f"{dataset.title} is fitted already: {artifacts.folder}")
            return 0
        print(f"{dataset.title} has changed since it was fitted; fitting again.")
    fit_and_report(dataset)
    print("Compiling the kernels, once …", flush=True)
    _compile_kernels(artifact_folder(dataset.name))
    return 0


def _compile_kernels(folder: Path) -> None:
    """Run the tuning step once, so that the first slider move finds its kernels on disk."""
    from engine.artifacts import open_artifacts
    from engine.evaluation import evaluate_scenario
    from engine.scenario import Scenario

    evaluate_scenario(open_artifacts(folder), Scenario(diversity=0.1, calibration=0.1))
