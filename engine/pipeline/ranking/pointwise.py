"""Boosted trees that judge each candidate alone, by how likely it is liked next."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from engine.pipeline.kernels.tree_scores import tree_contributions, tree_scores
from engine.pipeline.ranking.ranker import RankerConfig, RankerRecord, TrainingSet
from engine.threads import over_rows, thread_count

__all__ = ["RECORD", "Pointwise", "fit_pointwise"]

MODEL_FILE = "trees.npz"


@dataclass(frozen=True, eq=False)
class Pointwise:
    """Fitted trees as plain arrays: scikit-learn's own format is a pickle, which can run code.

    Attributes
    ----------
    feature : int64 array of shape (n_nodes,)
        What a node looks at.
    threshold : float64 array of shape (n_nodes,)
        Rows with at most this value go left.
    missing_left : bool array of shape (n_nodes,)
        Where rows without a value go.
    left, right : int64 arrays of shape (n_nodes,)
        Nodes below; -1 at a leaf.
    values : float64 array of shape (n_nodes,)
        What a leaf adds to the log-odds; of other nodes the mean over the rows below.
    roots : int64 array of shape (n_trees,)
    gains : float64 array of shape (n_features,)
        What splits on each feature gained.
    baseline : float64 array of shape (1,)
        Log-odds before the first tree.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    values: NDArray[np.float64]
    roots: NDArray[np.int64]
    gains: NDArray[np.float64]
    baseline: NDArray[np.float64]

    @property
    def _nodes(self) -> tuple[NDArray[Any], ...]:
        return self.feature, self.threshold, self.missing_left, self.left, self.right

    def score(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Log-odds of a like, float32 of the shape of ``is_candidate``."""
        flat = np.ascontiguousarray(features.reshape(-1, features.shape[2]))
        scores = np.full(len(flat), self.baseline[0])
        over_rows(
            lambda start, stop: tree_scores(
                self._nodes, self.values, self.roots, flat, start, stop, scores
            ),
            len(flat),
        )
        return scores.astype(np.float32).reshape(is_candidate.shape)

    def contributions(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Split one person's scores into one part per feature, and a constant last.

        Source
        ------
        Saabas, "Interpreting random forests", 2014: the change of the mean at each split.
        """
        del is_candidate
        parts = np.zeros((len(features), features.shape[1] + 1))
        parts[:, -1] = self.baseline[0]
        rows = np.ascontiguousarray(features, dtype=np.float32)
        tree_contributions(self._nodes, self.values, self.roots, rows, parts)
        return parts

    def importance(self) -> NDArray[np.float64]:
        """Share of each feature in what the trees gained, summing to 1."""
        total = self.gains.sum()
        return self.gains / total if total > 0 else np.full(len(self.gains), np.nan)

    def save(self, folder: Path) -> None:
        """Write plain arrays."""
        np.savez(folder / MODEL_FILE, allow_pickle=False, **vars(self))

    @classmethod
    def load(cls, folder: Path) -> Pointwise:
        """Read what :meth:`save` wrote."""
        with np.load(folder / MODEL_FILE, allow_pickle=False) as file:
            return cls(**dict(file))


def fit_pointwise(training: TrainingSet, config: RankerConfig, seed: int) -> Pointwise:
    """Grow the trees; the same seed gives the same bits."""
    most = config.most_rows(training.n_people, listwise=False)
    training = training.thinned(most, seed=seed)
    rows, labels, weights = training.weighed()
    model = HistGradientBoostingClassifier(
        learning_rate=config.learning_rate,
        max_iter=config.n_trees,
        max_leaf_nodes=config.n_leaves or 15,
        min_samples_leaf=config.min_leaf,
        early_stopping=False,
        random_state=seed,
    )
    with threadpool_limits(thread_count(), "openmp"):
        model.fit(rows, labels, sample_weight=weights)
    return _as_arrays(model)


def _as_arrays(model: HistGradientBoostingClassifier) -> Pointwise:
    trees = [predictor.nodes for (predictor,) in model._predictors]
    roots = np.concatenate(([0], np.cumsum([len(nodes) for nodes in trees])))[:-1]
    nodes = np.concatenate(trees)
    offset = np.repeat(roots, [len(tree) for tree in trees])
    is_leaf = nodes["is_leaf"].astype(bool)
    feature = nodes["feature_idx"].astype(np.int64)
    gains = np.bincount(feature[~is_leaf], nodes["gain"][~is_leaf], minlength=model.n_features_in_)
    left, right = (
        np.where(is_leaf, -1, nodes[side].astype(np.int64) + offset) for side in ("left", "right")
    )
    return Pointwise(
        feature=feature,
        threshold=nodes["num_threshold"].astype(np.float64),
        missing_left=nodes["missing_go_to_left"].astype(bool),
        left=left,
        right=right,
        values=_means(nodes["value"], nodes["count"], left, right),
        roots=roots.astype(np.int64),
        gains=gains.astype(np.float64),
        baseline=np.ravel(model._baseline_prediction).astype(np.float64)[:1],
    )


def _means(
    values: NDArray[np.float64],
    counts: NDArray[np.uint32],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Keep the value of leaves; give other nodes, whose children come later, the mean below."""
    means = values.astype(np.float64).copy()
    for node in np.flatnonzero(left >= 0)[::-1]:
        below = np.array([left[node], right[node]])
        means[node] = np.average(means[below], weights=counts[below])
    return means


RECORD = RankerRecord("pointwise", "pointwise trees", fit_pointwise, Pointwise.load)
