"""Sums of binary trees, and what each feature on a row's way down contributes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inner

__all__ = ["tree_contributions", "tree_scores"]


@inner
def _child(trees: tuple[NDArray[Any], ...], node: int, row: NDArray[Any]) -> int:
    feature, threshold, missing_left, left, right = trees
    value = row[feature[node]]
    if np.isnan(value):
        return left[node] if missing_left[node] else right[node]
    return left[node] if value <= threshold[node] else right[node]


@inner
def tree_scores(
    trees: tuple[NDArray[Any], ...],
    values: NDArray[np.float64],
    roots: NDArray[np.int64],
    features: NDArray[np.float32],
    start: int,
    stop: int,
    scores: NDArray[np.float64],
) -> None:
    """Add to ``scores`` the value of the leaf that each row falls into, tree after tree.

    Parameters
    ----------
    trees : (feature, threshold, missing_left, left, right)
        Of every node; ``left`` is -1 at a leaf.
    values : float64 array of shape (n_nodes,)
    roots : int64 array of shape (n_trees,)
    features : float32 array of shape (n_rows, n_features)
    start, stop : int
    scores : float64 array of shape (n_rows,), added to
    """
    for row in range(start, stop):
        for root in roots:
            node = root
            while trees[3][node] >= 0:
                node = _child(trees, node, features[row])
            scores[row] += values[node]


@inner
def tree_contributions(
    trees: tuple[NDArray[Any], ...],
    values: NDArray[Any],
    roots: NDArray[Any],
    features: NDArray[Any],
    parts: NDArray[Any],
) -> None:
    """Add to ``parts`` how the expected value changes at each split on a row's way down.

    ``parts`` is a float64 array of shape (n_rows, n_features + 1), its last column the value at the
    roots.
    """
    last = parts.shape[1] - 1
    for row in range(len(features)):
        for root in roots:
            node = root
            parts[row, last] += values[root]
            while trees[3][node] >= 0:
                child = _child(trees, node, features[row])
                parts[row, trees[0][node]] += values[child] - values[node]
                node = child
