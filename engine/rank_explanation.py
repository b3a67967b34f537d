"""Why the ranker put a candidate where it is: its score, split by feature."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.artifacts import Artifacts
from engine.errors import ArtifactError
from engine.pipeline.ranking.listed import Listed, about
from engine.pipeline.serving import everybodys_histories, serving_of

__all__ = ["explain_ranks"]


def explain_ranks(artifacts: Artifacts, user: int) -> NDArray[np.float64]:
    """Split the ranker's score of each candidate of one person into one part per feature.

    Row ``c`` belongs to ``artifacts.candidates[user, c]``, columns to
    ``manifest["feature_names"]``; the last column is what no feature says: alike for all, except
    where the ranker knows items by their number, and then what it learned of each is in it. A row
    adds up to the ranker's score. For a person whose list leans on popularity
    (``artifacts.fallback``) that is the score before popularity was mixed in. Rows of padding are
    NaN.

    Parameters
    ----------
    artifacts : Artifacts
    user : int
        Index of the person.

    Returns
    -------
    float64 array of shape (n_candidates, n_features + 1)

    Raises
    ------
    ArtifactError
        If the fit kept no features or no ranker.

    Source
    ------
    Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles",
    2018.
    """
    if artifacts.features is None:
        raise ArtifactError(
            f"The fit in {artifacts.folder} kept no features, because they would have been larger "
            "than `max_feature_bytes`: fit again with more to explain ranks."
        )
    is_candidate = np.asarray(artifacts.candidates[user]) >= 0
    features = np.asarray(artifacts.features[user])
    serving = serving_of(artifacts)
    candidates, codes = np.asarray(artifacts.candidates[[user]]), serving.codes_of(user)
    history = everybodys_histories(artifacts).block(user, user + 1)
    told = about(serving.ranker, Listed.of(candidates, history, codes))
    parts = told.contributions(features, is_candidate)
    return np.where(is_candidate[:, None], parts, np.nan)
