"""What candidates must be before the kernel, which looks at nothing, may read them."""

from __future__ import annotations

import numpy as np

from engine.arrays import PAD
from engine.artifacts import Artifacts
from engine.errors import ScoreError

__all__ = ["MAX_GENRES", "check_candidates"]

MAX_GENRES = 65_536
"""Genres are numbered with 16 bits; reading data keeps far fewer."""

PER_ITEM = ("genre_matrix", "item_factors", "provider_codes")  # the kernel looks items up in them


def check_candidates(artifacts: Artifacts) -> None:
    """Refuse candidates, scores or items that the kernel cannot be given.

    Raises
    ------
    ScoreError
        A score is NaN or infinite, scores rise along a row, a candidate is no item, there are more
        than :data:`MAX_GENRES` genres, or the scores of other objectives do not fit.
    """
    remedy = "fit the data set again, or mend the ranker that wrote them"
    scores, candidates = np.asarray(artifacts.scores), np.asarray(artifacts.candidates)
    if scores.shape != candidates.shape:
        raise ScoreError(
            f"There are scores of shape {scores.shape} for candidates of shape "
            f"{candidates.shape}; they must be the same: {remedy}."
        )
    is_bad = ~np.isfinite(scores)
    if is_bad.any():
        raise ScoreError(
            f"{is_bad.sum()} ranker scores are NaN or infinite, the first in row "
            f"{is_bad.any(axis=1).argmax()}; every score must be a number: {remedy}."
        )
    is_pad = candidates == PAD
    if ((candidates < PAD) | (candidates >= artifacts.n_items)).any():
        raise ScoreError(
            f"The candidates name items outside 0 to {artifacts.n_items - 1}: {remedy}."
        )
    if (is_pad[:, :-1] & ~is_pad[:, 1:]).any():
        raise ScoreError(f"Candidates follow a gap in a row; gaps belong at the end: {remedy}.")
    if ((scores[:, 1:] > scores[:, :-1]) & ~is_pad[:, 1:]).any():
        raise ScoreError(
            f"Scores rise along a row of candidates; the best must come first: {remedy}."
        )
    aims = artifacts.objectives
    shape = (*scores.shape, len(artifacts.objective_names))
    if aims is not None and (aims.shape != shape or not np.isfinite(aims).all()):
        raise ScoreError(
            f"There must be a finite score of {len(artifacts.objective_names)} objectives for each "
            f"candidate: {remedy}."
        )
    _check_items(artifacts, remedy)


def _check_items(artifacts: Artifacts, remedy: str) -> None:
    short = [name for name in PER_ITEM if len(getattr(artifacts, name)) != artifacts.n_items]
    if short:
        raise ScoreError(f"There must be one row of {', '.join(short)} for each item: {remedy}.")
    if (np.asarray(artifacts.provider_codes) >= len(artifacts.provider_names)).any():
        raise ScoreError(f"Items name a provider that has no name: {remedy}.")
    if artifacts.genre_matrix.shape[1] > MAX_GENRES:
        raise ScoreError(
            f"The data set has {artifacts.genre_matrix.shape[1]} genres; re-ranking knows at most "
            f"{MAX_GENRES}: merge rare genres and fit again."
        )
