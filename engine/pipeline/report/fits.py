"""The fits of one data set that stand side by side: how each was made, and what it reaches."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from pathlib import Path

from engine.data.home import artifact_folder
from engine.data.naming import spoken, usual_name
from engine.errors import ArtifactError
from engine.fit_reading import fit_in_use
from engine.manifest import FORMAT_VERSION, Manifest, RecipeSaid
from engine.manifest_reading import as_manifest, manifest_complaint, read_manifest
from engine.pipeline.report.estimates import Estimate, said_estimate

__all__ = ["FitRow", "fit_row", "fits_beside"]

SERVED = "full pipeline"
UNKNOWN = Estimate(nan, nan, nan, 0)


@dataclass(frozen=True)
class FitRow:
    """One fit, as its manifest says.

    Attributes
    ----------
    name : str
        Under which it is kept; ``words`` says it for people.
    words, split, ranker, without, recipe : str
    seed, n_users, n_items, n_candidates, n_sources, n_features : int
    ndcg, recall : Estimate
        NDCG@10 and recall@200 of the ranker's lists on the held-out likes.
    seconds : float
        What the fit took.
    problem : str
        Why nothing can be said of it; empty where something can.
    """

    name: str
    words: str
    split: str = ""
    ranker: str = ""
    without: str = ""
    recipe: str = ""
    seed: int = 0
    n_users: int = 0
    n_items: int = 0
    n_candidates: int = 0
    n_sources: int = 0
    n_features: int = 0
    ndcg: Estimate = UNKNOWN
    recall: Estimate = UNKNOWN
    seconds: float = nan
    problem: str = ""


def fits_beside(name: str) -> tuple[FitRow, ...]:
    """Read the manifests of the fits that are kept beside one, itself included.

    Parameters
    ----------
    name : str
        From :func:`engine.data.naming.fit_name`.

    Returns
    -------
    tuple of FitRow
        The usual fit first; one that cannot be read has its ``problem`` and nothing else.
    """
    usual = usual_name(name)
    folders = sorted(artifact_folder(name).parent.glob("*/CURRENT"))
    names = [path.parent.name for path in folders if usual_name(path.parent.name) == usual]
    return tuple(_row(one) for one in sorted(names, key=lambda one: (one != usual, one)))


def _row(name: str) -> FitRow:
    try:
        folder = fit_in_use(artifact_folder(name))
    except ArtifactError:
        return FitRow(name, spoken(name), problem="names no fit")
    manifest = _read(folder)
    if isinstance(manifest, str):
        return FitRow(name, spoken(name), problem=manifest)
    return fit_row(name, manifest)


def _read(folder: Path) -> Manifest | str:
    """Read a manifest, or say in a few words why it cannot be."""
    said = read_manifest(folder / "manifest.json")
    if said is None:
        return "has no readable manifest"
    version = said.get("format_version")
    if version != FORMAT_VERSION:
        return f"has format version {version!r:.20}, this program reads {FORMAT_VERSION}"
    return manifest_complaint(said) or as_manifest(said)


def ranker_words(recipe: RecipeSaid) -> str:
    """Name the ranker that serves, and what stands beside and behind it."""
    groups, second = recipe.get("for_groups"), recipe.get("second")
    beside = f", with models for groups of {groups}" if groups else ""
    return f"{recipe['ranker']}{beside}{f', then {second}' if second else ''}"


def fit_row(name: str, manifest: Manifest) -> FitRow:
    """Take from a manifest what a comparison of fits needs."""
    served = manifest["metrics"]["quality"].get(SERVED, {})
    config, counts = manifest["config"], manifest["counts"]
    return FitRow(
        name,
        spoken(name),
        split=manifest["split"]["name"],
        ranker=ranker_words(manifest["recipe"]),
        without=", ".join(manifest["without"]),
        recipe=manifest["recipe"]["identity"],
        seed=int(config.get("seed", 0)),
        n_users=counts["users"],
        n_items=counts["items"],
        n_candidates=int(config.get("n_candidates", 0)),
        n_sources=len(manifest["source_names"]),
        n_features=len(manifest["feature_names"]),
        ndcg=said_estimate(served, "ndcg_at_10", "ndcg_half_width"),
        recall=said_estimate(served, "recall_at_200", "recall_half_width"),
        seconds=sum(manifest["timings"].values()),
    )
