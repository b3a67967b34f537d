"""``python -m engine data``: the data sets that are here, what is known of one, taking one away."""

from __future__ import annotations

import argparse

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "data"
HELP = "list the data sets that are here, show what is known of one, or remove one with its fits"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``data``."""
    what = parser.add_subparsers(required=True, metavar="list|show|remove", dest="what")
    what.add_parser("list", help="every data set that was imported, fetched or fitted")
    for name, said in (
        ("show", "what was read, left out and changed, and what was fitted"),
        ("remove", "take it away: its files, its fits, and what was kept of them"),
    ):
        what.add_parser(name, help=said).add_argument("name", help="of a data set, see list")


def run(arguments: argparse.Namespace) -> int:
    """List, show or remove."""
    if arguments.what == "list":
        return _list()
    return _show(arguments.name) if arguments.what == "show" else _remove(arguments.name)


def _list() -> int:
    from engine.importing.inventory import inventory

    for one in inventory():
        how = ", ".join(part for part in (one.origin, "fitted" if one.fits else "") if part)
        print(f"{one.name:<32} {how}")
    return 0


def _show(name: str) -> int:
    from engine.commands.import_ import report_lines
    from engine.errors import DataError
    from engine.fit_words import data_sentences, liked_words, split_sentence
    from engine.importing.imported import Imported, is_imported
    from engine.importing.inventory import find, manifest_of_fit

    one = find(name)
    manifest = manifest_of_fit(name)
    if is_imported(name):
        known = Imported.open(name)
        files = ", ".join(file["name"] for file in known.files)
        print(f"{known.title}: imported {known.when[:10]} from {files}")
        print("\n".join(report_lines(known.findings)))
    elif manifest is None and not one.has_files:
        raise DataError(f"{name} is neither imported, fetched nor fitted.")
    if manifest is not None:
        counts = manifest["counts"]
        print(
            f"Fitted: {counts['users']:,} people, {counts['items']:,} items, "
            f"{counts['interactions']:,} interactions."
        )
        print(f"{liked_words(manifest)}.")
        print(split_sentence(manifest))
        if not is_imported(name):
            print("\n".join(data_sentences(manifest)))
        print("\n".join(_log_lines(name)))
    return 0


def _log_lines(name: str) -> list[str]:
    """Say what the fit's log of what was shown holds, and whether its chances can be right."""
    from engine.artifacts import open_artifacts
    from engine.data import artifact_folder
    from engine.errors import ArtifactError
    from engine.online.kept_log import kept_log
    from engine.online.log_report import log_words
    from engine.online.log_words import check_lines

    try:
        artifacts = open_artifacts(artifact_folder(name))
        log = kept_log(artifacts)
    except ArtifactError as error:  # of an older version, say: the rest can be shown all the same
        return [str(error)]
    if log is None:
        return ["No log of what was shown."]
    return [f"Log: {log_words(log)}", *check_lines(log, artifacts.n_items)]


def _remove(name: str) -> int:
    from engine.importing.inventory import remove

    for path in remove(name):
        print(f"Removed: {path}")
    return 0
