"""Candidates of the first moment, with the labels that came later: what a ranker learns from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import PAD, Ragged
from engine.held_out import is_in_rows
from engine.ranking.ranker import TrainingSet

__all__ = ["training_set"]


def training_set(
    candidates: NDArray[np.int32],
    features: NDArray[np.float32],
    labels: Ragged,
    feature_names: tuple[str, ...],
    n_items: int,
) -> TrainingSet:
    """Keep the people with a label among their candidates, and flatten.

    Parameters
    ----------
    candidates : int32 array of shape (n_people, n)
    features : float32 array of shape (n_people, n, n_features)
    labels : Ragged
        Items each person liked after the moment of the candidates.
    feature_names : tuple of str
    n_items : int
    """
    is_label = is_in_rows(candidates, labels, n_items)
    is_taught = is_label.any(axis=1)
    is_kept = np.asarray(is_taught)[:, None] & (candidates != PAD)
    return TrainingSet(
        features=features[is_kept],
        is_label=is_label[is_kept],
        group_sizes=is_kept.sum(axis=1)[is_taught],
        feature_names=feature_names,
    )
