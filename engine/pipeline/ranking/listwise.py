"""LambdaMART: trees that are grown to put each person's labels first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from engine.pipeline.ranking.ranker import RankerConfig, RankerRecord, TrainingSet
from engine.threads import thread_count

__all__ = ["RECORD", "Listwise", "fit_listwise"]

MODEL_FILE = "trees.txt"
MOST_GRADE = 30
LARGE = 300_000
"""Rows from which larger trees pay."""


@dataclass(frozen=True, eq=False)
class Listwise:
    """Fitted LambdaMART.

    Attributes
    ----------
    booster : lightgbm.Booster
    """

    booster: lgb.Booster

    def score(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Score candidates, float32 of the shape of ``is_candidate``."""
        flat = features.reshape(-1, features.shape[2])
        found = self.booster.predict(flat, num_threads=thread_count())
        return np.asarray(found, np.float32).reshape(is_candidate.shape)

    def contributions(
        self, features: NDArray[np.float32], is_candidate: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Split one person's scores into one part per feature, and the mean score last.

        Source
        ------
        Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree
        ensembles", 2018: exact Shapley values of the trees.
        """
        del is_candidate
        parts = self.booster.predict(features, pred_contrib=True, num_threads=thread_count())
        return np.asarray(parts)

    def importance(self) -> NDArray[np.float64]:
        """Share of each feature in what the trees gained, summing to 1."""
        gain = self.booster.feature_importance("gain")
        return gain / gain.sum() if gain.sum() > 0 else np.full(len(gain), np.nan)

    def save(self, folder: Path) -> None:
        """Write the model as LightGBM's text format."""
        self.booster.save_model(str(folder / MODEL_FILE))

    @classmethod
    def load(cls, folder: Path) -> Listwise:
        """Read a model written by :meth:`save`."""
        return cls(lgb.Booster(model_file=str(folder / MODEL_FILE)))


def _grades(training: TrainingSet) -> NDArray[Any]:
    """Grades of relevance, person after person: the labels, or targets in thirty steps.

    A person's targets are drawn towards the last ranker's chances over the largest of them, so
    that its first candidate counts as much as a label does.
    """
    if training.last is None or not training.stay:
        return training.labels()
    own = (training.targets() - (1 - training.stay) * training.labels()) / training.stay
    person = np.nonzero(training.is_candidate)[0]
    largest = np.full(training.n_people, 1e-12)
    np.maximum.at(largest, person, own)
    mixed = (1 - training.stay) * training.labels() + training.stay * own / largest[person]
    return np.rint(MOST_GRADE * mixed).astype(np.int32)


def fit_listwise(training: TrainingSet, config: RankerConfig, seed: int) -> Listwise:
    """Grow the trees; the same seed gives the same bits.

    Source
    ------
    Burges, "From RankNet to LambdaRank to LambdaMART: an overview", MSR-TR-2010-82.
    """
    is_large = training.is_candidate.sum() >= LARGE
    most = config.most_rows(training.n_people, listwise=True)
    training = training.thinned(most, seed=seed)
    rows, labels = training.rows(), _grades(training)
    parameters = {
        "objective": "lambdarank",
        "learning_rate": config.learning_rate,
        "num_leaves": config.n_leaves or (15 if is_large else 7),
        "lambdarank_truncation_level": config.truncation,
        # each tree sees part of the rows and of the features: at 100,000 interactions the trees
        # otherwise learn the people instead of what people do
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "feature_fraction": 0.7,
        "min_data_in_leaf": config.min_leaf,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": thread_count(),
        "verbose": -1,
    }
    if training.last is not None and training.stay:
        parameters["label_gain"] = [grade / MOST_GRADE for grade in range(MOST_GRADE + 1)]
    # LightGBM allows few characters in names; ours are in the manifest, in the same order
    names = [f"feature_{place}" for place in range(len(training.feature_names))]
    data = lgb.Dataset(rows, labels, group=training.group_sizes, feature_name=names)
    return Listwise(lgb.train(parameters, data, config.n_trees))


RECORD = RankerRecord("listwise", "listwise trees (LambdaMART)", fit_listwise, Listwise.load)
