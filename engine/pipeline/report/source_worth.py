"""What each source of candidates is worth: alone, in the union, and where it alone proposed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.held_out import is_in_rows
from engine.pipeline.report.estimates import Estimate, ratio_of, said_estimate
from engine.pipeline.retrieval.registry import SOURCES

__all__ = ["SourceWorth", "fillers", "source_worth"]


@dataclass(frozen=True)
class SourceWorth:
    """One source.

    Attributes
    ----------
    name, label : str
    depth : int
        Items that it proposes to each person.
    weight : float
        How much its proposals count in the union.
    alone : Estimate
        Recall@200 of the source alone, as the fit measured it on the ranker's labels.
    found : Estimate
        Of the held-out likes among the candidates, the share that it proposed.
    only : Estimate
        The share that no other source proposed.
    n_only : int
        So many held-out likes.
    seconds : float
        What learning its model took; NaN where unknown. Sources may share a model.
    """

    name: str
    label: str
    depth: int
    weight: float
    alone: Estimate
    found: Estimate
    only: Estimate
    n_only: int
    seconds: float


def source_worth(artifacts: Artifacts) -> tuple[SourceWorth, ...]:
    """Measure every proposing source on the held-out likes; O(n_users · n_candidates · sources).

    Returns
    -------
    tuple of SourceWorth
        The one that counts most first.
    """
    manifest = artifacts.manifest
    masks, n_held = _held(artifacts)
    depths = {use["name"]: use["depth"] for use in manifest["recipe"]["sources"]}
    rows = []
    named = zip(
        manifest["source_names"],
        manifest["source_labels"],
        manifest["source_weights"],
        strict=True,
    )
    for bit, (name, label, weight) in enumerate(named):
        of_it = (masks >> bit) & 1 == 1
        only = masks == 1 << bit
        rows.append(
            SourceWorth(
                name,
                label,
                depths.get(name, 0),
                weight,
                said_estimate(
                    manifest["metrics"]["sources"].get(name, {}),
                    "recall_at_200",
                    "recall_half_width",
                ),
                ratio_of(of_it.sum(axis=1), n_held),
                ratio_of(only.sum(axis=1), n_held),
                int(only.sum()),
                _seconds(artifacts, name),
            )
        )
    return tuple(sorted(rows, key=lambda one: -one.weight))


def fillers(artifacts: Artifacts) -> Estimate:
    """Return the share of found held-out likes that no source proposed: popularity filled up."""
    is_hit = is_in_rows(np.asarray(artifacts.candidates), artifacts.holdout, artifacts.n_items)
    is_filler = is_hit & (np.asarray(artifacts.source_masks) == 0)
    return ratio_of(is_filler.sum(axis=1), is_hit.sum(axis=1))


def _held(artifacts: Artifacts) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Masks of the candidates that are held out, 0 elsewhere; and how many each person has."""
    is_hit = is_in_rows(np.asarray(artifacts.candidates), artifacts.holdout, artifacts.n_items)
    masks = np.where(is_hit, np.asarray(artifacts.source_masks).astype(np.int64), 0)
    return masks, is_hit.sum(axis=1)


def _seconds(artifacts: Artifacts, source: str) -> float:
    """Seconds of the model behind a source; NaN where this program or the fit knows of none."""
    record = SOURCES.get(source)
    said = artifacts.manifest["metrics"]["models"].get(record.model, {}) if record else {}
    seconds = said.get("seconds")
    return np.nan if seconds is None else float(seconds)
