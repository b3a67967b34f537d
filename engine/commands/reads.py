"""``python -m engine reads``: which attributes of people the ranker reads, and what that does."""

from __future__ import annotations

import argparse

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "reads"
HELP = "say which attributes of people the ranker reads, and what another value of each changes"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``reads``."""
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")


def run(arguments: argparse.Namespace) -> int:
    """Open the fit and print what it measured of itself."""
    from engine.artifacts import open_artifacts
    from engine.data import artifact_folder
    from engine.data.naming import name_of
    from engine.fit_words import reading_sentences

    manifest = open_artifacts(artifact_folder(name_of(arguments.data))).manifest
    print(f"{manifest['title']}:")
    print("\n".join(reading_sentences(manifest)))
    return 0
