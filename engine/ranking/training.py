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
    *,
    max_people: int,
) -> TrainingSet:
    """Keep the people with a label among their candidates, and flatten.

    Of more than ``max_people``, so many are taken, evenly spaced.

    Parameters
    ----------
    candidates : int32 array of shape (n_people, n)
    features : float32 array of shape (n_people, n, n_features)
    labels : Ragged
        Items each person liked after the moment of the candidates.
    feature_names : tuple of str
    n_items : int
    max_people : int >= 1
    """
    is_label = is_in_rows(candidates, labels, n_items)
    able = np.flatnonzero(is_label.any(axis=1))
    chosen = able[np.linspace(0, len(able) - 1, min(len(able), max_people)).astype(np.int64)]
    is_taught = np.zeros(len(candidates), bool)
    is_taught[chosen] = True
    is_kept = is_taught[:, None] & (candidates != PAD)
    return TrainingSet(
        features=features[is_kept],
        is_label=is_label[is_kept],
        group_sizes=is_kept.sum(axis=1)[is_taught],
        feature_names=feature_names,
    )
