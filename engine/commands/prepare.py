"""``python -m engine prepare``: make sure that a fitted pipeline is there, quickly if it is."""

from __future__ import annotations

import argparse

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
    return 0
