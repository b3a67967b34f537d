"""The ranker of the fit before, which a new one can be made to stay near."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.artifacts import open_artifacts
from engine.errors import ArtifactError, DataError
from engine.pipeline.ranking.listed import about
from engine.pipeline.ranking.ranker import TrainingSet
from engine.pipeline.serving import serving_of

__all__ = ["near_last"]

BLOCK_PEOPLE = 1024


def near_last(training: TrainingSet, folder: Path, stay: float) -> TrainingSet:
    """Add the scores that the ranker of a fit gives, and how much its word counts.

    Parameters
    ----------
    training : TrainingSet
    folder : Path
        Artifact directory of the fit before.
    stay : float in (0, 1)

    Raises
    ------
    DataError
        There is no fit that can be opened, or its ranker is given other features.
    """
    try:
        artifacts = open_artifacts(folder)
        ranker = serving_of(artifacts).ranker
    except ArtifactError as error:
        raise DataError(
            f"--stay needs the ranker of an earlier fit: {error} Or fit once without --stay."
        ) from error
    names = tuple(artifacts.manifest["feature_names"])
    if names != training.feature_names:
        other = sorted({*names} ^ {*training.feature_names}) or ["their order"]
        raise DataError(
            f"--stay needs a fit whose ranker is given the same features; that in {folder} and "
            f"this one differ in {len(other)} of {len(training.feature_names)} "
            f"({', '.join(other)[:80]}): fit once without --stay."
        )
    last = np.empty(training.is_label.shape, np.float32)
    for start in range(0, training.n_people, BLOCK_PEOPLE):
        part = slice(start, start + BLOCK_PEOPLE)
        some = training.take(np.arange(training.n_people)[part])
        last[part] = about(ranker, some.listed).score(some.features, some.is_candidate)
    if not np.isfinite(last[training.is_candidate]).all():
        raise DataError(
            f"The ranker of the fit in {folder} gives scores that are no finite numbers."
        )
    return replace(training, last=np.where(training.is_candidate, last, 0.0), stay=stay)
