"""``python -m engine prepare``: make sure that a fitted pipeline is there, quickly if it is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from engine.commands.fit_options import add_fit_options, config_of, kept_as

if TYPE_CHECKING:
    from engine.data import Dataset
    from engine.fit_config import FitConfig
    from engine.manifest import Manifest

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "prepare"
HELP = "get the data and fit it, unless a fitted pipeline for it is there already"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``prepare``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--liked", type=float, help="values from here on count as liked")
    add_fit_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Load with a fall-back to simulated data, and fit if there is no fit of these very data."""
    from engine.artifact_format import current_name
    from engine.artifacts import open_artifacts
    from engine.commands.fit import fit_and_report
    from engine.compile_ahead import compile_ahead
    from engine.data import artifact_folder, load_with_fallback
    from engine.data.naming import name_of
    from engine.errors import ArtifactError
    from engine.fit_config import suited
    from engine.fit_reading import REMEDY
    from engine.fit_words import liked_words

    dataset, reason = load_with_fallback(arguments.data, liked=arguments.liked)
    if reason:
        print(reason)
    asked = config_of(arguments)
    config = suited(asked, dataset)
    name = dataset.name if reason else name_of(arguments.data)
    out = artifact_folder(kept_as(name, asked))
    try:
        artifacts = open_artifacts(out)
    except ArtifactError as error:
        if current_name(out) is not None:  # else nothing was fitted, and nothing is wrong
            print(str(error).replace(f"{REMEDY} again", "fitting again").replace(REMEDY, "fitting"))
        else:
            print(f"{dataset.title} is not fitted yet.")
    else:
        why_not = _why_not_of(artifacts.manifest, dataset, config)
        if not why_not:
            print(f"{dataset.title} is fitted already: {artifacts.folder}")
            print(f"{liked_words(artifacts.manifest)}.")
            return 0
        print(f"{why_not}; fitting again.")
    fit_and_report(dataset, out, config)
    print("Compiling the kernels, once …", flush=True)
    compile_ahead(open_artifacts(out))
    return 0


def _why_not_of(manifest: Manifest, dataset: Dataset, config: FitConfig) -> str:
    """Say why a fit is not one of these very data by this recipe; empty where it is."""
    from engine.fit_config import recipe_of
    from engine.pipeline.recipe import difference

    if manifest["fingerprint"] != dataset.fingerprint:
        return f"{dataset.title} has changed since it was fitted"
    before, now = manifest["liked_threshold"], float(dataset.liked_threshold)
    if before != now:
        return f"{dataset.title} was fitted with values from {before} on as liked, not from {now}"
    split = manifest["split"]["name"]
    if split != config.split:
        return f"{dataset.title} was fitted with the split {split}, not {config.split}"
    left_out = tuple(manifest["without"])
    if left_out != config.without:
        names = [", ".join(names) or "nothing" for names in (left_out, config.without)]
        return f"{dataset.title} was fitted without {names[0]}, not without {names[1]}"
    differs = difference(manifest["recipe"]["asked"], recipe_of(config))
    return f"The fit of {dataset.title} {differs}" if differs else ""
