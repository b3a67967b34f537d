"""``python -m engine prepare``: make sure that a fitted pipeline is there, quickly if it is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.data import Dataset
    from engine.manifest import Manifest

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "prepare"
HELP = "get the data and fit it, unless a fitted pipeline for it is there already"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``prepare``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--liked", type=float, help="values from here on count as liked")


def run(arguments: argparse.Namespace) -> int:
    """Load with a fall-back to simulated data, and fit if there is no fit of these very data."""
    from engine.artifacts import open_artifacts
    from engine.commands.fit import fit_and_report
    from engine.compile_ahead import compile_ahead
    from engine.data import artifact_folder, load_with_fallback
    from engine.data.naming import name_of
    from engine.errors import ArtifactError

    dataset, reason = load_with_fallback(arguments.data, liked=arguments.liked)
    if reason:
        print(reason)
    out = artifact_folder(dataset.name if reason else name_of(arguments.data))
    try:
        artifacts = open_artifacts(out)
    except ArtifactError as error:
        print(error)
    else:
        why_not = _why_not_of(artifacts.manifest, dataset)
        if not why_not:
            print(f"{dataset.title} is fitted already: {artifacts.folder}")
            return 0
        print(f"{why_not}; fitting again.")
    fit_and_report(dataset, out)
    print("Compiling the kernels, once …", flush=True)
    compile_ahead(open_artifacts(out))
    return 0


def _why_not_of(manifest: Manifest, dataset: Dataset) -> str:
    """Say why a fit is not one of these very data, as half a sentence; empty where it is."""
    if manifest["fingerprint"] != dataset.fingerprint:
        return f"{dataset.title} has changed since it was fitted"
    before, now = manifest["liked_threshold"], float(dataset.liked_threshold)
    if before != now:
        return f"{dataset.title} was fitted with values from {before} on as liked, not from {now}"
    return ""
